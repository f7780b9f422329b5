import type { Outcome } from '../model/outcome.ts'
import type { PreviewPart, PreviewSeen, PreviewStep } from '../model/preview.ts'
import { type DestroyGoal, type DestroyProgress, nextDestroyStep, type RevisionsSeen } from '../plan/preview-destroy.ts'
import { stepText } from '../plan/preview-text.ts'
import { firstPreviewLook, lookAtPreview, lookAtRevisions, revisionsInUse } from './preview-look.ts'
import type { World } from './world.ts'

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
  inUse: () => Promise<ReadonlyMap<string, string>> = () => revisionsInUse(world),
): Promise<Destroyed> {
  const address = { name: goal.name, owner: goal.owner }
  const act: Actor = how === 'real' ? realActor(world, goal) : async (step, standing) => pretend(step, standing)
  const steps: string[] = []
  let standing: Standing = {
    seen: await firstPreviewLook(world, address),
    progress: { startedAt: world.clock.now(), removed: 0 },
  }
  if (stays(standing.seen)) {
    const because = `${goal.owner.id} was pushed to in the meantime, and stays`
    return { outcome: { status: 'unchanged', because }, removed: 0, stays: true, steps }
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

function realActor(world: World, { name, owner }: DestroyGoal): Actor {
  return async (step, standing) => {
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
        for (const arn of step.arns) await world.ecs.deregisterTaskDefinition(arn)
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
