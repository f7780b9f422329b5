import type { Outcome } from '../model/outcome.ts'
import type { PreviewGoal, PreviewOrigin, PreviewProgress, PreviewSeen, PreviewStep } from '../model/preview.ts'
import { nextPreviewStep, ownRules } from '../plan/preview.ts'
import { noteServedPreview } from '../plan/preview-proof.ts'
import { noteRival } from '../plan/preview-rivals.ts'
import { noteAlready } from '../plan/preview-service.ts'
import { actOnPreview } from './preview-act.ts'
import { lookAtCrowd, type PreviewsOf } from './preview-list.ts'
import { lookAtPreview, type PreviewAddress } from './preview-look.ts'
import { deletedMeanwhile, isLostPart } from './preview-lost.ts'
import type { PreviewRegistration } from './preview-register.ts'
import type { World } from './world.ts'

/** A part that goes again and again is somebody's intention. */
const lostLimit = 3
const lostPauseMs = 2_000

export interface PreviewOrder {
  readonly goal: PreviewGoal
  readonly origin: PreviewOrigin
  readonly registration: PreviewRegistration
  readonly whose: PreviewsOf
}

export interface PreviewEnded {
  readonly outcome: Outcome
  readonly progress: PreviewProgress
  readonly seen: PreviewSeen
}

/** How a step is done: by calls to AWS, or only in the mind. */
export type PreviewActor = (
  step: PreviewStep,
  progress: PreviewProgress,
  seen: PreviewSeen,
) => Promise<{ readonly progress: PreviewProgress; readonly seen: PreviewSeen }>

/** Looks, decides, acts, and looks again, until the preview is proven or there is a reason why not. */
export async function runPreviewLoop(
  world: World,
  order: PreviewOrder,
  start: PreviewProgress,
  first: PreviewSeen,
  act: PreviewActor = realActor(world, order),
): Promise<PreviewEnded> {
  const { goal, origin } = order
  let progress = start
  let seen = first
  let said = ''
  for (;;) {
    const now = world.clock.now()
    progress = noteServedPreview(noteAlready(goal, origin, progress, seen, now), seen, now)
    progress = noteRival(goal, progress, ownRules(goal, seen), seen, now)
    const decision = nextPreviewStep(goal, origin, progress, seen, now)
    switch (decision.kind) {
      case 'finish':
        return { outcome: decision.outcome, progress, seen }
      case 'do':
        ;({ progress, seen } = await act(decision.step, progress, seen))
        break
      case 'count': {
        const crowd = await lookAtCrowd(world, order.whose, origin.listener.loadBalancerArn, goal.name)
        seen = { ...seen, crowd }
        break
      }
      case 'wait':
        if (decision.because !== said) world.log.info(`Wait: ${decision.because}`)
        said = decision.because
        if (decision.until > now) await world.clock.sleep(decision.until - now, world.signal)
        seen = await lookAtPreview(world, addressOf(order), seen, decision.look, decision.explains).catch(
          (error: unknown) => {
            throw isLostPart(error) ? deletedMeanwhile(error, goal.owner.id) : error
          },
        )
        break
      default:
        return decision satisfies never
    }
    world.signal.throwIfAborted()
  }
}

export function addressOf({ goal, origin }: Pick<PreviewOrder, 'goal' | 'origin'>): PreviewAddress {
  const { listener, otherListeners } = origin
  return { name: goal.name, owner: goal.owner, listenerArn: listener.arn, otherListeners, place: goal.place }
}

function realActor(world: World, order: PreviewOrder): PreviewActor {
  const { goal, origin, registration } = order
  return async (step, progress, seen) => {
    try {
      const acted = await actOnPreview(step, world, goal, origin, registration, progress, seen)
      return { progress: acted.progress, seen: await lookAtPreview(world, addressOf(order), seen, acted.look) }
    } catch (error) {
      const lostParts = (progress.lostParts ?? 0) + 1
      if (lostParts > lostLimit || !isLostPart(error)) throw error
      world.log.info(`A part of ${goal.owner.id} was deleted in this moment: look again. ${error.failure.headline}`)
      await world.clock.sleep(lostPauseMs, world.signal)
      const { candidate: _, staged: __, taggedAt: ___, ...rest } = progress
      const again = await lookAtPreview(world, addressOf(order), seen, ['group', 'rules', 'service'])
      return { progress: { ...rest, lostParts }, seen: again }
    }
  }
}
