import { uuid } from './network.ts'
import type { Service, Task, World } from './world.ts'

/** The messages of a service, in the words of live accounts (aws-facts 1.9). */

const MAX_EVENTS = 100
const STEADY = 'has reached a steady state.'
/** The same steady-state message is not said again within this time. */
export const STEADY_AGAIN_MS = 6 * 3_600_000

export function note(world: World, service: Service, text: string): void {
  const createdAt = new Date(world.timeline.now())
  service.events.unshift({ id: uuid(world.random), createdAt, message: `(service ${service.name}) ${text}` })
  if (service.events.length > MAX_EVENTS) service.events.length = MAX_EVENTS
}

/** Says it once: not while the newest message is the same. */
export function noteOnce(world: World, service: Service, text: string): void {
  if (service.events[0]?.message !== `(service ${service.name}) ${text}`) note(world, service, text)
}

export function noteSteady(world: World, service: Service): void {
  const last = service.events[0]
  const repeated = last?.message === `(service ${service.name}) ${STEADY}`
  if (repeated && world.timeline.now() - (last?.createdAt?.getTime() ?? 0) < STEADY_AGAIN_MS) return
  note(world, service, STEADY)
}

/** `2 running tasks: (task …) (task …).` */
export function taskList(tasks: readonly Task[], kind = ''): string {
  return `${tasks.length} ${kind}tasks: ${tasks.map(task => `(task ${task.id})`).join(' ')}.`
}

/** One message per target group: `registered 2 targets in (target-group …)`. */
export function noteTargets(world: World, service: Service, verb: string, targetGroupArns: readonly string[]): void {
  const counts = new Map<string, number>()
  for (const arn of targetGroupArns) counts.set(arn, (counts.get(arn) ?? 0) + 1)
  for (const [arn, count] of counts) note(world, service, `${verb} ${count} targets in (target-group ${arn})`)
}
