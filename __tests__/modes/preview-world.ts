import { versionRequest } from '../../sandbox/simulated-client.ts'
import type { Simulation } from '../../sandbox/simulation.ts'

/** What tests of previews ask of the simulated AWS, past its wire. */

export const previewInputs = {
  mode: 'preview',
  'preview-id': 'pr-12',
  'pull-request': '12',
  'preview-domain': 'preview.example.com',
  image: 'sample-app:0.0.2',
} as const

/** Version that a client gets, from every node; `undefined` where nobody answers. */
export function versionsAt(
  { cloud, runtime }: Simulation,
  { host = 'www.example.com', path = '/version', headers = {} as Readonly<Record<string, string>> } = {},
): readonly (string | undefined)[] {
  const [loadBalancer] = cloud.elb.loadBalancers()
  const request = { ...versionRequest(80), host, path, header: (name: string) => headers[name] }
  return (loadBalancer?.nodes ?? []).map(node => {
    const route = node.route(request)
    if (route.kind !== 'forward') return route.kind
    const asked = route.rewrite?.target ?? path
    return asked === '/version' ? runtime.answer(route.target)?.version : `asked for ${asked}`
  })
}

export interface Parts {
  readonly groups: readonly string[]
  readonly rules: readonly string[]
  readonly services: readonly string[]
  readonly revisions: readonly string[]
}

/** All that somebody could leak, and all of production. */
export function partsOf({ cloud, topology }: Pick<Simulation, 'cloud' | 'topology'>): Parts {
  const list = (service: 'ecs' | 'elbv2', operation: string, input: Record<string, unknown>, member: string) =>
    (cloud.call(service, operation, input)[member] ?? []) as readonly Record<string, unknown>[]
  const cluster = topology.inputs.cluster
  const names = list('ecs', 'ListServices', { cluster, maxResults: 100 }, 'serviceArns') as unknown as readonly string[]
  const families = list('ecs', 'ListTaskDefinitions', { status: 'ACTIVE' }, 'taskDefinitionArns')
  const inactive = list('ecs', 'ListTaskDefinitions', { status: 'INACTIVE' }, 'taskDefinitionArns')
  return {
    groups: list('elbv2', 'DescribeTargetGroups', {}, 'TargetGroups')
      .map(group => JSON.stringify(group))
      .sort(),
    rules: topology.productionListenerArns.flatMap(ListenerArn =>
      list('elbv2', 'DescribeRules', { ListenerArn }, 'Rules').map(rule => JSON.stringify(rule)),
    ),
    services: names
      .flatMap(name => list('ecs', 'DescribeServices', { cluster, services: [name] }, 'services'))
      .map(({ serviceName, taskDefinition, desiredCount, loadBalancers }) =>
        JSON.stringify({ serviceName, taskDefinition, desiredCount, loadBalancers }),
      )
      .sort(),
    revisions: [...families, ...inactive].map(String).sort(),
  }
}
