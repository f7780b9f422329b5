import { checkLines } from '../model/check.ts'
import type { ByColor, Color } from '../model/color.ts'
import { isPinned, mayMove } from '../model/image.ts'
import { Refusal } from '../model/outcome.ts'
import type { Candidate, Progress } from '../model/progress.ts'
import type { Snapshot } from '../model/snapshot.ts'
import type { Step } from '../model/step.ts'
import type { Described } from '../model/task-definition.ts'
import { checkDefinition } from '../plan/check-definition.ts'
import { noted, readNotes } from '../plan/noted.ts'
import { withoutOwnTags } from '../plan/own-tags.ts'
import { heldIn } from '../plan/scaling.ts'
import { containersOf, imageFor, imageOf, isIdentical, isUsable, registrationOf } from '../plan/task-definition.ts'
import { advisory } from './advisory.ts'
import { describeIfThere, familyOf, liveAndNewest, nameOf, newestOf, registered } from './revisions.ts'
import type { World } from './world.ts'

export type Register = Extract<Step, { kind: 'register' }>

/** Finds or registers the revision that was asked for, and notes what the live color ran before. */
export async function register(step: Register, world: World, progress: Progress, seen: Snapshot): Promise<Progress> {
  const { live, newest } = await liveAndNewest(world, step.from)
  const base = baseOf(step, live)
  checkContainers(step, base)
  checkStarts(step, world, base, seen)
  const image = imageFor(step.images, step.container) ?? imageOf(base, step.container) ?? ''
  const idle = step.reusable === step.from ? live : await describeIfThere(world, step.reusable)
  const tags = await notesOn(seen, world)
  const known = before(step, tags, progress, seen, live, idle)
  const promised = promisedBits(step, image, tags[step.color])
  const { taskDefinition, registered } = await revisionOf(step, world, live, idle, base, newest, promised)
  const where = `${step.container} at ${image}`
  world.log.info(
    registered
      ? `Register ${nameOf(taskDefinition)}: ${origin(step)} with ${where}${settingsText(step)}`
      : `Reuse ${nameOf(taskDefinition)}, which already is what was asked for: ${where}`,
  )
  if (taskDefinition === step.from && [image, ...Object.values(step.images)].some(mayMove)) {
    world.log.info(
      `Deploy it again although it is live: ${image} may stand for other bits by now. A digest would pin them`,
    )
  }
  const candidate: Candidate = { at: world.clock.now(), taskDefinition, registered, container: step.container, image }
  return { ...progress, candidate, ...known }
}

export function baseOf(step: Register, live: Described): Described {
  switch (step.base?.kind) {
    case undefined:
      return withoutOwnTags(live)
    case 'revision':
      return withoutOwnTags(step.base.described)
    case 'file':
      return withoutOwnTags({ definition: step.base.file.definition, tags: step.base.file.tags ?? live.tags })
    default:
      return step.base satisfies never
  }
}

/** @throws Refusal when a container that is to change is not there: ECS would register the rest without a word */
export function checkContainers(step: Register, base: Described): void {
  const there = containersOf(base.definition)
  const wanted = [step.container, ...Object.keys(step.images), ...(step.settings ? [step.settings.container] : [])]
  const missing = wanted.find(container => !there.includes(container))
  if (missing === undefined) return
  throw new Refusal({
    code: 'CONTAINER_UNCLEAR',
    headline: `The task definition ${origin(step)} has no container ${missing}.`,
    details: [
      `It has ${there.join(', ')}.`,
      'Set `container-name` to the one whose image changes, or name it in `images`.',
    ],
  })
}

/** @throws Refusal when ECS would not start this revision in the service, or its targets could not be healthy */
function checkStarts(step: Register, world: World, base: Described, seen: Snapshot): void {
  const { arn, loadBalancers } = seen.services.value[step.color]
  const wanted = registrationOf(base, step.images, step.settings)
  const checks = checkDefinition(wanted, loadBalancers[0], arn.split(':')[4] ?? '')
  // The tree was printed before this was known.
  for (const line of checkLines(checks)) world.log.info(line)
  world.checks.take(checks)
}

