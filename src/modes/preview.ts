import { firstLook } from '../deploy/observe.ts'
import { firstPreviewLook, lookAtPreview } from '../deploy/preview-look.ts'
import { addressOf, type PreviewOrder, runPreviewLoop } from '../deploy/preview-loop.ts'
import { nameFor } from '../deploy/preview-name.ts'
import { previewRegistration } from '../deploy/preview-register.ts'
import { previewRehearsal, Rehearsed } from '../deploy/preview-rehearsal.ts'
import type { World } from '../deploy/world.ts'
import type { Inputs } from '../inputs/inputs.ts'
import { mayMove } from '../model/image.ts'
import type { LockOwner } from '../model/journal.ts'
import type { Outcome } from '../model/outcome.ts'
import type { Policy } from '../model/plan.ts'
import type { PreviewGoal, PreviewOwner, PreviewProgress, PreviewReport } from '../model/preview.ts'
import { rolesOf } from '../plan/check-definition.ts'
import { isOwn, ownerTags, tagKeys } from '../plan/preview-names.ts'
import { previewPolicy } from '../plan/preview-permissions.ts'
import { comesFirst, ownRulesPriority, placeText, urlOf } from '../plan/preview-rule.ts'
import { loginText } from '../plan/preview-text.ts'
import { tellChecks } from './deploy.ts'
import { originColor, readOrigin } from './preview-origin.ts'
import { readWhat } from './what.ts'

export interface Previewed {
  readonly outcome: Outcome
  readonly preview: PreviewReport
  readonly policy?: Policy
}

export interface PreviewRun {
  readonly startedAt: number
  readonly owner: LockOwner
  /** Write nothing. */
  readonly dry: boolean
  /** It was interrupted by AWS, and may have written something. */
  readonly again?: boolean
}

/** Whose preview it is, and what its parts are called. */
export function nameOfPreview(
  inputs: Inputs,
  owner: LockOwner,
  id: string,
): { readonly owner: PreviewOwner; readonly name: string } {
  const whose = { ...likeOf(inputs, owner), id }
  return { owner: whose, name: nameFor(inputs.preview.service, whose) }
}

export function likeOf(inputs: Inputs, { repository, repositoryId }: LockOwner): Omit<PreviewOwner, 'id'> {
  const cluster = inputs.cluster.slice(inputs.cluster.lastIndexOf('/') + 1)
  return {
    repository: repository === '' ? 'local' : repository,
    ...(repositoryId === undefined ? {} : { repositoryId }),
    of: `${cluster}/${inputs.preview.service}`,
  }
}

/** `mode: preview`: a service for one pull request, with a target group and a rule of its own, proven like any deploy. */
export async function preview(inputs: Inputs, world: World, run: PreviewRun): Promise<Previewed> {
  const order = await prepare(inputs, world, run)
  const { goal, origin } = order
  const first = await firstPreviewLook(world, addressOf(order))
  const host = goal.place.kind === 'host' ? '' : await world.clone().elb.hostOf(origin.listener.loadBalancerArn)
  const url = urlOf(goal.place, origin.listener, host)
  world.log.phase(`Preview ${goal.owner.id} of ${inputs.serviceLabel} in cluster ${inputs.cluster}: ${goal.image}`)
  const exists = first.group.value !== undefined && isOwn(first.group.value.tags, goal.owner)
  const seen = exists ? await lookAtPreview(world, addressOf(order), first, ['elsewhere']) : first
  const start: PreviewProgress = {
    startedAt: run.startedAt,
    changed: run.again === true,
    takenPriorities: [],
    ...(exists ? { updates: true as const } : {}),
  }
  const report: PreviewReport = {
    task: 'preview',
    id: goal.owner.id,
    name: goal.name,
    url,
    image: goal.image,
    version: order.version,
    desired: goal.desired,
    expires: goal.tags[tagKeys.expires] ?? '',
    ...(goal.place.kind === 'host' ? {} : { place: placeText(goal.place) }),
  }
  if (run.dry) return rehearse(order, world, start, seen, report)
  const ended = await runPreviewLoop(world, order, start, seen)
  const priority = ownRulesPriority(ended.seen.rules.value, ended.seen.group.value?.view.arn)
  for (const rule of ended.seen.rules.value) {
    if (priority === undefined || !comesFirst(rule, priority, goal.place)) continue
    world.log.warn(
      `Rule ${rule.priority} comes first and says nothing about ${placeText(goal.place)}: what it asks for does not reach the preview. Set \`preview-priorities\` to a range before it where that matters.`,
    )
  }
  const open = loginText(origin, ended.seen.rules.value)
  if (open !== undefined) world.log.warn(open)
  const healthy = ended.outcome.status === 'succeeded' || ended.outcome.status === 'unchanged'
  if (healthy) world.log.info(`Preview: ${url}`)
  const arn = ended.progress.candidate?.taskDefinition
  return {
    outcome: ended.outcome,
    preview: { ...report, healthy, ...(arn === undefined ? {} : { taskDefinition: arn }) },
  }
}

