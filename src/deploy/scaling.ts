import type { Color } from '../model/color.ts'
import type { Progress } from '../model/progress.ts'
import type { ScalingView } from '../model/scaling.ts'
import type { Snapshot } from '../model/snapshot.ts'
import type { Step } from '../model/step.ts'
import { heldAt, heldIn, heldTag, heldText, isHeld, readHeld, resumed, sameScaling } from '../plan/scaling.ts'
import type { Acted } from './acted.ts'
import { tolerated } from './advisory.ts'
import { notesOn } from './register.ts'
import type { World } from './world.ts'

/**
 * Makes Application Auto Scaling leave a color at this count. One call when the service has no scalable target, and at most four.
 * How it was is noted first: what cannot be noted is not changed.
 */
export async function hold(world: World, seen: Snapshot, color: Color, count: number): Promise<void> {
  const { name } = seen.services.value[color]
  const { arn } = seen.targetGroups[color]
  const left = `${name} gets its count, but Application Auto Scaling may change it again`
  await tolerated(world, left, async () => {
    const view = (await world.scaling.describe([name]))[name]
    if (view === undefined) return
    const held = heldAt(view, count)
    if (sameScaling(view, held)) return
    // One that is held already, at another count, has its note.
    const noted = isHeld(view) ? readHeld((await world.elb.describeTags([arn]))[arn]?.[heldTag]) : undefined
    if (noted === undefined) await world.elb.writeTags(arn, { [heldTag]: heldText(view) })
    world.log.info(`Hold the auto scaling of ${name} at ${count} tasks: ${heldText(view)} → ${heldText(held)}`)
    await world.scaling.change(name, held)
  })
}

/** The same for an idle service that is put back: only when it was held before, as this run or its target group knows. */
export async function holdAgain(
  world: World,
  progress: Progress,
  seen: Snapshot,
  color: Color,
  count: number,
): Promise<void> {
  const here = progress.resumed?.[color] === 'done' && progress.held?.[color] !== undefined
  const before = progress.held === undefined && count < seen.services.value[color].desired
  if (here || (before && heldIn(await notesOn(seen, world))[color] !== undefined)) await hold(world, seen, color, count)
}

/** Gives a color that gets traffic, or has it, its auto scaling back. */
export async function resumeScaling(
  step: Extract<Step, { kind: 'resume-scaling' }>,
  world: World,
  progress: Progress,
  seen: Snapshot,
): Promise<Acted> {
  const { color } = step
  const { name } = seen.services.value[color]
  const held = progress.held ?? heldIn(await notesOn(seen, world))
  const note = held[color]
  const known = { ...progress, held }
  if (note === undefined && !step.look) {
    return { progress: { ...known, resumed: { ...progress.resumed, [color]: 'done' } }, seen, look: [] }
  }
  let done = false
  let scaled = progress.scaled
  await tolerated(world, `Whether ${name} is scaled by itself under traffic is not known`, async () => {
    const others = Object.values(seen.services.value).map(service => service.name)
    const found = await world.scaling.describe(others)
    scaled = {
      blue: found[seen.services.value.blue.name] !== undefined,
      green: found[seen.services.value.green.name] !== undefined,
    }
    const view = found[name]
    if (view !== undefined) await resume(world, name, view, note)
    // The note of the new color goes with its other notes, once nothing can put it back.
    if (color === progress.from) await world.elb.writeTags(seen.targetGroups[color].arn, { [heldTag]: '' })
    if (view !== undefined) warnOfMaximum(world, name, view, progress)
    done = true
  })
  return {
    progress: {
      ...known,
      scaled: scaled ?? 'unread',
      resumed: { ...progress.resumed, [color]: done ? 'done' : 'refused' },
    },
    seen,
    look: [],
  }
}

async function resume(world: World, name: string, view: ScalingView, note: ScalingView | undefined): Promise<void> {
  if (note === undefined) {
    if (isHeld(view)) {
      world.log.warn(
        `The auto scaling of ${name}, which gets traffic, is suspended (${heldText(view)}), and no note says how it was before. Resume it if that is not meant: aws application-autoscaling register-scalable-target --suspended-state`,
      )
    }
    return
  }
  const wanted = resumed(view, note)
  if (wanted === undefined || sameScaling(view, wanted)) return
  world.log.info(`Resume the auto scaling of ${name}: ${heldText(view)} → ${heldText(wanted)}`)
  await world.scaling.change(name, wanted)
}

function warnOfMaximum(world: World, name: string, view: ScalingView, { staged }: Progress): void {
  if (staged === undefined || view.max >= staged.desired) return
  world.log.warn(
    `Application Auto Scaling may take ${name} down to ${view.max} tasks, its maximum, although it needs ${staged.desired}: raise its maximum capacity.`,
  )
}
