import type { Scaling } from '../aws/ports.ts'
import type { PlannedStep } from '../model/plan.ts'
import type { ScalingView } from '../model/scaling.ts'
import { heldText } from '../plan/scaling.ts'

/** Application Auto Scaling in which nothing is changed but what is imagined. */
export function imaginedScaling(scaling: Scaling, say: (step: PlannedStep) => void): Scaling {
  const changed = new Map<string, ScalingView>()
  const describe: Scaling['describe'] = async services => ({
    ...(await scaling.describe(services)),
    ...Object.fromEntries(changed),
  })
  return {
    describe,
    async change(service, to) {
      const before = (await describe([service]))[service]
      say({
        says: `Change the auto scaling of ${service}`,
        ...(before === undefined ? {} : { before: heldText(before) }),
        after: heldText(to),
      })
      changed.set(service, to)
    },
  }
}
