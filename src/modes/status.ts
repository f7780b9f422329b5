import { firstLook } from '../deploy/observe.ts'
import { isMixed } from '../deploy/resume.ts'
import type { World } from '../deploy/world.ts'
import type { ByColor, Color } from '../model/color.ts'
import type { Journal, LockView } from '../model/journal.ts'
import { Refusal } from '../model/outcome.ts'
import type { RunningVersion } from '../model/progress.ts'
import type { Snapshot } from '../model/snapshot.ts'
import type { Drift, Shift, TargetsSeen } from '../model/standing.ts'
import { isHalfShift, readShiftNote, shiftNoteTag } from '../plan/journal.ts'
import { noted } from '../plan/noted.ts'
import { imageOf } from '../plan/task-definition.ts'
import { lookForDrift } from './drift.ts'

export interface Status {
  readonly seen: Snapshot
  readonly running: ByColor<RunningVersion>
  readonly targets: ByColor<TargetsSeen>
  /** Who holds the lock of the two services; absent when nobody does. */
  readonly lock?: LockView
  /** Nobody looked who holds it. */
  readonly lockUnread?: true
  readonly shift?: Shift
  readonly drift?: readonly Drift[]
}

/** `mode: status`: what runs where, and who gets the traffic. Reads only. */
export async function status(world: World): Promise<Status> {
  const seen = await firstLook(world)
  const [{ running, tags }, lock, blue, green] = await Promise.all([
    runningAndNotes(seen, world),
    world.lock.look(seen),
    targetsOf('blue', seen, world),
    targetsOf('green', seen, world),
  ])
  const unfinished =
    tags instanceof Refusal
      ? undefined
      : readShiftNote(tags.blue[shiftNoteTag], world.clock.now(), text => Date.parse(text))
  const shift = shiftOf(seen, world, lock, unfinished)
  const images = { blue: running.blue.image, green: running.green.image }
  const drift = await lookForDrift(world, {
    seen,
    images,
    tags,
    ...(lock === undefined ? {} : { lock }),
    ...(unfinished === undefined ? {} : { unfinished }),
  })
  return {
    seen,
    running,
    targets: { blue, green },
    ...(lock === undefined ? {} : { lock }),
    ...(world.lock.enabled ? {} : { lockUnread: true as const }),
    ...(shift === undefined ? {} : { shift }),
    ...(drift === undefined ? {} : { drift }),
  }
}

async function targetsOf(color: Color, seen: Snapshot, world: World): Promise<TargetsSeen> {
  try {
    const all = await world.elb.describeTargets(seen.targetGroups[color].arn)
    return { kind: 'read', healthy: all.filter(target => target.state === 'healthy').length, total: all.length }
  } catch (error) {
    if (!(error instanceof Refusal) || world.signal.aborted) throw error
    return { kind: 'unread', because: error.failure.headline }
  }
}

/** Why traffic is between the colors, when a run of this action is why. */
function shiftOf(
  seen: Snapshot,
  world: World,
  lock: LockView | undefined,
  unfinished: Journal | undefined,
): Shift | undefined {
  if (!world.lock.enabled || !isMixed(seen)) return undefined
  const found = lock?.journal
  if (lock !== undefined && isHalfShift(found))
    return { journal: found, alive: world.lock.assess(lock).kind === 'wait' }
  return unfinished && { journal: unfinished, alive: false }
}

/** What the two services ask for, by the names that an earlier deploy has noted. */
export async function runningVersions(seen: Snapshot, world: World): Promise<ByColor<RunningVersion>> {
  return (await runningAndNotes(seen, world)).running
}

type Notes = ByColor<Readonly<Record<string, string>>>

async function runningAndNotes(
  seen: Snapshot,
  world: World,
): Promise<{ readonly running: ByColor<RunningVersion>; readonly tags: Notes | Refusal }> {
  const [tags, blue, green] = await Promise.all([
    tagsOn(seen, world),
    imageOn('blue', seen, world),
    imageOn('green', seen, world),
  ])
  const known = tags instanceof Refusal ? { blue: {}, green: {} } : tags
  return { running: { blue: noted(blue, known.blue), green: noted(green, known.green) }, tags }
}

/** The notes of earlier deploys; without them an image goes by its tag, which is worth no failure. */
async function tagsOn(seen: Snapshot, world: World): Promise<Notes | Refusal> {
  try {
    const { blue, green } = seen.targetGroups
    const tags = await world.elb.describeTags([blue.arn, green.arn])
    return { blue: tags[blue.arn] ?? {}, green: tags[green.arn] ?? {} }
  } catch (error) {
    if (!(error instanceof Refusal) || world.signal.aborted) throw error
    const says = `Versions are those of the image tags, because the notes of earlier deploys cannot be read. ${error.failure.headline}`
    world.checks.note({ section: 'Target groups', mark: 'SKIP', says })
    return error
  }
}

async function imageOn(color: Color, seen: Snapshot, world: World): Promise<string> {
  const service = seen.services.value[color]
  const described = await world.ecs.describeTaskDefinition(service.taskDefinition)
  return imageOf(described, service.loadBalancers[0]?.containerName ?? '') ?? ''
}
