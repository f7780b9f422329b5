import { type Reached, type Strategy, wholeShare } from '../model/strategy.ts'

/** A share of the traffic for the new color, and how long it stays at least. The last step is everything, and has no end. */
export interface TrafficStep {
  readonly share: number
  readonly holdMs: number
}

/** The share that the new color should have now; `nextAt` is when the next one is due, absent when it is not reached or the last. */
export interface Due {
  readonly share: number
  readonly nextAt?: number
}

export function stepsOf(strategy: Strategy): readonly TrafficStep[] {
  const whole = { share: wholeShare, holdMs: 0 }
  switch (strategy.kind) {
    case 'all-at-once':
      return [whole]
    case 'canary':
      return [{ share: strategy.share, holdMs: strategy.holdMs }, whole]
    case 'linear': {
      const steps: TrafficStep[] = []
      for (let share = strategy.share; share < wholeShare; share += strategy.share) {
        steps.push({ share, holdMs: strategy.holdMs })
      }
      return [...steps, whole]
    }
    default:
      return strategy satisfies never
  }
}

/**
 * Which share is due, from what was reached and when. A hold begins when every route was seen with its new weights, not when they
 * were asked for, so that a step is never shorter than it was meant to be. Shares that are no step of the strategy, because
 * another run has left them, last as long as the step below.
 */
export function schedule(strategy: Strategy, reached: readonly Reached[], now: number): Due {
  const steps = stepsOf(strategy)
  const last = reached.at(-1)
  const next = steps.find(step => step.share > (last?.share ?? 0))
  if (last === undefined || next === undefined) return { share: next?.share ?? wholeShare }
  const nextAt = last.at + holdOf(steps, last)
  return now < nextAt ? { share: last.share, nextAt } : { share: next.share }
}

/** When the step after the last that was reached is due; undefined before the first. */
export function dueAt(strategy: Strategy, reached: readonly Reached[]): number | undefined {
  const last = reached.at(-1)
  return last && last.at + holdOf(stepsOf(strategy), last)
}

function holdOf(steps: readonly TrafficStep[], { share }: Reached): number {
  return steps.findLast(step => step.share <= share)?.holdMs ?? 0
}

/** `all the`, or `10% of the`. */
export function partText(share: number): string {
  return share === wholeShare ? 'all the' : `${share / 10}% of the`
}
