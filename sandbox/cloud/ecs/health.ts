import { note } from './events.ts'
import type { Service, Task, World } from './world.ts'

/**
 * Reads every task's health from its target groups into `proved` and `failing`.
 * A target group that no listener names is not checked by anybody: its targets count as they are, which lets a
 * deployment complete although no target is healthy.
 */
export function readHealth(world: World, service: Service): void {
  for (const task of service.tasks) {
    if (task.lastStatus === 'RUNNING' && task.desiredStatus === 'RUNNING') readTask(world, service, task)
  }
}

function readTask(world: World, service: Service, task: Task): void {
  let healthy = true
  for (const { targetGroupArn, port } of task.registrations) {
    if (world.targets.find(targetGroupArn)?.associated !== true) continue
    const health = world.targets.health(targetGroupArn, { ip: task.eni.ip, port })
    if (health.state === 'healthy') continue
    healthy = false
    if (health.state !== 'unhealthy' || inGrace(world, service, task)) continue
    if (task.failing) return
    task.failing = true
    const reason = `due to (reason ${health.description ?? 'Health checks failed'})`
    note(world, service, `(task ${task.id}) (port ${port}) is unhealthy in (target-group ${targetGroupArn}) ${reason}.`)
    return
  }
  if (!healthy) return
  task.failing = false
  prove(task)
}

function prove(task: Task): void {
  if (task.proved) return
  task.proved = true
  if (task.deployment !== undefined) task.deployment.failedTasks = 0
}

function inGrace(world: World, service: Service, task: Task): boolean {
  const graceMs = (service.request.healthCheckGracePeriodSeconds ?? 0) * 1000
  return world.timeline.now() < (task.times.startedAt ?? 0) + graceMs
}
