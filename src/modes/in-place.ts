import { lookAgain } from '../deploy/observe.ts'
import { judgeNotes, notesOn } from '../deploy/register.ts'
import { describeIfThere } from '../deploy/revisions.ts'
import type { World } from '../deploy/world.ts'
import type { Inputs } from '../inputs/inputs.ts'
import type { ByColor, Color } from '../model/color.ts'
import { versionLabel } from '../model/image.ts'
import { Refusal } from '../model/outcome.ts'
import type { Progress, RunningVersion } from '../model/progress.ts'
import type { Snapshot } from '../model/snapshot.ts'
import type { Described } from '../model/task-definition.ts'
import { noted, type RunNotes, readNotes } from '../plan/noted.ts'
import { heldIn } from '../plan/scaling.ts'
import { containersOf, imageOf } from '../plan/task-definition.ts'

/** What both colors run, read in one go: promote and rollback are in a hurry, and know where to look. */
export interface Both {
  readonly live: Described
  /** Absent when ECS does not know the revision any more. */
  readonly idle?: Described
  readonly tags: ByColor<Readonly<Record<string, string>>>
  readonly notes: ByColor<RunNotes>
  /** With the tasks and targets of the idle color. */
  readonly seen: Snapshot
  /** With what both ran before. */
  readonly progress: Progress
}

export async function readBoth(world: World, before: Snapshot, progress: Progress): Promise<Both> {
  const { from, to } = progress
  const services = before.services.value
  const [live, idle, tags, seen] = await Promise.all([
    world.ecs.describeTaskDefinition(services[from].taskDefinition),
    describeIfThere(world, services[to].taskDefinition),
    notesOn(before, world),
    lookAgain(world, before, to, ['targets', 'tasks']),
  ])
  const on = (color: Color, described: Described | undefined) => {
    const { loadBalancers, taskDefinition } = services[color]
    const image = described && imageOf(described, loadBalancers[0]?.containerName ?? '')
    return image === undefined ? undefined : { ...noted(image, tags[color]), taskDefinition }
  }
  const previous = on(from, live)
  const idleWas = on(to, idle)
  return {
    live,
    ...(idle && { idle }),
    tags,
    notes: { blue: readNotes(tags.blue), green: readNotes(tags.green) },
    seen,
    progress: {
      ...progress,
      held: heldIn(tags),
      ...(previous && { previous, liveNotes: judgeNotes(previous.image, tags[from]) }),
      ...(idleWas && { idleWas }),
      ...(readNotes(tags[from]).leftBehind !== undefined && { staleWayBack: true as const }),
    },
  }
}

/** The container that the version is known by, and its image. */
export function behind(described: Described, seen: Snapshot, color: Color): { container: string; image: string } {
  const container = seen.services.value[color].loadBalancers[0]?.containerName ?? ''
  const image = imageOf(described, container)
  if (image !== undefined) return { container, image }
  const { definition } = described
  throw new Refusal({
    code: 'CONTAINER_UNCLEAR',
    headline: `The task definition ${definition.taskDefinitionArn ?? ''} has no container ${container}, which is the one behind the target group.`,
    details: [`It has ${containersOf(definition).join(', ')}.`, 'Nothing was written.'],
  })
}

/** What people call it: as the input says, else as it was noted when it was staged or live. */
export function versionOf(inputs: Inputs, image: string, tags: Readonly<Record<string, string>>): string {
  const derived = inputs.image === undefined ? undefined : versionLabel(inputs.image)
  return inputs.version === undefined || inputs.version === derived ? noted(image, tags).version : inputs.version
}

/** What the notes on a color say that its image stood for. */
export function bitsOf(noted: RunningVersion | undefined): { readonly digest?: string } {
  return noted?.digest === undefined ? {} : { digest: noted.digest }
}

/**
 * The progress of a run whose candidate the idle color runs already: as if this run had staged it. Where it has too few tasks, or no
 * listener knows it, staging is still to be done; the proof is to be made in either case.
 */
export function alreadyStaged(
  progress: Progress,
  seen: Snapshot,
  what: { readonly container: string; readonly image: string; readonly digest?: string },
  needed: number,
): Progress {
  const { to } = progress
  const idle = seen.services.value[to]
  const candidate = { at: seen.services.at, taskDefinition: idle.taskDefinition, registered: false, ...what }
  const primary = idle.deployments.find(deployment => deployment.status === 'PRIMARY')
  const ready =
    primary !== undefined &&
    primary.desired > 0 &&
    primary.desired >= needed &&
    seen.targetGroups[to].loadBalancerArns.length > 0
  if (!ready) return { ...progress, candidate }
  const eventsBefore = idle.events.map(event => event.id)
  const staged = { at: seen.services.at, deploymentId: primary.id, desired: primary.desired, eventsBefore }
  return { ...progress, candidate, staged }
}