async function rehearse(
  order: Prepared,
  world: World,
  start: PreviewProgress,
  seen: Awaited<ReturnType<typeof firstPreviewLook>>,
  report: PreviewReport,
): Promise<Previewed> {
  const { act, steps } = previewRehearsal(order)
  let outcome: Outcome
  try {
    outcome = (await runPreviewLoop(world, order, start, seen, act)).outcome
  } catch (error) {
    if (!(error instanceof Rehearsed)) throw error
    outcome = { status: 'unchanged', because: `A preview would take ${steps.length} steps; nothing was written` }
  }
  const planned = outcome.status === 'succeeded' ? { ...outcome, status: 'unchanged' as const } : outcome
  for (const step of steps) world.log.info(`Would: ${step}`)
  return { outcome: planned, preview: { ...report, dry: true, steps }, policy: order.policy }
}

interface Prepared extends PreviewOrder {
  readonly version: string
  readonly policy: Policy
}

/** @throws Refusal for the first thing that does not go together; nothing was written */
async function prepare(inputs: Inputs, world: World, run: PreviewRun): Promise<Prepared> {
  const before = await firstLook(world).finally(() => tellChecks(world))
  const color = originColor(before)
  const origin = await readOrigin(inputs, world, before, color)
  const { startedAt } = run
  const at = { startedAt, from: color, to: color, told: {}, unanswered: {}, referenced: [], throttled: 0 }
  const what = await readWhat(inputs, world, before, at)
  const { taskDefinition: from } = before.services.value[color]
  const live = await world.ecs.describeTaskDefinition(from)
  const { place, id } = inputs.preview
  if (place === undefined || id === undefined) throw new Error('the inputs of a preview were not checked')
  const named = nameOfPreview(inputs, run.owner, id)
  const images = what.images ?? { [what.container]: what.image }
  const goal: PreviewGoal = {
    ...named,
    place,
    seed: Number.parseInt(named.name.slice(-8), 16),
    priorities: inputs.preview.priorities,
    desired: inputs.preview.desired,
    tags: tagsOf(inputs, named.owner, run, world),
    image: what.image,
    container: what.container,
    moving: [what.image, ...Object.values(images)].some(mayMove),
    timeoutMs: inputs.timeoutMs,
    ...(inputs.preview.limit === undefined ? {} : { limit: inputs.preview.limit }),
    ...(inputs.pollIntervalMs === undefined ? {} : { pollIntervalMs: inputs.pollIntervalMs }),
  }
  const registration = previewRegistration(
    world,
    goal,
    {
      from,
      container: what.container,
      images,
      ...(what.base === undefined ? {} : { base: what.base }),
      ...(what.settings === undefined ? {} : { settings: what.settings }),
    },
    live,
  )
  const whose = { service: inputs.preview.service, like: likeOf(inputs, run.owner) }
  const policy = previewPolicy({
    clusterArn: clusterArnOf(origin.service.arn),
    service: inputs.preview.service,
    listenerArn: origin.listener.arn,
    roles: rolesOf(live.definition),
  })
  return { goal, origin, registration, whose, version: what.version, policy }
}

function tagsOf(inputs: Inputs, owner: PreviewOwner, run: PreviewRun, world: World): PreviewGoal['tags'] {
  const now = world.clock.now()
  const { pullRequest, ttlMs } = inputs.preview
  const iso = (time: number) => new Date(time).toISOString()
  return {
    ...ownerTags(owner, {
      id: run.owner.runId || 'local',
      expires: iso(now + ttlMs),
      ...(pullRequest === undefined ? {} : { pullRequest }),
    }),
    [tagKeys.created]: iso(now),
    [tagKeys.pushed]: iso(now),
  }
}

export function clusterArnOf(serviceArn: string): string {
  const [, arn = '', cluster = ''] = /^(arn:[^/]+):service\/([^/]+)\//.exec(serviceArn) ?? []
  return `${arn}:cluster/${cluster}`
}
