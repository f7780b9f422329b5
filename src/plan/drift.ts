import { type ByColor, type Color, colors, otherColor } from '../model/color.ts'
import { counted } from '../model/count.ts'
import type { Journal, LockView } from '../model/journal.ts'
import type { ScalingView } from '../model/scaling.ts'
import type { Snapshot } from '../model/snapshot.ts'
import type { Drift } from '../model/standing.ts'
import { describeJournal } from './journal.ts'
import { describeHolder } from './lock.ts'
import { readNotes } from './noted.ts'
import { heldTag, heldText, isHeld, readHeld } from './scaling.ts'
import { sendsOnlyTo } from './traffic.ts'
import { describeWeights, readLive, readWeights } from './weights.ts'

export interface DriftFacts {
  readonly seen: Snapshot
  /** Images that the two services ask for; empty when unknown. */
  readonly images: ByColor<string>
  /** Of the two target groups. */
  readonly tags: ByColor<Readonly<Record<string, string>>>
  /** By service; absent when nobody has asked, or AWS does not tell. */
  readonly scaling?: Readonly<Record<string, ScalingView>>
  /** The lock of a run that is known to be dead. */
  readonly deadLock?: LockView
  /** What a run has noted on the blue target group that was killed while the lock changed hands. */
  readonly unfinished?: Journal
}

/**
 * What does not fit together, although nobody is at work: each with the object that it is about, and what to do. Weights are the
 * truth, so whatever disagrees with them is what has drifted.
 *
 * | what is so                                                         | kind            |
 * |--------------------------------------------------------------------|-----------------|
 * | production routes disagree, or send to both colors                 | `listeners`     |
 * | a test listener sends testers to the live color                    | `test-listener` |
 * | `IsProduction` says another color than the weights                 | `tags`          |
 * | live runs another revision than the one noted for it               | `revision`      |
 * | idle has a revision that neither served nor waits for a promotion  | `revision`      |
 * | idle has more tasks than it was parked with                        | `parked`        |
 * | idle is scaled although it was held; live is held                  | `scaling`       |
 * | a dead run has left its lock                                       | `lock`          |
 * | a dead run has left half a shift while the lock changed hands      | `journal`       |
 */
export function driftOf(facts: DriftFacts): readonly Drift[] {
  const { seen, deadLock, unfinished } = facts
  const live = readLive(seen.production.value, seen.targetGroups)
  return [
    ...(live.kind === 'unclear' ? routesApart(seen, live.because) : withLive(facts, live.color)),
    ...(deadLock === undefined
      ? []
      : [
          {
            kind: 'lock' as const,
            on: deadLock.name,
            says: `The lock was left behind by ${describeHolder(deadLock)}. The next run takes it over, and deals with what that one has left`,
          },
        ]),
    ...(unfinished === undefined
      ? []
      : [
          {
            kind: 'journal' as const,
            on: seen.targetGroups.blue.name,
            says: `The tag UnfinishedShift was left behind by a run that was ${describeJournal(unfinished)}. The next deploy empties it, and gives all the traffic to one color first should it be between them`,
          },
        ]),
  ]
}

/** Whether Application Auto Scaling has anything to do with what these tags say. */
export function mayBeParked(tags: ByColor<Readonly<Record<string, string>>>): boolean {
  return colors.some(color => readNotes(tags[color]).parked !== undefined || Boolean(tags[color][heldTag]))
}

function routesApart({ production, targetGroups }: Snapshot, because: string): readonly Drift[] {
  const [first, ...others] = production.value
  if (first === undefined) return []
  const says = production.value.map(
    route => `${route.label} has ${describeWeights(readWeights(route, targetGroups).weights)}`,
  )
  return [
    {
      kind: 'listeners',
      on: [first, ...others].map(route => route.arn).join(' '),
      says: `${others.length === 0 ? because : says.join(', ')}: one color must have all the traffic. A deploy gives it back by itself when a run of this action was ended in the middle; else set the weights by hand`,
    },
  ]
}

function withLive(facts: DriftFacts, live: Color): readonly Drift[] {
  const idle = otherColor(live)
  return [
    ...astray(facts.seen, idle),
    ...flags(facts, live),
    ...ofLive(facts, live),
    ...ofIdle(facts, idle),
    ...parked(facts, idle),
    ...heldLive(facts, live),
  ]
}

