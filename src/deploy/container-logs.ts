import type { FollowedLog, LogPlace, LogTail } from '../model/container-log.ts'
import { Refusal } from '../model/outcome.ts'
import type { TaskView } from '../model/service.ts'
import { logPlace, type TailWanted, taskId } from '../plan/log-tails.ts'
import { spokenLines } from './spoken-lines.ts'
import type { World } from './world.ts'

/** Last lines per container; the issue of most crashes is in them. */
export const tailLines = 50

/** Longer lines are cut: those of a tail are read in a summary, those of a command in the log. */
const longest = { tail: 500, heard: 1_000 }

/**
 * Pages per look, which may each be empty or have up to 10,000 lines: a look at what still runs must end, and goes on where it ended
 * with the next one. For what has stopped there is no next one.
 */
const mostPages = { running: 20, stopped: 400 }

/** What fails so often in a row is not asked again: each time may take half a minute. */
const mostMisses = 3

/** A task that has not run yet has no log stream. */
const silent: readonly string[] = ['PROVISIONING', 'PENDING', 'ACTIVATING']

/** The last lines of these containers. Never throws: what cannot be read is a note, and the failure stays what it is. */
export async function readTails(world: World, wanted: readonly TailWanted[]): Promise<readonly LogTail[]> {
  const tails: LogTail[] = []
  const refused = new Set<string>()
  for (const { container, taskArn, taskDefinition } of wanted) {
    const named = { container, task: taskId(taskArn) }
    let place: LogPlace | string | undefined
    try {
      place = await placeOf(world, { taskDefinition, arn: taskArn }, container)
      if (typeof place === 'string') tails.push({ ...named, lines: [], note: place })
      // What is refused for one container of a group is refused for all: asking on would only take time.
      else if (!refused.has(place.group)) tails.push({ ...named, lines: await lastLines(world, place) })
    } catch (error) {
      tails.push({ ...named, lines: [], note: noteOf(error) })
      if (typeof place !== 'object' || world.signal.aborted || !isAboutGroup(error)) break
      refused.add(place.group)
    }
  }
  return tails
}

async function lastLines(world: World, place: LogPlace): Promise<readonly string[]> {
  const events = (await world.logs?.tail(place, tailLines)) ?? []
  return events.flatMap(event => spokenLines(event, longest.tail)).slice(-tailLines)
}

/** A policy may allow one group and not another, and one group may be gone. Silence and throttling are those of all. */
function isAboutGroup(error: unknown): boolean {
  if (!(error instanceof Refusal)) return false
  return error.failure.code === 'ACCESS_DENIED' || error.failure.headline.includes('ResourceNotFoundException')
}

/**
 * Prints what a task has said since the last look. What cannot be read is told once; only a refusal, or silence again and again, ends
 * the reading.
 *
 * @param followed how far it was read
 */
export async function followLog(world: World, task: TaskView, followed: FollowedLog): Promise<FollowedLog> {
  const { container } = followed
  if (world.logs === undefined || followed.note !== undefined || silent.includes(task.lastStatus)) return followed
  let now = followed
  try {
    const place = followed.place ?? (await placeOf(world, task, container))
    if (typeof place === 'string') return noted(world, { ...now, note: place })
    const stopped = task.lastStatus === 'STOPPED'
    now = { ...now, place, ...(stopped && { endedAt: endOf(task, now, world) }) }
    for (let pages = stopped ? mostPages.stopped : mostPages.running; pages > 0; pages--) {
      const page = await world.logs.follow(place, now.next)
      const lines = page.lines.flatMap(event => spokenLines(event, longest.heard))
      for (const line of lines) world.log.info(`  ${container}: ${line}`)
      // The token that was given comes back when there is nothing beyond it. An empty page is not the end.
      const ended = page.next === undefined || page.next === now.next
      const { missed: _, ...read } = now
      const tail = [...now.tail, ...lines].slice(-tailLines)
      now = { ...read, tail, ...(page.next === undefined ? {} : { next: page.next }) }
      if (ended) return now
    }
    if (stopped) world.log.info(`More lines of ${container} are in the log stream ${place.stream} of ${place.group}.`)
    return now
  } catch (error) {
    if (world.signal.aborted) throw error
    return missed(world, now, error)
  }
}

function endOf(task: TaskView, { endedAt }: FollowedLog, world: World): number {
  const at = world.clock.now()
  return endedAt ?? Math.min(task.endedAt ?? at, at)
}

async function placeOf(world: World, task: Pick<TaskView, 'arn' | 'taskDefinition'>, container: string) {
  const { definition } = await world.ecs.describeTaskDefinition(task.taskDefinition)
  return logPlace(definition, container, task.arn)
}

function missed(world: World, followed: FollowedLog, error: unknown): FollowedLog {
  const because = noteOf(error)
  const times = (followed.missed?.times ?? 0) + 1
  const final = times >= mostMisses || (error instanceof Refusal && error.failure.code === 'ACCESS_DENIED')
  if (final) return noted(world, { ...followed, note: because })
  if (followed.missed === undefined) world.log.info(because)
  return { ...followed, missed: { times, because } }
}

function noted(world: World, followed: FollowedLog & { readonly note: string }): FollowedLog {
  if (followed.missed?.because !== followed.note) world.log.info(followed.note)
  return followed
}

/** As docs/failures.md calls it. Whatever went wrong: a bug of ours in reading lines must not hide the failure that they were to explain. */
function noteOf(error: unknown): string {
  const { headline, details } =
    error instanceof Refusal
      ? error.failure
      : { headline: error instanceof Error ? error.message : String(error), details: [] }
  return [['More would be known here. The last lines could not be read.', headline].join(' '), ...details].join('\n')
}
