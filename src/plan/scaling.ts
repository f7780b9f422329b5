import type { ByColor, Color } from '../model/color.ts'
import type { Progress } from '../model/progress.ts'
import type { HeldScaling, ScalingView, Suspended } from '../model/scaling.ts'
import type { Decision } from '../model/step.ts'
import type { DeployGoal } from './goal.ts'

/**
 * Application Auto Scaling would raise a parked color to its minimum again, and scheduled actions and policies know no parked colors.
 * So it is held there: the minimum is lowered, and the rest is suspended. How it was before is noted on the target group, and it gets
 * that back before the color gets traffic again.
 */

/** The tag of a color's target group that says how its scaling was before it was held. */
export const heldTag = 'Scaling'

/** What keeps a service at this count: no policy, no scheduled action, and no minimum above it. */
export function heldAt(view: ScalingView, count: number): ScalingView {
  return { ...view, min: Math.min(view.min, count), suspended: { in: true, out: true, scheduled: true } }
}

export function isHeld({ suspended }: ScalingView): boolean {
  return suspended.in && suspended.out && suspended.scheduled
}

/**
 * What a held service gets back. Somebody may have changed its bounds since: a minimum that was raised stays, and the maximum is
 * never touched. Undefined when somebody has resumed it: then it is theirs.
 */
export function resumed(view: ScalingView, before: ScalingView): ScalingView | undefined {
  if (!isHeld(view)) return undefined
  return { ...view, min: Math.max(view.min, Math.min(before.min, view.max)), suspended: before.suspended }
}

export function sameScaling(one: ScalingView, other: ScalingView): boolean {
  return one.min === other.min && suspendedText(one.suspended) === suspendedText(other.suspended)
}

export function scalingText(view: ScalingView): string {
  const bounds = `is kept at ${view.min} to ${view.max} tasks by Application Auto Scaling`
  const { suspended } = view
  const some = suspended.in || suspended.out || suspended.scheduled
  return some ? `${bounds}, suspended: ${suspendedText(suspended).replaceAll('+', ', ')}` : bounds
}

/** `min=2 max=10 suspended=none`: of signs that the value of a tag may have. */
export function heldText({ min, max, suspended }: ScalingView): string {
  return `min=${min} max=${max} suspended=${suspendedText(suspended)}`
}

function suspendedText({ in: dynamicIn, out, scheduled }: Suspended): string {
  const parts = [...(dynamicIn ? ['in'] : []), ...(out ? ['out'] : []), ...(scheduled ? ['scheduled'] : [])]
  return parts.length === 0 ? 'none' : parts.join('+')
}

export function readHeld(text: string | undefined): ScalingView | undefined {
  const [, min, max, words] = /^min=(\d{1,6}) max=(\d{1,6}) suspended=([a-z+]+)$/.exec(text ?? '') ?? []
  if (min === undefined || max === undefined || words === undefined) return undefined
  const parts = words.split('+')
  const suspended = { in: parts.includes('in'), out: parts.includes('out'), scheduled: parts.includes('scheduled') }
  return { min: Number(min), max: Number(max), suspended }
}

/** From the tags of both target groups. */
export function heldIn(tags: ByColor<Readonly<Record<string, string>>>): HeldScaling {
  const [blue, green] = [readHeld(tags.blue[heldTag]), readHeld(tags.green[heldTag])]
  return { ...(blue && { blue }), ...(green && { green }) }
}

/** What a target group that is live now says of it; nothing where there is nothing to take back. */
export function resumedNote(progress: Progress, color: Color): Readonly<Record<string, string>> {
  return progress.resumed?.[color] === 'done' && progress.held?.[color] !== undefined ? { [heldTag]: '' } : {}
}

/**
 * Before the new color gets its first traffic: it must be able to grow. Nobody is asked when no color is ever parked here; where
 * they are, the notes may have been lost.
 */
export function resumeNew(goal: DeployGoal, progress: Progress): Decision | undefined {
  const { to, held, provenAt } = progress
  if (progress.resumed?.[to] !== undefined || provenAt !== undefined) return undefined
  const mayBeHeld = held === undefined || held[to] !== undefined || goal.idleCount !== undefined
  const look = held?.[to] !== undefined || goal.idleCount !== undefined
  return mayBeHeld ? { kind: 'do', step: { kind: 'resume-scaling', color: to, look } } : undefined
}

/** A color that is live although its scaling is held: somebody moved traffic by hand, or AWS refused when we did. */
export function resumeLive({ from, held, resumed: done }: Progress): Decision | undefined {
  if (held?.[from] === undefined || done?.[from] !== undefined) return undefined
  return { kind: 'do', step: { kind: 'resume-scaling', color: from, look: true } }
}
