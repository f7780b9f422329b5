import type { Color } from './color.ts'

/** Application Auto Scaling of one service's count, as it was seen or is to be. */
export interface ScalingView {
  readonly min: number
  readonly max: number
  readonly suspended: Suspended
}

/** What of it is suspended: scaling by policies, in and out, and by scheduled actions. */
export interface Suspended {
  readonly in: boolean
  readonly out: boolean
  readonly scheduled: boolean
}

/** By color: how its scaling was before it was held at the count of a color that nobody needs. */
export type HeldScaling = Readonly<Partial<Record<Color, ScalingView>>>
