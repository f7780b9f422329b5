import { type Quotas, standardQuotas } from '../model/clone.ts'
import { Refusal } from '../model/outcome.ts'
import type { World } from './world.ts'

/** Of the account. Whoever may not read them has AWS's own refusal left, after the target group is made. */
export async function readQuotas(world: World): Promise<Quotas> {
  try {
    return await world.clone().elb.quotas()
  } catch (error) {
    if (!(error instanceof Refusal) || error.failure.code !== 'ACCESS_DENIED') throw error
    world.log.info(`The quotas could not be read, so AWS's usual ones count. ${error.failure.headline}`)
    return standardQuotas
  }
}
