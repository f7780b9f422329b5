import type { Tags } from '../model/clone.ts'
import { type Outcome, Refusal } from '../model/outcome.ts'
import type { PreviewPart, PreviewSeen, PreviewStep } from '../model/preview.ts'
import { type DestroyGoal, type DestroyProgress, nextDestroyStep, type RevisionsSeen } from '../plan/preview-destroy.ts'
import { isOwn, tagKeys } from '../plan/preview-names.ts'
import { stepText } from '../plan/preview-text.ts'
import { tagsOfPresent } from './present-tags.ts'
import {
  firstPreviewLook,
  lookAtPreview,
  lookAtRevisions,
  type PreviewAddress,
  type RevisionInUse,
  revisionsInUse,
} from './preview-look.ts'
import { countRepeats } from './repeats.ts'
import { describeIfThere } from './revisions.ts'
import type { World } from './world.ts'

/** A look that is as old as this is as good as a new one: AWS itself shows changes no sooner. */
const freshMs = 1_000

interface Standing {
  readonly seen: PreviewSeen
  readonly progress: DestroyProgress
  /** Absent until somebody asked. */
  readonly revisions?: RevisionsSeen
}

type Actor = (step: PreviewStep, standing: Standing) => Promise<Standing>

export interface Destroyed {
  readonly outcome: Outcome
  readonly removed: number
  /** Somebody wants it after all. */
  readonly stays?: true
  /** What was done, or would be. */
  readonly steps: readonly string[]
}

/**
 * Takes away all that is left of one preview. `how` `dry`: only says what it would do.
 *
 * @param inUse revisions that services run; a sweep asks once
 * @param stays says of the first look whether somebody wants the preview after all
 */
export async function destroyPreview(
  world: World,
  goal: DestroyGoal,
  how: 'real' | 'dry' = 'real',
  stays: (seen: PreviewSeen) => boolean = () => false,
  inUse: () => Promise<readonly RevisionInUse[]> = () => revisionsInUse(world),
): Promise<Destroyed> {
  const address = { name: goal.name, owner: goal.owner }
  const act: Actor = how === 'real' ? realActor(world, goal) : async (step, standing) => pretend(step, standing)
  const steps: string[] = []
  const first = await firstPreviewLook(world, address)
  let standing: Standing = {
    seen: first,
    progress: { startedAt: world.clock.now(), removed: 0 },
  }
  if (stays(standing.seen)) {
    return { outcome: stayed(goal), removed: 0, stays: true, steps }
  }
  let said = ''
  for (;;) {
    const now = world.clock.now()
    const { progress, seen, revisions } = standing
    const decision = nextDestroyStep(goal, progress, seen, revisions, now)
    switch (decision.kind) {
      case 'finish':
        return {
          outcome: decision.outcome,
          removed: progress.removed,
          // Only what services run was left of it.
          ...(progress.removed === 0 && (revisions?.used ?? 0) > 0 ? { stays: true as const } : {}),
          steps,
        }
      case 'count':
        standing = { ...standing, revisions: await lookAtRevisions(world, address, inUse) }
        break
      case 'do':
        if (how === 'real' && (await isClaimed(world, decision.step, address, first, seen))) {
          return { outcome: stayed(goal), removed: progress.removed, stays: true, steps }
        }
        steps.push(stepText(decision.step))
        standing = await act(decision.step, standing)
        break
      case 'wait': {
        if (decision.because !== said) world.log.info(`Wait: ${decision.because}`)
        said = decision.because
        if (decision.until > now) await world.clock.sleep(decision.until - now, world.signal)
        const { inUse: _, ...rest } = progress
        standing = { ...standing, progress: rest, seen: await lookAtPreview(world, address, seen, decision.look) }
        break
      }
      default:
        return decision satisfies never
    }
    world.signal.throwIfAborted()
  }
}

function stayed({ owner }: DestroyGoal): Outcome {
  return { status: 'unchanged', because: `${owner.id} was pushed to in the meantime, and stays` }
}

