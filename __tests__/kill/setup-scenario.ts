import { differences } from './beside.ts'
import type { Beside, Place, Planned, Scenario } from './scenario.ts'

/** A single service that gets a twin while customers are on it. */

const planned: Planned = {
  inputs: { mode: 'setup', 'test-header': 'X-Stage: idle' },
  version: '',
  beside: true,
}

const pair: Beside = {
  async verify(place, _, before) {
    const { groups, rules, services, revisions } = differences(before, place.parts())
    const counts = [groups, rules, services, revisions].map(({ more, missing }) => `+${more.length} -${missing.length}`)
    // The rule for testers is new; the default action names the twin, and all else of it is checked by its weights.
    const wanted = ['+1 -0', '+2 -1', '+1 -0', '+0 -0']
    const weights = JSON.stringify(place.weights())
    const { outputs } = await place.run(planned)
    return [
      ...(counts.join() === wanted.join() ? [] : [`groups, rules, services, revisions: ${counts.join(', ')}`]),
      ...(weights === JSON.stringify({ blue: 100, green: 0 }) ? [] : [`the weights are ${weights}`]),
      ...(outputs['deployment-status'] === 'unchanged' ? [] : [`a third run was ${outputs['deployment-status']}`]),
    ]
  },
  leave: place => undo(place),
}

/** As the commands do that setup prints. */
async function undo({ sandbox: { cloud, topology }, settled }: Place): Promise<void> {
  const { cluster, service } = topology.inputs
  const twin = `${service}-green`
  const [ListenerArn] = topology.productionListenerArns
  const { Rules } = cloud.call('elbv2', 'DescribeRules', { ListenerArn }) as { Rules: readonly Rule[] }
  for (const { RuleArn, IsDefault } of Rules) if (!IsDefault) cloud.call('elbv2', 'DeleteRule', { RuleArn })
  const DefaultActions = [{ Type: 'forward', TargetGroupArn: topology.targetGroupArns.blue }]
  cloud.call('elbv2', 'ModifyListener', { ListenerArn, DefaultActions })
  const { services } = cloud.call('ecs', 'DescribeServices', { cluster, services: [twin] }) as {
    services: readonly { readonly loadBalancers: readonly { readonly targetGroupArn: string }[] }[]
  }
  const TargetGroupArn = services[0]?.loadBalancers[0]?.targetGroupArn
  cloud.call('ecs', 'DeleteService', { cluster, service: twin, force: true })
  await settled()
  cloud.call('elbv2', 'DeleteTargetGroup', { TargetGroupArn })
}

interface Rule {
  readonly RuleArn: string
  readonly IsDefault: boolean
}

export const setupScenario: Scenario = {
  name: 'setup',
  world: 'plain',
  killed: () => planned,
  followers: [() => ({ ...planned, attempt: true }), () => ({ ...planned, attempt: false })],
  beside: pair,
}
