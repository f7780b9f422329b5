import { type ByColor, colors } from '../model/color.ts'
import { Refusal } from '../model/outcome.ts'
import type { TargetGroupView } from '../model/routing.ts'
import type { World } from './world.ts'

/**
 * The target groups with what decides how long things take, and whether AWS takes weights for them. A role that may not read that
 * deploys all the same. Two calls.
 */
export async function withAttributes(
  world: World,
  groups: ByColor<TargetGroupView>,
): Promise<ByColor<TargetGroupView>> {
  try {
    const [blue, green] = await Promise.all(colors.map(color => world.elb.describeAttributes(groups[color].arn)))
    return {
      blue: { ...groups.blue, ...(blue && { attributes: blue }) },
      green: { ...groups.green, ...(green && { attributes: green }) },
    }
  } catch (error) {
    if (!(error instanceof Refusal) || world.signal.aborted) throw error
    world.checks.note({
      section: 'Target groups',
      mark: 'SKIP',
      says: `Deregistration delay, slow start and stickiness are unknown. ${error.failure.headline}`,
    })
    return groups
  }
}
