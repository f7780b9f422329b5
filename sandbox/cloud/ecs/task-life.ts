import type { TaskStopCode } from '@aws-sdk/client-ecs'
import { between } from '../../random.ts'
import type { TaskEnd } from '../ports.ts'
import { launchOf } from './task-launch.ts'
import { logOf } from './task-log.ts'
import type { Container, Task, TaskStatus, World } from './world.ts'

/**
 * One task's way: PROVISIONING → PENDING → ACTIVATING → RUNNING → DEACTIVATING → STOPPING → DEPROVISIONING → STOPPED.
 * Its process belongs to the runtime, its targets to the load balancer; this file keeps the order between them.
 */

/** AWS keeps a stopped task in DescribeTasks for at least this long. */
const STOPPED_KEPT_MS = 3_600_000
/** Detaching a network interface is quicker than making one. */
const RELEASE_SHARE = 0.25

/** Provisions, pulls, and hands over to the runtime, which says the rest. */
export function begin(world: World, task: Task): void {
  book(world, task, drawn(world, 'provisioning'), () => {
    move(task, 'PENDING')
    task.times.pullStartedAt = world.timeline.now()
    book(world, task, drawn(world, 'pull'), () => {
      const log = logOf(world, task)
      if (log.refused !== undefined) {
        onEnded(world, task, { kind: 'failed-to-start', stoppedReason: log.refused })
        return
      }
      world.runtime.start(launchOf(world, task), {
        onOutput: log.write,
        onPulled: () => onPulled(world, task),
        onRunning: () => onRunning(world, task),
        onStopped: end => {
          log.end()
          onEnded(world, task, end)
        },
      })
    })
  })
}

function drawn(world: World, span: 'provisioning' | 'pull'): number {
  const { minMs, maxMs } = world.settings[span]
  return between(world.random, minMs, maxMs)
}

function onPulled(world: World, task: Task): void {
  task.times.pullStoppedAt = world.timeline.now()
  for (const container of task.containers) {
    const image = container.definition.image ?? ''
    container.imageDigest = task.deployment?.digests.get(image) ?? world.runtime.resolveImage(image)
  }
}

function onRunning(world: World, task: Task): void {
  if (task.lastStatus !== 'PENDING') return
  if (task.service?.request.loadBalancers?.length) move(task, 'ACTIVATING')
  else becomeRunning(world, task)
  task.owner?.onChanged(task)
}

function becomeRunning(world: World, task: Task): void {
  task.times.startedAt = world.timeline.now()
  move(task, 'RUNNING')
}

/** Puts an ACTIVATING task behind the load balancer; says which target groups took it. */
export function activate(world: World, task: Task): readonly string[] {
  for (const balancer of task.deployment?.request.loadBalancers ?? []) {
    const { targetGroupArn, containerPort } = balancer
    if (targetGroupArn === undefined || world.targets.find(targetGroupArn) === undefined) continue
    const port = containerPort ?? task.containerPort
    world.targets.register(targetGroupArn, { ip: task.eni.ip, port }, task.eni.zone)
    task.registrations.push({ targetGroupArn, port })
  }
  becomeRunning(world, task)
  return task.registrations.map(registration => registration.targetGroupArn)
}

/** Asks the task to end: out of the load balancer first, then SIGTERM. Asking twice changes nothing. */
export function stopTask(world: World, task: Task, code: TaskStopCode, reason: string): void {
  if (task.desiredStatus === 'STOPPED') return
  task.desiredStatus = 'STOPPED'
  task.stop = { code, reason }
  switch (task.lastStatus) {
    case 'RUNNING':
      drain(world, task)
      break
    case 'PROVISIONING':
    case 'PENDING':
    case 'ACTIVATING':
      if (task.cancel === undefined) terminate(world, task)
      else {
        // The runtime has not heard of it yet.
        task.cancel()
        deprovision(world, task)
      }
      break
    case 'DEACTIVATING':
    case 'STOPPING':
    case 'DEPROVISIONING':
    case 'STOPPED':
      break
    default:
      task.lastStatus satisfies never
  }
}

function drain(world: World, task: Task): void {
  let left = task.registrations.length
  if (left === 0) {
    terminate(world, task)
    return
  }
  move(task, 'DEACTIVATING')
  for (const { targetGroupArn, port } of task.registrations.splice(0)) {
    world.targets.deregister(targetGroupArn, { ip: task.eni.ip, port }, () => {
      if (--left > 0 || task.lastStatus !== 'DEACTIVATING') return
      terminate(world, task)
      task.owner?.onChanged(task)
    })
  }
}

function terminate(world: World, task: Task): void {
  move(task, 'STOPPING')
  task.times.stoppingAt = world.timeline.now()
  world.runtime.stop(task.id)
}

function onEnded(world: World, task: Task, end: TaskEnd): void {
  if (task.lastStatus === 'DEPROVISIONING' || task.lastStatus === 'STOPPED') return
  task.times.executionStoppedAt = world.timeline.now()
  task.times.stoppingAt ??= world.timeline.now()
  for (const container of task.containers) recordEnd(task, container, end)
  task.stop ??= stopOf(end)
  task.desiredStatus = 'STOPPED'
  // Its process is gone already: nobody waits for this draining.
  for (const { targetGroupArn, port } of task.registrations.splice(0)) {
    world.targets.deregister(targetGroupArn, { ip: task.eni.ip, port }, () => {})
  }
  deprovision(world, task)
}

function stopOf(end: TaskEnd): { code: TaskStopCode; reason: string } {
  return end.kind === 'exited'
    ? { code: 'EssentialContainerExited', reason: 'Essential container in task exited' }
    : { code: 'TaskFailedToStart', reason: end.stoppedReason }
}

function recordEnd(task: Task, container: Container, end: TaskEnd): void {
  const serving = container === task.serving
  if (end.kind === 'failed-to-start') {
    // Stopped on demand before it started: no reason of its own.
    if (serving && task.stop === undefined) container.reason = end.stoppedReason
    return
  }
  container.exitCode = serving ? end.exitCode : 0
  if (serving && end.outOfMemory) container.reason = 'OutOfMemoryError: Container killed due to memory usage'
}

function deprovision(world: World, task: Task): void {
  move(task, 'DEPROVISIONING')
  task.owner?.onEnded(task)
  book(world, task, drawn(world, 'provisioning') * RELEASE_SHARE, () => {
    move(task, 'STOPPED')
    task.times.stoppedAt = world.timeline.now()
    world.network.release(task.eni)
    world.stopped.push(task)
    task.service?.tasks.delete(task)
    pruneStopped(world)
    task.owner?.onChanged(task)
  })
}

/** Forgets the tasks that stopped too long ago. */
export function pruneStopped(world: World): void {
  const limit = world.timeline.now() - STOPPED_KEPT_MS
  let gone = 0
  for (const task of world.stopped) {
    if ((task.times.stoppedAt ?? 0) >= limit) break
    task.cluster.tasks.delete(task.id)
    gone++
  }
  if (gone > 0) world.stopped.splice(0, gone)
}

function move(task: Task, status: TaskStatus): void {
  task.lastStatus = status
  task.version++
}

function book(world: World, task: Task, ms: number, act: () => void): void {
  task.cancel = world.timeline.at(world.timeline.now() + ms, () => {
    task.cancel = undefined
    act()
  })
}
