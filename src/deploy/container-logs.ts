import type { FollowedLog, LogTail } from '../model/container-log.ts'
import { Refusal } from '../model/outcome.ts'
import type { TaskView } from '../model/service.ts'
import { logPlace, type TailWanted, taskId } from '../plan/log-tails.ts'
import type { World } from './world.ts'

/** Last lines per container; the issue of most crashes is in them. */
export const tailLines = 50

/** What a stopped task has left to tell is read to its end, but not for ever: a page has up to 10,000 lines. */
const mostPages = 20

/** A task that has not run yet has no log stream. */
const silent: readonly string[] = ['PROVISIONING', 'PENDING', 'ACTIVATING']

/** The last lines of these containers. Never throws: what cannot be read is a note, and the failure stays what it is. */
export async function readTails(world: World, wanted: readonly TailWanted[]): Promise<readonly LogTail[]> {
  const tails: LogTail[] = []
  for (const one of wanted) {
    const tail = await readTail(world, one)
    tails.push({ container: one.container, task: taskId(one.taskArn), ...tail })
    // What is refused for one is refused for all: asking on would only take time.
    if (tail.refused === true) break
  }
  return tails
}

async function readTail(
  world: World,
  { taskArn, taskDefinition, container }: TailWanted,
): Promise<Pick<LogTail, 'lines' | 'note'> & { readonly refused?: true }> {
  const { logs } = world
  if (logs === undefined) return { lines: [] }
  try {
    const { definition } = await world.ecs.describeTaskDefinition(taskDefinition)
    const place = logPlace(definition, container, taskArn)
    return typeof place === 'string' ? { lines: [], note: place } : { lines: await logs.tail(place, tailLines) }
  } catch (error) {
    return { lines: [], note: noteOf(error, world), refused: true }
  }
}

/**
 * Prints what a task has said since the last look.
 *
 * @param followed how far it was read
 */
export async function followLog(world: World, task: TaskView, followed: FollowedLog): Promise<FollowedLog> {
  const { logs } = world
  const { container } = followed
  if (logs === undefined || followed.note !== undefined || silent.includes(task.lastStatus)) return followed
  try {
    const place = followed.place ?? (await placeOf(world, task, container))
    if (typeof place === 'string') return noted(world, container, place)
    let { next, tail } = followed
    for (let pages = 0; pages < mostPages; pages++) {
      const page = await logs.follow(place, next)
      for (const line of page.lines) world.log.info(`  ${container}: ${line}`)
      tail = [...tail, ...page.lines].slice(-tailLines)
      // The token that was given comes back when there is nothing beyond it.
      const ended = page.next === undefined || page.next === next
      next = page.next ?? next
      if (ended || page.lines.length === 0) break
    }
    return { container, place, tail, ...(next === undefined ? {} : { next }) }
  } catch (error) {
    return noted(world, container, noteOf(error, world))
  }
}

async function placeOf(world: World, task: TaskView, container: string) {
  const { definition } = await world.ecs.describeTaskDefinition(task.taskDefinition)
  return logPlace(definition, container, task.arn)
}

function noted(world: World, container: string, note: string): FollowedLog {
  world.log.info(note)
  return { container, tail: [], note }
}

/** @throws what is no refusal, or comes from a cancel */
function noteOf(error: unknown, world: World): string {
  if (!(error instanceof Refusal) || world.signal.aborted) throw error
  const { headline, details } = error.failure
  return ['The last lines could not be read.', headline, ...details].join(' ')
}