function astray(seen: Snapshot, idle: Color): readonly Drift[] {
  return seen.test.value
    .filter(route => !sendsOnlyTo(route, idle, seen))
    .map(route => ({
      kind: 'test-listener',
      on: route.arn,
      says: `${route.label} has ${describeWeights(readWeights(route, seen.targetGroups).weights)}: testers do not get ${idle}, which is idle, alone. The next deploy points it there`,
    }))
}

function flags({ seen, tags }: DriftFacts, live: Color): readonly Drift[] {
  return colors.flatMap(color => {
    const said = tags[color].IsProduction
    const is = color === live
    if (said === undefined || said === '' || said === String(is)) return []
    return [
      {
        kind: 'tags' as const,
        on: seen.targetGroups[color].name,
        says: `The tag IsProduction says ${said}, but ${color} has ${is ? 'all' : 'none'} of the traffic: something else than this action has moved it, or a run was ended right after it had. The next deploy writes the tags anew`,
      },
    ]
  })
}

function ofLive({ seen, tags, images }: DriftFacts, live: Color): readonly Drift[] {
  const { name, taskDefinition } = seen.services.value[live]
  const { served } = readNotes(tags[live])
  const { Image = '' } = tags[live]
  const elsewhere = 'something else than this action has deployed to the color that has the traffic'
  if (served !== undefined) {
    if (served === taskDefinition) return []
    return [{ kind: 'revision', on: name, says: `It runs ${taskDefinition}, but ${served} is noted: ${elsewhere}` }]
  }
  if (Image === '' || images[live] === '' || Image === images[live]) return []
  return [{ kind: 'revision', on: name, says: `It runs ${images[live]}, but ${Image} is noted: ${elsewhere}` }]
}

function ofIdle({ seen, tags, images }: DriftFacts, idle: Color): readonly Drift[] {
  const { name, taskDefinition } = seen.services.value[idle]
  const { served, staged } = readNotes(tags[idle])
  if (served === undefined || taskDefinition === served || taskDefinition === staged) return []
  // A failed deploy puts a copy back when the revision itself was deregistered.
  if (staged === undefined && images[idle] !== '' && tags[idle].Image === images[idle]) return []
  return [
    {
      kind: 'revision',
      on: name,
      says: `It has ${taskDefinition}, which has never had the traffic here and was not staged; a rollback puts ${served} there first`,
    },
  ]
}

function parked({ seen, tags, scaling }: DriftFacts, idle: Color): readonly Drift[] {
  const { name, desired, taskDefinition } = seen.services.value[idle]
  const { parked: count, staged, served } = readNotes(tags[idle])
  // What was staged since is not parked, and has the tasks that it needs.
  if (taskDefinition === staged || (served !== undefined && taskDefinition !== served)) return []
  const view = scaling?.[name]
  const isLoose = view !== undefined && (!isHeld(view) || view.min > (count ?? desired))
  if (count !== undefined && desired > count) {
    const why = isLoose
      ? `Application Auto Scaling is not held there (${heldText(view)})`
      : scaling === undefined
        ? 'by whom is not known'
        : 'Application Auto Scaling has not done it'
    const says = `It was parked with ${counted(count, 'task')}, and is asked for ${desired} now: ${why}. Lower it by hand, or let it wait for the next deploy that leaves this color`
    return [{ kind: 'parked', on: name, says }]
  }
  if (!isLoose || readHeld(tags[idle][heldTag]) === undefined) return []
  const says = `Its auto scaling was held while it is idle, but is not any more (${heldText(view)}): it may be raised again. A deploy that leaves this color holds it anew`
  return [{ kind: 'scaling', on: name, says }]
}

/** Traffic was moved by hand, or AWS refused to give it back. */
function heldLive({ seen, tags, scaling }: DriftFacts, live: Color): readonly Drift[] {
  const { name } = seen.services.value[live]
  const view = scaling?.[name]
  const noted = readHeld(tags[live][heldTag])
  if (noted === undefined || view === undefined || !isHeld(view)) return []
  return [
    {
      kind: 'scaling',
      on: name,
      says: `It has the traffic, but its auto scaling is held (${heldText(view)}), so it cannot grow. The next deploy gives it back ${heldText(noted)}`,
    },
  ]
}
