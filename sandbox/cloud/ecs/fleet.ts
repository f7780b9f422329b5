import { noteNoRoom, roomFor } from './capacity.ts'
import { note, noteOnce, noteTargets, taskList } from './events.ts'
import { type PlacedTask, type Placement, place } from './placement.ts'
import { propagatedTags } from './service-tags.ts'
import { createTask } from './task-launch.ts'
import { begin, stopTask } from './task-life.ts'
import type { Deployment, Service, Task, TaskOwner, World } from './world.ts'

/** Back-off for tasks that cannot be started. AWS says up to 15 minutes and keeps the steps to itself. */
const BACKOFF_FIRST_MS = 10_000
const BACKOFF_MAX_MS = 15 * 60_000
const ROUNDS_UNTIL_EVENT = 3

/** Brings the service's tasks closer to what is wanted: one decision, carried out. */
export function roll(world: World, service: Service, primary: Deployment, owner: TaskOwner): void {
  const configuration = service.request.deploymentConfiguration
  const tasks: PlacedTask<Task>[] = []
  for (const task of service.tasks) {
    if (task.desiredStatus !== 'RUNNING') continue
    const stage = task.failing ? 'failing' : task.proved ? 'serving' : 'starting'
    tasks.push({ task, stage, primary: task.deployment === primary })
  }
  const placement = place(tasks, {
    desired: service.desiredCount,
    minimumHealthyPercent: configuration?.minimumHealthyPercent ?? 100,
    maximumPercent: configuration?.maximumPercent ?? 200,
    primaryFailed: primary.rolloutState === 'FAILED',
  })
  stopAll(world, service, primary, placement)
  if (placement.start > 0) startTasks(world, service, primary, placement.start, owner)
  if (placement.stuck) {
    noteOnce(
      world,
      service,
      'was unable to stop or start tasks during a deployment because of the service deployment configuration. Update the minimumHealthyPercent or maximumPercent value and try again.',
    )
  }
}

function stopAll(world: World, service: Service, primary: Deployment, placement: Placement<Task>): void {
  const all = [...placement.surplus, ...placement.unhealthy]
  if (all.length === 0) return
  const up = all.filter(task => task.lastStatus === 'RUNNING')
  const deregistered = up.flatMap(task => task.registrations.map(one => one.targetGroupArn))
  const pending = all.length - up.length
  for (const task of placement.surplus) {
    stopTask(world, task, 'ServiceSchedulerInitiated', `Scaling activity initiated by (deployment ${primary.id})`)
  }
  for (const task of placement.unhealthy) {
    const arn = task.registrations[0]?.targetGroupArn
    stopTask(world, task, 'ServiceSchedulerInitiated', `Task failed ELB health checks in (target-group ${arn})`)
  }
  if (pending > 0) note(world, service, `stopped ${pending} pending tasks.`)
  if (deregistered.length > 0) {
    noteTargets(world, service, 'deregistered', deregistered)
    note(world, service, `has begun draining connections on ${up.length} tasks.`)
  } else if (up.length > 0) note(world, service, `has stopped ${taskList(up, 'running ')}`)
}

function startTasks(world: World, service: Service, primary: Deployment, count: number, owner: TaskOwner): void {
  if (primary.launchFailure !== undefined) backOff(world, service, primary, primary.launchFailure)
  if (world.timeline.now() < primary.notBefore) return
  const room = roomFor(world, service, primary, count)
  if (room < count) {
    noteNoRoom(world, service)
    waitLonger(world, service, primary)
    if (room === 0) return
  }
  const started = Array.from({ length: room }, () =>
    createTask(world, {
      cluster: service.cluster,
      definition: primary.definition,
      service,
      deployment: primary,
      owner,
      group: `service:${service.name}`,
      startedBy: primary.id,
      launchType: service.request.launchType,
      networkConfiguration: primary.request.networkConfiguration,
      tags: propagatedTags(service, primary.definition),
    }),
  )
  for (const task of started) begin(world, task)
  note(world, service, `has started ${taskList(started)}`)
}

function backOff(world: World, service: Service, primary: Deployment, reason: string): void {
  note(world, service, `was unable to place a task. Reason: ${reason}`)
  primary.launchFailure = undefined
  waitLonger(world, service, primary)
}

function waitLonger(world: World, service: Service, primary: Deployment): void {
  primary.failedRounds++
  primary.notBefore =
    world.timeline.now() + Math.min(BACKOFF_MAX_MS, BACKOFF_FIRST_MS * 2 ** (primary.failedRounds - 1))
  if (primary.failedRounds === ROUNDS_UNTIL_EVENT) {
    note(
      world,
      service,
      'is unable to consistently start tasks successfully. For more information, see the Troubleshooting section.',
    )
  }
}