/** Whether a run has tagged it anew, or made it again, since the first look: that run counts on all that is there now. */
async function isClaimed(
  world: World,
  step: PreviewStep,
  address: PreviewAddress,
  first: PreviewSeen,
  seen: PreviewSeen,
): Promise<boolean> {
  // Deregistered ones are nobody's any more.
  if (step.kind === 'delete-revisions') return false
  const now = await tagsNow(world, address, seen)
  if (now === undefined || !isOwn(now, address.owner)) return false
  const before = first.group.value?.tags ?? {}
  return [tagKeys.run, tagKeys.pushed, tagKeys.expires].some(key => now[key] !== before[key])
}

async function tagsNow(world: World, address: PreviewAddress, { group }: PreviewSeen): Promise<Tags | undefined> {
  if (world.clock.now() - group.at <= freshMs) return group.value?.tags
  const arn = group.value?.view.arn
  if (arn !== undefined) return (await tagsOfPresent(world, [arn]))[arn]
  const { elb } = world.clone()
  const made = await elb.findGroup(address.name)
  return made && (await tagsOfPresent(world, [made.view.arn]))[made.view.arn]
}

function realActor(world: World, { name, owner }: DestroyGoal): Actor {
  const repeats = countRepeats(world)
  return async (step, standing) => {
    await repeats(step.kind, stepText(step))
    const { elb, ecs } = world.clone()
    const { progress, seen, revisions } = standing
    world.log.info(stepText(step))
    const gone = (parts: readonly PreviewPart[]) => after({ ...progress, removed: progress.removed + 1 }, parts)
    const after = async (next: DestroyProgress, parts: readonly PreviewPart[]): Promise<Standing> => ({
      ...standing,
      progress: next,
      seen: await lookAtPreview(world, { name, owner }, seen, parts),
    })
    switch (step.kind) {
      case 'delete-rule':
        await elb.deleteRule(step.rule.arn)
        return gone(['rules'])
      case 'delete-service':
        await ecs.remove(step.service.name)
        return gone(['service'])
      case 'delete-group':
        if ((await elb.deleteGroup(step.group.arn)) === 'in-use') return after({ ...progress, inUse: true }, ['rules'])
        return gone(['group'])
      case 'deregister': {
        for (const arn of step.arns) await deregister(world, arn)
        const inactive = [...(revisions?.inactive ?? []), ...step.arns]
        return { ...standing, revisions: { ...revisions, active: [], inactive } }
      }
      case 'delete-revisions': {
        await ecs.deleteRevisions(step.arns)
        const removed = progress.removed + step.arns.length
        return { ...pretend(step, standing), progress: { ...progress, removed } }
      }
      default:
        throw new Error(`a preview that is destroyed has no step ${step.kind}`)
    }
  }
}

/** Another run may have been faster, and ECS deregisters nothing that is being deleted. */
async function deregister(world: World, arn: string): Promise<void> {
  try {
    await world.ecs.deregisterTaskDefinition(arn)
  } catch (error) {
    if (!(error instanceof Refusal) || world.signal.aborted) throw error
    const left = await describeIfThere(world, arn)
    if (left !== undefined && left.definition.status === 'ACTIVE') throw error
  }
}

/** What would be left after the step. */
function pretend(step: PreviewStep, standing: Standing): Standing {
  const { seen, progress, revisions } = standing
  const more = { ...progress, removed: progress.removed + 1 }
  switch (step.kind) {
    case 'delete-rule': {
      const value = seen.rules.value.filter(rule => rule.arn !== step.rule.arn)
      return { ...standing, progress: more, seen: { ...seen, rules: { ...seen.rules, value } } }
    }
    case 'delete-service':
      return { ...standing, progress: more, seen: { ...seen, service: { ...seen.service, value: undefined } } }
    case 'delete-group':
      return { ...standing, progress: more, seen: { ...seen, group: { ...seen.group, value: undefined } } }
    case 'deregister':
      return {
        ...standing,
        revisions: { ...revisions, active: [], inactive: [...(revisions?.inactive ?? []), ...step.arns] },
      }
    case 'delete-revisions': {
      const inactive = (revisions?.inactive ?? []).filter(arn => !step.arns.includes(arn))
      return { ...standing, progress: more, revisions: { active: [], ...revisions, inactive } }
    }
    default:
      throw new Error(`a preview that is destroyed has no step ${step.kind}`)
  }
}
