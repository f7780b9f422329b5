import { complete, tripBreaker } from './deployments.ts'
import { note, noteSteady, noteTargets, STEADY_AGAIN_MS, taskList } from './events.ts'
import { roll } from './fleet.ts'
import { readHealth } from './health.ts'
import { activate } from './task-life.ts'
import type { Deployment, Service, Task, TaskOwner, World } from './world.ts'

/**
 * The service scheduler: looks at one service, and again when something happened or is due. A quiet service costs
 * nothing but a rare look at its targets.
 */
export interface Scheduler {
  /** Something changed: look soon. */
  wake(service: Service): void
}

/** A service that serves is looked at this much less often; AWS, too, takes about 12 s to replace a bad task. */
const CALM_FACTOR = 5
export function createScheduler(world: World): Scheduler {
  const owner: TaskOwner = {
    onChanged: task => {
      if (task.lastStatus === 'STOPPING' && task.service !== undefined) task.service.drained.push(task)
      if (task.service !== undefined) wake(task.service)
    },
    onEnded: task => {
      recordFailure(task)
      if (task.service !== undefined) wake(task.service)
    },
  }

  function wake(service: Service): void {
    lookAt(service, world.timeline.now() + world.settings.schedulerMs)
  }

  function lookAt(service: Service, time: number): void {
    if (service.nextLook !== undefined) {
      if (service.nextLook.time <= time) return
      service.nextLook.cancel()
    }
    const cancel = world.timeline.at(time, () => {
      service.nextLook = undefined
      look(world, service, owner)
      const next = nextLook(world, service)
      if (next !== undefined) lookAt(service, next)
    })
    service.nextLook = { time, cancel }
  }

  return { wake }
}

function look(world: World, service: Service, owner: TaskOwner): void {
  if (service.status === 'INACTIVE') return
  noteDrained(world, service)
  activateAll(world, service)
  readHealth(world, service)
  const [primary] = service.deployments
  if (primary !== undefined) {
    tripBreaker(world, service, primary)
    const [current = primary] = service.deployments
    roll(world, service, current, owner)
  }
  settle(world, service)
}

/** The task fell before it ever served, and nobody had asked for its end: that is what failedTasks counts. */
function recordFailure(task: Task): void {
  const { deployment } = task
  if (deployment === undefined || deployment.rolloutState !== 'IN_PROGRESS' || task.proved) return
  const code = task.stop?.code
  if (code === 'UserInitiated' || (code === 'ServiceSchedulerInitiated' && !task.failing)) return
  deployment.failedTasks++
  if (code === 'TaskFailedToStart') deployment.launchFailure = task.stop?.reason
}

function noteDrained(world: World, service: Service): void {
  if (service.drained.length > 0) note(world, service, `has stopped ${taskList(service.drained, 'running ')}`)
  service.drained = []
}

function activateAll(world: World, service: Service): void {
  const registered: string[] = []
  for (const task of service.tasks) {
    if (task.lastStatus === 'ACTIVATING' && task.desiredStatus === 'RUNNING') registered.push(...activate(world, task))
    if (task.lastStatus === 'RUNNING' && task.deployment !== undefined) task.deployment.failedRounds = 0
  }
  noteTargets(world, service, 'registered', registered)
}

function settle(world: World, service: Service): void {
  const occupied = new Set<Deployment | undefined>()
  for (const task of service.tasks) occupied.add(task.deployment)
  service.deployments = service.deployments.filter((deployment, index) => index === 0 || occupied.has(deployment))
  if (service.status === 'DRAINING' && service.tasks.size === 0) {
    service.status = 'INACTIVE'
    service.inactiveSince = world.timeline.now()
    service.deployments = []
    return
  }
  const [primary] = service.deployments
  if (primary === undefined || service.deployments.length > 1 || !isFull(service, primary)) return
  if (primary.rolloutState === 'IN_PROGRESS') complete(world, service, primary)
  if (primary.rolloutState === 'COMPLETED') noteSteady(world, service)
}

/** Exactly the desired tasks, and each of them serves. */
function isFull(service: Service, primary: Deployment): boolean {
  if (service.tasks.size !== service.desiredCount) return false
  for (const task of service.tasks) {
    if (task.deployment !== primary || task.desiredStatus !== 'RUNNING' || !task.proved || task.failing) return false
  }
  return true
}

/** True when the scheduler has nothing left to do for the service. */
export function isServiceSteady(service: Service): boolean {
  if (service.status === 'INACTIVE') return true
  const [primary] = service.deployments
  if (primary === undefined) return service.status === 'ACTIVE'
  const settled = service.deployments.length === 1 && primary.rolloutState === 'COMPLETED'
  return settled && service.status === 'ACTIVE' && isFull(service, primary)
}

/** When to look again although nothing happens; undefined when only an event can change anything. */
function nextLook(world: World, service: Service): number | undefined {
  const now = world.timeline.now()
  let next = service.status === 'ACTIVE' ? now + STEADY_AGAIN_MS : undefined
  const sooner = (time: number) => {
    next = Math.min(next ?? time, time)
  }
  for (const task of service.tasks) {
    if (task.lastStatus !== 'RUNNING' || task.desiredStatus !== 'RUNNING' || task.registrations.length === 0) continue
    const calm = task.proved && !task.failing
    sooner(now + world.settings.schedulerMs * (calm ? CALM_FACTOR : 1))
  }
  const [primary] = service.deployments
  if (primary !== undefined && primary.notBefore > now) sooner(primary.notBefore)
  return next
}
