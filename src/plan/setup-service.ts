import { record, type Settings, type Tags } from '../model/clone.ts'
import { counted } from '../model/count.ts'
import type { ServiceView } from '../model/service.ts'
import type { SetupGoal, SetupGroup, SetupSeen } from '../model/setup.ts'
import { primaryOf, serviceRequest } from './clone.ts'
import { isStuck, percentsOf } from './clone-pace.ts'
import { twinTags } from './setup-names.ts'

/** The twin service: like the original in all that makes its tasks run, but for what would take traffic past the load balancer. */

/** What CreateService takes, but for the cluster and the token. */
export function twinRequest(goal: SetupGoal, seen: SetupSeen, group: Pick<SetupGroup, 'view'>): Settings {
  const { view, described, tags } = seen.services.blue
  const [behind] = view.loadBalancers
  const request = serviceRequest(described, {
    name: goal.names.green,
    taskDefinition: view.taskDefinition,
    desired: goal.desired,
    replaced: replacedBy(goal, view),
    targetGroupArn: group.view.arn,
    containerName: behind?.containerName ?? '',
    containerPort: behind?.containerPort ?? 0,
    tags: twinTags(tags, goal.tags),
  })
  const { deploymentCircuitBreaker } = record(described.deploymentConfiguration)
  const breaker = record(deploymentCircuitBreaker).enable === true ? { deploymentCircuitBreaker } : {}
  const connect = record(primaryOf(described).serviceConnectConfiguration)
  return {
    ...request,
    deploymentConfiguration: { ...record(request.deploymentConfiguration), ...breaker },
    // Only a client of others: who can be called by name is refused.
    ...(connect.enabled === true ? { serviceConnectConfiguration: connect } : {}),
  }
}

/** Deploys replace as many tasks as are live, or as the twin keeps; none where it is parked. */
function replacedBy({ desired }: Pick<SetupGoal, 'desired'>, original: Pick<ServiceView, 'desired'>): number {
  const sizes = [desired, original.desired].filter(size => size > 0)
  return sizes.length === 0 ? 0 : Math.min(...sizes)
}

/** What the twin does not get, and what that means. */
export function leftOut({ services }: SetupSeen, scaled: string | undefined): readonly string[] {
  const { name, desired } = services.blue.view
  const { described } = services.blue
  const has = (member: string) => Array.isArray(described[member]) && described[member].length > 0
  const config = record(described.deploymentConfiguration)
  const pace = percentsOf(described)
  const lattice = primaryOf(described).vpcLatticeConfigurations
  return [
    ...(has('serviceRegistries')
      ? [
          `${name} is in service discovery, and its twin is not: whoever finds it by that name stays on ${name}, also when the other color is live. Let them call the load balancer.`,
        ]
      : []),
    ...(Array.isArray(lattice) && lattice.length > 0
      ? [`${name} is behind VPC Lattice, and its twin is not: what comes from there stays on ${name}.`]
      : []),
    ...(isStuck(pace, desired)
      ? [
          `With maximumPercent ${pace.maximumPercent} and minimumHealthyPercent ${pace.minimumHealthyPercent}, ECS can replace none of the ${counted(desired, 'task')} of ${name}: its twin has 200 and 100. Give them to ${name} too, before a deploy reaches it.`,
        ]
      : []),
    ...(record(config.alarms).enable === true
      ? [
          `ECS watches alarms of ${name} in its deployments, and not those of its twin: set \`alarm-names\` in your deploys instead.`,
        ]
      : []),
    ...(scaled === undefined
      ? []
      : [
          `${name} ${scaled}, and its twin is not: register the twin with the same bounds and policies before the first deploy, or nothing scales it while it is live. docs/setup.md says how.`,
        ]),
  ]
}

/** Tags of the twin's target group. */
export function twinGroupTags(goal: SetupGoal, { groups }: SetupSeen): Tags {
  return twinTags(groups.blue.tags, goal.tags)
}
