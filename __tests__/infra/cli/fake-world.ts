import type { Cloud } from '../../../sandbox/cloud/cloud.ts'
import { evaluate, holds } from '../../../sandbox/infra/evaluate.ts'
import { createStack, stackScope } from '../../../sandbox/infra/stack.ts'
import { bodyOf, order, templateOf } from '../../../scripts/infra/templates.ts'
import { account, region } from './fake-account.ts'
import type { FakeIam } from './fake-iam.ts'
import type { FakeStack, FakeWorld } from './fake-stack.ts'

export function registryOf(name: string) {
  return {
    repositoryUri: `${account}.dkr.ecr.${region}.amazonaws.com/${name}`,
    repositoryArn: `arn:aws:ecr:${region}:${account}:repository/${name}`,
  }
}

/** What the stacks make: the app's in the sandbox, of the others what is asked about afterwards. */
export function worldOf(
  cloud: Cloud,
  repositories: Map<string, readonly string[]>,
  registryTags: Map<string, Readonly<Record<string, string>>>,
  identities: Set<string>,
  instances: ReadonlyMap<string, number>,
  iam: FakeIam,
  wait: (ms: number) => void,
): FakeWorld {
  return {
    refused(name, change, body, parameters) {
      const key = order.find(one => bodyOf(one) === body)
      return key === undefined ? undefined : iam.refusedIn(name, key, change, parameters)
    },
    make(body, parameters) {
      const key = order.find(one => bodyOf(one) === body)
      if (key === undefined) return { resources: [], outputs: {} }
      const template = templateOf(key)
      if (key === 'app') {
        const { resources, outputs } = createStack(cloud, template, parameters)
        const made = [...resources].map(([id, { ref }]) => ({
          id,
          type: template.resources[id]?.Type ?? '',
          physical: ref,
        }))
        return { resources: made, outputs }
      }
      const ids: Readonly<Record<string, string>> = {
        Vpc: 'vpc-0a1b2c3d4e5f60718',
        Boundary: `arn:aws:iam::${account}:policy/${parameters.Service}-boundary`,
      }
      const name = parameters.Repository ?? ''
      const { repositoryArn: Arn, repositoryUri: RepositoryUri } = registryOf(name)
      const scope = stackScope(template, parameters, {
        region,
        partition: 'aws',
        accountId: account,
        made: id => ({
          ref:
            ids[id] ??
            (key === 'capacity' ? parameters.Cluster : undefined) ??
            `subnet-0${id.length.toString(16).padStart(8, '0')}${id.endsWith('A') ? 'a' : 'b'}`,
          attributes: key === 'registry' ? { Arn, RepositoryUri } : { Arn: `arn:aws:iam::${account}:role/${id}` },
        }),
      })
      if (key === 'capacity') cloud.call('ecs', 'CreateCluster', { clusterName: parameters.Cluster })
      if (key === 'registry') {
        repositories.set(name, repositories.get(name) ?? [])
        registryTags.set(name, {
          'aws:cloudformation:stack-name': `${name}-registry`,
          'aws:cloudformation:logical-id': 'Images',
        })
      }
      if (key === 'github' || key === 'bootstrap')
        identities.add(`arn:aws:iam::${account}:oidc-provider/token.actions.githubusercontent.com`)
      const made = Object.entries(template.resources).filter(
        ([, { Condition }]) => Condition === undefined || holds(Condition, scope),
      )
      return {
        resources: made.map(([id, { Type }]) => ({ id, type: Type, physical: `made-${id}` })),
        outputs: Object.fromEntries(
          Object.entries(template.outputs)
            .filter(([, { Condition }]) => Condition === undefined || holds(Condition, scope))
            .map(([id, { Value }]) => [id, String(evaluate(Value, scope))]),
        ),
      }
    },
    wait,
    unmake: stack => {
      const has = (id: string) => stack.resources.some(one => one.id === id && one.isGone !== true)
      if (has('Instances') && (instances.get(stack.parameters.Cluster ?? '') ?? 0) > 0) {
        return { id: 'Instances', reason: 'Instances are protected from scale in, and the group did not stabilize.' }
      }
      return has('LoadBalancer') ? unmakeApp(cloud, stack, wait) : undefined
    },
  }
}

/** What AWS refuses to delete, in the order in which CloudFormation would try. */
function unmakeApp(
  cloud: Cloud,
  stack: FakeStack,
  wait: (ms: number) => void,
): { readonly id: string; readonly reason: string } | undefined {
  const physical = (id: string) => stack.resources.find(resource => resource.id === id)?.physical ?? ''
  const isGone = (id: string) => stack.resources.some(one => one.id === id && one.isGone === true)
  const cluster = physical('OwnedCluster') || stack.parameters.Cluster
  const services = ['BlueService', 'GreenService']
  for (const id of services.filter(one => !isGone(one))) {
    cloud.call('ecs', 'DeleteService', { cluster, service: physical(id), force: true })
  }
  stack.resources = stack.resources.map(one => (services.includes(one.id) ? { ...one, isGone: true } : one))
  const LoadBalancerArn = physical('LoadBalancer')
  const { Attributes } = cloud.call('elbv2', 'DescribeLoadBalancerAttributes', { LoadBalancerArn }) as {
    Attributes: readonly { Key: string; Value: string }[]
  }
  if (Attributes.some(({ Key, Value }) => Key === 'deletion_protection.enabled' && Value === 'true')) {
    const reason = `Load balancer '${LoadBalancerArn}' cannot be deleted because deletion protection is enabled`
    return { id: 'LoadBalancer', reason }
  }
  const { serviceArns } = cloud.call('ecs', 'ListServices', { cluster }) as { serviceArns: readonly string[] }
  if (physical('OwnedCluster') !== '' && serviceArns.length > 0) {
    return { id: 'OwnedCluster', reason: 'The Cluster cannot be deleted while Services are active.' }
  }
  cloud.call('elbv2', 'DeleteLoadBalancer', { LoadBalancerArn })
  // They are in use for a while longer.
  wait(600_000)
  for (const id of ['BlueTargetGroup', 'GreenTargetGroup']) {
    cloud.call('elbv2', 'DeleteTargetGroup', { TargetGroupArn: physical(id) })
  }
  return undefined
}
