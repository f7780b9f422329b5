import { findRevisions, matchOf } from '../deploy/find-revision.ts'
import type { World } from '../deploy/world.ts'
import type { Inputs } from '../inputs/inputs.ts'
import { type Color, colors } from '../model/color.ts'
import { isPinned } from '../model/image.ts'
import type { Journal } from '../model/journal.ts'
import { type Failure, Refusal } from '../model/outcome.ts'
import type { Described } from '../model/task-definition.ts'
import { familyOf } from '../plan/after.ts'
import { isSought, type Match, pickRevision, type Sought, soughtText } from '../plan/find-revision.ts'
import { noted, type RunNotes } from '../plan/noted.ts'
import { wayBack } from '../plan/rollback.ts'
import { imageOf, isUsable } from '../plan/task-definition.ts'
import type { Both } from './in-place.ts'

/**
 * What a rollback goes to.
 *
 * @property again why nothing moves, when production was rolled back already and nothing was named
 */
export type Target = Place & { readonly again?: string }

type Place =
  /** The idle color, or live itself, has this revision. */
  | { readonly kind: 'running'; readonly color: Color; readonly arn: string; readonly described: Described }
  /** It is put on the idle color first. */
  | { readonly kind: 'revision'; readonly arn: string; readonly described: Described }

export function soughtBy({ taskDefinitionArn, image, version }: Inputs): Sought {
  if (taskDefinitionArn !== undefined) return { kind: 'revision', arn: taskDefinitionArn }
  if (image !== undefined) return { kind: 'image', image }
  return version === undefined ? { kind: 'previous' } : { kind: 'version', version }
}

/** @throws Refusal NOTHING_TO_GO_BACK_TO, REVISION_UNCLEAR */
export async function chooseTarget(
  sought: Sought,
  world: World,
  both: Both,
  interrupted: Journal | undefined,
): Promise<Target> {
  const { seen, progress, notes } = both
  const idle = seen.services.value[progress.to]
  if (sought.kind === 'revision') return revision(ofTheseColors(sought.arn, both), world, both)
  if (sought.kind !== 'previous') return byName(sought, world, both)
  const known = withoutReplaced(notes[progress.to], idle.taskDefinition, progress.idleWas?.image ?? '')
  const told = known.leftBehind !== undefined || known.served === idle.taskDefinition
  const journal = interrupted ?? (told ? undefined : (await world.lock.look(seen))?.journal)
  const way = wayBack({ color: progress.to, taskDefinition: idle.taskDefinition, notes: known }, journal)
  switch (way.kind) {
    case 'nowhere':
      throw new Refusal(way.failure)
    case 'done': {
      const again = `Production was rolled back already, from ${way.from}, which ${progress.to} has. Name version, image or task-definition-arn to go elsewhere`
      world.log.info(again)
      return { ...(await revision(seen.services.value[progress.from].taskDefinition, world, both)), again }
    }
    case 'idle':
      return onIdle(idle.taskDefinition, world, both)
    case 'revision':
      // A candidate waits where the old bits of the same tag were.
      if (way.arn === seen.services.value[progress.from].taskDefinition)
        throw new Refusal(sameBits(way.arn, progress.to))
      return revision(way.arn, world, both)
    default:
      return way satisfies never
  }
}

/** A candidate that waits for its promotion under the very revision that served: its tag has moved, and what served is gone. */
function withoutReplaced(notes: RunNotes, taskDefinition: string, image: string): RunNotes {
  const { served, ...others } = notes
  return served === taskDefinition && notes.staged === taskDefinition && !isPinned(image) ? others : notes
}

async function revision(arn: string, world: World, both: Both): Promise<Target> {
  const { from, to } = both.progress
  const services = both.seen.services.value
  if (services[from].taskDefinition === arn) return { kind: 'running', color: from, arn, described: both.live }
  if (services[to].taskDefinition === arn) return onIdle(arn, world, both)
  return { kind: 'revision', arn, described: await world.ecs.describeTaskDefinition(arn) }
}

