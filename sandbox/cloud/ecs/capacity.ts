import { namedBehavior } from '../../images.ts'
import { note } from './events.ts'
import type { Deployment, Service, World } from './world.ts'

/** Whether tasks find a place. One that finds none never becomes a task: nothing stops, and no failure is counted. */

/** @returns how many of `wanted` new tasks there is room for */
export function roomFor(world: World, service: Service, primary: Deployment, wanted: number): number {
  const images = primary.definition.containers.map(container => container.image ?? '')
  if (images.some(image => namedBehavior(image) === 'nocapacity')) return 0
  if (!Number.isFinite(world.settings.taskCapacity)) return wanted
  let taken = 0
  for (const task of service.cluster.tasks.values()) if (task.lastStatus !== 'STOPPED') taken++
  return Math.max(0, Math.min(wanted, world.settings.taskCapacity - taken))
}

/** In AWS's words, which differ by where tasks run (aws-facts 1.9). */
export function noteNoRoom(world: World, service: Service): void {
  const fargate = service.request.launchType === 'FARGATE'
  note(
    world,
    service,
    fargate
      ? 'was unable to place a task. Reason: Capacity is unavailable at this time. Please try again later or in a different availability zone.'
      : 'was unable to place a task because no container instance met all of its requirements. Reason: No Container Instances were found in your cluster.',
  )
}
