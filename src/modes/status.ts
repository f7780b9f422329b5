import { firstLook } from '../deploy/observe.ts'
import { isMixed } from '../deploy/resume.ts'
import { readNote } from '../deploy/whole.ts'
import type { World } from '../deploy/world.ts'
import type { ByColor, Color } from '../model/color.ts'
import type { LockView } from '../model/journal.ts'
import { Refusal } from '../model/outcome.ts'
import type { RunningVersion } from '../model/progress.ts'
import type { Snapshot } from '../model/snapshot.ts'
import type { Shift, TargetsSeen } from '../model/standing.ts'
import { isHalfShift } from '../plan/journal.ts'
import { noted } from '../plan/noted.ts'
import { imageOf } from '../plan/task-definition.ts'

export interface Status {
  readonly seen: Snapshot
  readonly running: ByColor<RunningVersion>
  readonly targets: ByColor<TargetsSeen>
  /** Who holds the lock of the two services; absent when nobody does. */
  readonly lock?: LockView
  /** Nobody looked who holds it. */
  readonly lockUnread?: true
  readonly shift?: Shift
}

/** `mode: status`: what runs where, and who gets the traffic. Reads only. */
export async function status(world: World): Promise<Status> {
  const seen = await firstLook(world)
  const [running, lock, blue, green] = await Promise.all([
    runningVersions(seen, world),
    world.lock.look(seen),
    targetsOf('blue', seen, world),
    targetsOf('green', seen, world),
  ])
  const shift = await shiftOf(seen, world, lock)
  return {
    seen,
    running,
    targets: { blue, green },
    ...(lock === undefined ? {} : { lock }),
    ...(world.lock.enabled ? {} : { lockUnread: true as const }),
    ...(shift === undefined ? {} : { shift }),
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
async function shiftOf(seen: Snapshot, world: World, lock: LockView | undefined): Promise<Shift | undefined> {
  if (!world.lock.enabled || !isMixed(seen)) return undefined
  const found = lock?.journal
  if (lock !== undefined && isHalfShift(found))
    return { journal: found, alive: world.lock.assess(lock).kind === 'wait' }
  const journal = await readNote(world, seen)
  return journal && { journal, alive: false }
}

/** What the two services ask for, by the names that an earlier deploy has noted. */
export async function runningVersions(seen: Snapshot, world: World): Promise<ByColor<RunningVersion>> {
  const [tags, blue, green] = await Promise.all([
    notesOn(seen, world),
    imageOn('blue', seen, world),
    imageOn('green', seen, world),
  ])
  const version = (color: Color, image: string) => noted(image, tags[seen.targetGroups[color].arn])
  return { blue: version('blue', blue), green: version('green', green) }
}

/** The notes of earlier deploys; without them an image goes by its tag, which is worth no failure. */
async function notesOn(seen: Snapshot, world: World): ReturnType<World['elb']['describeTags']> {
  try {
    return await world.elb.describeTags([seen.targetGroups.blue.arn, seen.targetGroups.green.arn])
  } catch (error) {
    if (!(error instanceof Refusal) || world.signal.aborted) throw error
    const says = `Versions are those of the image tags, because the notes of earlier deploys cannot be read. ${error.failure.headline}`
    world.checks.note({ section: 'Target groups', mark: 'SKIP', says })
    return {}
  }
}

async function imageOn(color: Color, seen: Snapshot, world: World): Promise<string> {
  const service = seen.services.value[color]
  const described = await world.ecs.describeTaskDefinition(service.taskDefinition)
  return imageOf(described, service.loadBalancers[0]?.containerName ?? '') ?? ''
}