/** What both colors ran before, and whether the notes on the live one speak of it. */
function before(
  step: Register,
  tags: ByColor<Readonly<Record<string, string>>>,
  progress: Progress,
  seen: Snapshot,
  live: Described,
  idle: Described | undefined,
): Pick<Progress, 'previous' | 'idleWas' | 'liveNotes' | 'staleWayBack' | 'held'> {
  const on = (color: Color, described: Described | undefined, taskDefinition: string) => {
    const behind = seen.services.value[color].loadBalancers[0]?.containerName ?? ''
    // A file may bring containers that the running revision does not have yet.
    const image = described && (imageOf(described, step.container) ?? imageOf(described, behind))
    return image === undefined ? undefined : { ...noted(image, tags[color]), taskDefinition }
  }
  const previous = on(progress.from, live, step.from)
  const idleWas = on(progress.to, idle, step.reusable)
  return {
    held: heldIn(tags),
    ...(previous && { previous, liveNotes: judgeNotes(previous.image, tags[progress.from]) }),
    ...(idleWas && { idleWas }),
    ...(readNotes(tags[progress.from]).leftBehind !== undefined && { staleWayBack: true as const }),
  }
}

/** The notes on both target groups. */
export async function notesOn(seen: Snapshot, world: World): Promise<ByColor<Readonly<Record<string, string>>>> {
  const { blue, green } = seen.targetGroups
  const tags = await advisory(world, () => world.elb.describeTags([blue.arn, green.arn]))
  return { blue: tags?.[blue.arn] ?? {}, green: tags?.[green.arn] ?? {} }
}

export function judgeNotes(image: string, tags: Readonly<Record<string, string>>): 'true' | 'stale' | 'none' {
  if (tags.IsProduction === undefined) return 'none'
  return tags.IsProduction === 'true' && tags.Image === image ? 'true' : 'stale'
}

/**
 * Whether a revision stands for bits already, so that another candidate must not have its ARN: a promote would take the one for the other.
 * Whatever has a tag that moves does; with any other tag, what was staged and may have been approved. A digest is what it is.
 */
function promisedBits(
  step: Register,
  image: string,
  tags: Readonly<Record<string, string>>,
): (arn: string | undefined) => boolean {
  const images = [image, ...Object.values(step.images)]
  if (step.forApproval !== true || images.every(isPinned)) return () => false
  const moves = images.some(mayMove)
  const { staged } = readNotes(tags)
  return arn => moves || (arn !== undefined && arn === staged)
}

async function revisionOf(
  step: Register,
  world: World,
  live: Described,
  idle: Described | undefined,
  base: Described,
  newest: Described | undefined,
  promised: (arn: string | undefined) => boolean,
): Promise<Pick<Candidate, 'taskDefinition' | 'registered'>> {
  if (step.base?.kind === 'revision' && isUsable(base.definition)) {
    return { taskDefinition: step.base.arn, registered: false }
  }
  if (step.base?.kind === 'revision') {
    world.log.info(
      `${nameOf(step.base.arn)} is deregistered, and ECS starts nothing new from it: a copy takes its place`,
    )
  }
  const wanted = registrationOf(base, step.images, step.settings)
  const found = await reusable(step, world, live, idle, wanted, newest)
  if (found !== undefined && !promised(found)) return { taskDefinition: found, registered: false }
  return { taskDefinition: await registered(world, wanted, newest?.definition.taskDefinitionArn), registered: true }
}

/** An identical revision among those in use and the family's newest: a retry must not pile up copies. */
async function reusable(
  step: Register,
  world: World,
  live: Described,
  idle: Described | undefined,
  wanted: Readonly<Record<string, unknown>>,
  newest: Described | undefined,
): Promise<string | undefined> {
  if (isIdentical(live, wanted)) return step.from
  if (idle !== undefined && isIdentical(idle, wanted)) return step.reusable
  if (wanted.family !== familyOf(step.from)) return newestOf(world, wanted)
  return newest !== undefined && isIdentical(newest, wanted) ? newest.definition.taskDefinitionArn : undefined
}

function origin(step: Register): string {
  switch (step.base?.kind) {
    case undefined:
      return nameOf(step.from)
    case 'revision':
      return nameOf(step.base.arn)
    case 'file':
      return step.base.file.path
    default:
      return step.base satisfies never
  }
}

/** Names only: values are nobody's business. */
function settingsText(step: Register): string {
  const names = [...Object.keys(step.settings?.environment ?? {}), ...Object.keys(step.settings?.secrets ?? {})]
  return names.length === 0 ? '' : `, and ${names.join(', ')} set in ${step.settings?.container}`
}
