import type { Tags } from '../model/clone.ts'
import { Refusal } from '../model/outcome.ts'
import type { World } from './world.ts'

/**
 * Tags of those that are still there. AWS describes several things all or none, and others delete theirs meanwhile: then each half is
 * asked for by itself.
 */
export async function tagsOfPresent(
  world: Pick<World, 'elb'>,
  arns: readonly string[],
): Promise<Readonly<Record<string, Tags>>> {
  if (arns.length === 0) return {}
  try {
    return await world.elb.describeTags(arns)
  } catch (error) {
    if (!(error instanceof Refusal) || !/_NOT_FOUND$/.test(error.failure.code)) throw error
    if (arns.length === 1) return {}
    const middle = Math.ceil(arns.length / 2)
    return {
      ...(await tagsOfPresent(world, arns.slice(0, middle))),
      ...(await tagsOfPresent(world, arns.slice(middle))),
    }
  }
}