/** It is used where it is; ECS starts nothing new from a deregistered revision, so a parked one needs a copy. */
async function onIdle(arn: string, world: World, both: Both): Promise<Target> {
  const { from, to } = both.progress
  const { value: services } = both.seen.services
  const described = both.idle ?? (await world.ecs.describeTaskDefinition(arn))
  const warm = services[to].desired > 0 && services[to].desired >= services[from].running
  if (!warm && services[from].taskDefinition === arn) throw new Refusal(sameBits(arn, to))
  return warm || isUsable(described.definition)
    ? { kind: 'running', color: to, arn, described }
    : { kind: 'revision', arn, described }
}

/** A tag that moves was deployed twice: only tasks that still run have the bits of before. */
function sameBits(arn: string, idle: Color): Failure {
  return {
    code: 'NOTHING_TO_GO_BACK_TO',
    headline: `There is nothing to go back to: ${idle} served with ${arn} as well, which is live, and new tasks of it would run what is live.`,
    details: ['Its tag stands for other bits by now: name an `image` by digest, or a `version`. Nothing was written.'],
  }
}

/** @throws Refusal NOTHING_TO_GO_BACK_TO when no color has, or has had, a revision of its family: it is another application */
function ofTheseColors(arn: string, { seen, notes }: Both): string {
  const here = colors.flatMap(color => [seen.services.value[color].taskDefinition, notes[color].served ?? []].flat())
  const families = new Set(here.map(familyOf))
  if (families.has(familyOf(arn))) return arn
  throw new Refusal({
    code: 'NOTHING_TO_GO_BACK_TO',
    headline: `${arn} is of the family ${familyOf(arn)}, but these services run ${[...families].join(' and ')}: it was never live here.`,
    details: ['Check `task-definition-arn`; to bring another family live, use `mode: deploy`.', 'Nothing was written.'],
  })
}

/**
 * The colors first, as far as they were live: what is live is unchanged, and what is warm is there in seconds. Then the family, newest
 * first, and before it what the idle color has without a note.
 */
async function byName(sought: Sought, world: World, both: Both): Promise<Target> {
  const { from, to } = both.progress
  const services = both.seen.services.value
  const lived = new Set([services[from].taskDefinition, ...colors.flatMap(color => whatLived(both.notes[color]))])
  const there: Match[] = []
  for (const color of [from, to]) {
    const { taskDefinition: arn, loadBalancers } = services[color]
    const described = color === from ? both.live : both.idle
    const image = described && imageOf(described, loadBalancers[0]?.containerName ?? '')
    if (described === undefined || image === undefined) continue
    if (!isSought(sought, arn, image, noted(image, both.tags[color]).version)) continue
    if (lived.has(arn)) return revision(arn, world, both)
    there.push(matchOf(arn, described))
  }
  const family = familyOf(services[from].taskDefinition)
  const container = services[to].loadBalancers[0]?.containerName ?? ''
  const { found, looked, more } = await findRevisions(world, family, container, (image, arn) =>
    isSought(sought, arn, image),
  )
  const others = found.filter(({ arn }) => there.every(one => one.arn !== arn))
  const picked = pickRevision(sought, [...there, ...others], lived)
  if (picked.kind === 'unclear') throw new Refusal(picked.failure)
  if (picked.kind === 'one') return revision(picked.match.arn, world, both)
  throw new Refusal({
    code: 'NOTHING_TO_GO_BACK_TO',
    headline: `No revision of ${family} has ${soughtText(sought)} in its container ${container}; ${more ? `the newest ${looked}` : `all ${looked}`} were looked at.`,
    details: [
      'A rollback goes only to what is registered, and builds nothing. Check the spelling, or set `task-definition-arn`.',
      'Nothing was written.',
    ],
  })
}

function whatLived({ served, leftBehind }: RunNotes): readonly string[] {
  return [served ?? [], leftBehind ?? []].flat()
}
