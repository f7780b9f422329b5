import type { ApplicationAutoScalingClient, ScalableTarget } from '@aws-sdk/client-application-auto-scaling'
import type { ScalingView } from '../model/scaling.ts'
import { explain } from './errors.ts'
import type { Scaling } from './ports.ts'

/** A service has many things that could be scaled one day; this is the number of its tasks. */
const count = { ServiceNamespace: 'ecs', ScalableDimension: 'ecs:service:DesiredCount' } as const

/** Application Auto Scaling through the SDK, which is loaded when somebody first asks. */
export function scalingOf(
  client: () => Promise<ApplicationAutoScalingClient>,
  cluster: string,
  signal: AbortSignal,
): Scaling {
  const resourceOf = (service: string) => `service/${cluster.slice(cluster.lastIndexOf('/') + 1)}/${service}`
  return {
    async describe(services) {
      try {
        const scaling = await client()
        const { DescribeScalableTargetsCommand } = await import(/* webpackIgnore: true */ '#scaling')
        const command = new DescribeScalableTargetsCommand({ ...count, ResourceIds: services.map(resourceOf) })
        const { ScalableTargets = [] } = await scaling.send(command, { abortSignal: signal })
        return Object.fromEntries(
          services.flatMap(service => {
            const target = ScalableTargets.find(one => one.ResourceId === resourceOf(service))
            return target === undefined ? [] : [[service, scalingView(target)]]
          }),
        )
      } catch (error) {
        const what = `describe the scalable targets of ${services.join(' and ')}`
        throw explain(error, { what, action: 'application-autoscaling:DescribeScalableTargets', resource: '*' })
      }
    },

    async change(service, { min, suspended }) {
      try {
        const scaling = await client()
        const { RegisterScalableTargetCommand } = await import(/* webpackIgnore: true */ '#scaling')
        await scaling.send(
          new RegisterScalableTargetCommand({
            ...count,
            ResourceId: resourceOf(service),
            MinCapacity: min,
            SuspendedState: {
              DynamicScalingInSuspended: suspended.in,
              DynamicScalingOutSuspended: suspended.out,
              ScheduledScalingSuspended: suspended.scheduled,
            },
          }),
        )
      } catch (error) {
        const what = `change the scalable target of ${service}`
        throw explain(error, { what, action: 'application-autoscaling:RegisterScalableTarget', resource: '*' })
      }
    },
  }
}

function scalingView({ MinCapacity = 0, MaxCapacity = 0, SuspendedState: state }: ScalableTarget): ScalingView {
  return {
    min: MinCapacity,
    max: MaxCapacity,
    suspended: {
      in: state?.DynamicScalingInSuspended === true,
      out: state?.DynamicScalingOutSuspended === true,
      scheduled: state?.ScheduledScalingSuspended === true,
    },
  }
}
