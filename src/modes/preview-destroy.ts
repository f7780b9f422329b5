import { patiently } from '../deploy/patiently.ts'
import { type Destroyed, destroyPreview } from '../deploy/preview-destroy-loop.ts'
import { listPreviews } from '../deploy/preview-list.ts'
import { type RevisionInUse, revisionsInUse } from '../deploy/preview-look.ts'
import type { World } from '../deploy/world.ts'
import type { Inputs } from '../inputs/inputs.ts'
import { counted } from '../model/count.ts'
import { type Outcome, Refusal } from '../model/outcome.ts'
import type { PreviewSeen, PreviewStanding, Swept } from '../model/preview.ts'
import { tagKeys } from '../plan/preview-names.ts'
import { type PullRequests, type Sweep, toSweep } from '../plan/preview-sweep.ts'
import { likeOf, nameOfPreview, type Previewed, type PreviewRun } from './preview.ts'

/** `mode: preview-destroy`: takes away one preview, whatever is left of it. Production is not even looked at. */
export async function previewDestroy(inputs: Inputs, world: World, run: PreviewRun): Promise<Previewed> {
  const { id } = inputs.preview
  if (id === undefined) throw new Error('the inputs of preview-destroy were not checked')
  const named = nameOfPreview(inputs, run.owner, id)
  world.log.phase(`Delete the preview ${id} of ${inputs.serviceLabel} in cluster ${inputs.cluster}`)
  const { outcome, steps } = await destroyPreview(
    world,
    { ...named, timeoutMs: inputs.timeoutMs },
    run.dry ? 'dry' : 'real',
  )
  const preview = { task: 'preview-destroy', id, name: named.name, steps } as const
  if (!run.dry) return { outcome, preview }
  for (const step of steps) world.log.info(`Would: ${step}`)
  return { outcome: dryOutcome(outcome, steps.length), preview: { ...preview, dry: true } }
}

/** `mode: preview-sweep`: takes away what nobody needs any more. One that cannot go does not keep the others. */
export async function previewSweep(inputs: Inputs, world: World, run: PreviewRun): Promise<Previewed> {
  const whose = { service: inputs.preview.service, like: likeOf(inputs, run.owner) }
  world.log.phase(`Sweep the previews of ${inputs.serviceLabel} in cluster ${inputs.cluster}`)
  const all = await listPreviews(world, whose, inputs.preview.priorities)
  const { go, stay } = toSweep(all, await pullRequests(world, all), world.clock.now())
  world.log.info(`${counted(all.length, 'preview')}: ${go.length} to go, ${stay.length} to stay`)
  const swept: Swept[] = []
  const deadline = run.startedAt + inputs.timeoutMs
  const inUse = once(() => revisionsInUse(world))
  for (const one of go) {
    world.log.info(`${run.dry ? 'Would delete' : 'Delete'} ${one.preview.owner.id}: ${one.because}`)
    swept.push(await sweepOne(world, one, run, deadline, inUse))
  }
  const failed = swept.flatMap(({ failure }) => failure ?? [])
  const [first] = failed
  const preview = {
    task: 'preview-sweep',
    swept,
    left: stay.length,
    ...(run.dry ? { dry: true as const } : {}),
  } as const
  if (first === undefined) return { outcome: sweptWell(swept, stay.length, run.dry), preview }
  const headline = `${failed.length} of ${counted(swept.length, 'preview')} could not be deleted. ${first.headline}`
  return { outcome: { status: 'failed', failure: { ...first, headline } }, preview }
}

async function sweepOne(
  world: World,
  { preview, because }: Sweep,
  { dry, owner: { nonce } }: PreviewRun,
  deadline: number,
  inUse: () => Promise<readonly RevisionInUse[]>,
): Promise<Swept> {
  const { name, owner } = preview
  const { pullRequest } = preview
  const which = { id: owner.id, ...(pullRequest === undefined ? {} : { pullRequest }) }
  if (dry) return { ...which, because, ended: 'would go' }
  try {
    const { outcome, stays }: Destroyed = await patiently(world, `${nonce} ${name}`, deadline, () =>
      destroyPreview(
        world,
        { name, owner, timeoutMs: Math.max(1, deadline - world.clock.now()) },
        'real',
        // The list is as old as it took to delete the others.
        seen => (expiryOf(seen) ?? 0) > (preview.expiresAt ?? Number.POSITIVE_INFINITY),
        inUse,
      ),
    )
    if ('failure' in outcome) return { ...which, because, ended: 'failed', failure: outcome.failure }
    return stays ? { ...which, because: outcome.because, ended: 'stays' } : { ...which, because, ended: 'gone' }
  } catch (error) {
    if (!(error instanceof Refusal) || world.signal.aborted) throw error
    world.log.warn(`${which.id} could not be deleted. ${error.failure.headline}`)
    return { ...which, because, ended: 'failed', failure: error.failure }
  }
}

/** Asks until there is an answer, and keeps that: no service begins to run a preview's revision, because deploys refuse them. */
function once<T>(ask: () => Promise<T>): () => Promise<T> {
  let known: { readonly value: T } | undefined
  return async () => {
    known ??= { value: await ask() }
    return known.value
  }
}

function expiryOf(seen: PreviewSeen): number | undefined {
  const at = Date.parse(seen.group.value?.tags[tagKeys.expires] ?? '')
  return Number.isNaN(at) ? undefined : at
}

/** Where nobody can tell which pull requests are open, only time decides. */
async function pullRequests(world: World, all: readonly PreviewStanding[]): Promise<PullRequests> {
  const open = await world.openPullRequests?.(all.flatMap(({ pullRequest }) => pullRequest ?? []))
  return open === undefined ? { kind: 'unknown' } : { kind: 'known', open }
}

function sweptWell(swept: readonly Swept[], left: number, dry: boolean): Outcome {
  const kept = left + swept.filter(({ ended }) => ended === 'stays').length
  const gone = swept.filter(({ ended }) => ended !== 'stays').length
  const stay = `${counted(kept, 'preview')} ${kept === 1 ? 'stays' : 'stay'}`
  if (gone === 0) return { status: 'unchanged', because: `There is nothing to sweep: ${stay}` }
  const what = counted(gone, 'preview')
  return dry
    ? { status: 'unchanged', because: `A sweep would delete ${what}; ${stay}, and nothing was written` }
    : { status: 'succeeded', because: `${what} deleted; ${stay}` }
}

function dryOutcome(outcome: Outcome, steps: number): Outcome {
  if ('failure' in outcome || steps === 0) return outcome
  return { status: 'unchanged', because: `It would take ${counted(steps, 'step')}; nothing was written` }
}
