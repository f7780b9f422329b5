import type { ByColor, Color } from './color.ts'

export interface Sides {
  /** Live when the run ended. */
  readonly active: Color
  readonly services: ByColor<string>
  /** What customers got before this run, and after it. The same when nothing was shifted. */
  readonly before: Side
  readonly after: Side
  /** What was deployed, when that never became live, or is not any more. */
  readonly candidate?: Side
  /** What the idle color has at the end: what it had before, once that was put back. */
  readonly idle: Side
}

export interface Side {
  readonly color: Color
  readonly service: string
  readonly version: string
  readonly image: string
  readonly digest?: string
  readonly taskDefinition: string
  readonly running: number
  readonly desired: number
}
