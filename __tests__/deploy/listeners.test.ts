import type { Listener, Rule } from '@aws-sdk/client-elastic-load-balancing-v2'
import { describe, expect, test } from '@jest/globals'
import { cognitoAction, jwtAction, oidcAction } from '../../sandbox/cloud/topology-actions.ts'
import { type Simulation, simulate } from '../../sandbox/simulation.ts'
import type { FaultRule } from '../../sandbox/wire/fault-rules.ts'

/** Whole deploys in virtual time behind load balancers with more than one plain listener. */

type Described = Listener & Rule

/** One listener or rule, all that AWS says of it. */
function described({ cloud }: Simulation, arn: string): Described {
  const rule = arn.includes(':listener-rule/')
  const answer = rule
    ? cloud.call('elbv2', 'DescribeRules', { RuleArns: [arn] }).Rules
    : cloud.call('elbv2', 'DescribeListeners', { ListenerArns: [arn] }).Listeners
  const [one] = answer as readonly Described[]
  if (one === undefined) throw new Error(`no ${arn}`)
  return one
}

const actionsOf = (one: Described) => one.DefaultActions ?? one.Actions ?? []

/** The weights of a forward action, blue's first. */
function weightsOf({ topology }: Simulation, one: Described): readonly (number | undefined)[] {
  const groups = actionsOf(one).flatMap(action => action.ForwardConfig?.TargetGroups ?? [])
  return [topology.targetGroupArns.blue, topology.targetGroupArns.green].map(
    arn => groups.find(group => group.TargetGroupArn === arn)?.Weight,
  )
}

/** Everything but the weights. */
function withoutWeights(one: Described): unknown {
  return JSON.parse(JSON.stringify(one, (name, value) => (name === 'Weight' ? undefined : value)))
}

const production = (simulation: Simulation) => simulation.topology.productionArns.map(arn => described(simulation, arn))

/** ARNs of the listeners and rules that were written to, in order, with blue's weight. */
function flips(simulation: Simulation): readonly (readonly [string, number | undefined])[] {
  return simulation.wire.calls.list().flatMap(call => {
    if (call.operation !== 'ModifyListener' && call.operation !== 'ModifyRule') return []
    const input = call.input as { ListenerArn?: string; RuleArn?: string } & Described
    const arn = input.ListenerArn ?? input.RuleArn ?? ''
    if (!simulation.topology.productionArns.includes(arn)) return []
    return [[arn, weightsOf(simulation, input)[0]] as const]
  })
}

const transforms = [
  {
    Type: 'host-header-rewrite',
    HostHeaderRewriteConfig: { Rewrites: [{ Regex: '^shop\\.(.+)$', Replace: 'in.$1' }] },
  },
  { Type: 'url-rewrite', UrlRewriteConfig: { Rewrites: [{ Regex: '^/shop/(.*)$', Replace: '/$1' }] } },
]

/** HTTP and HTTPS, a rule by host on HTTPS with a log-in and transforms, and one by path on both. */
const many = {
  productionPorts: [80, 443],
  httpsPorts: [443],
  before: { 443: oidcAction('allow') },
  groupStickinessSeconds: 120,
  rules: [
    { priority: 10, host: 'shop.example.com', ports: [443], before: cognitoAction(), transforms },
    { priority: 20, host: 'api.example.com', ports: [443], before: jwtAction() },
    { priority: 30, pathPattern: '/api/*' },
  ],
}

describe('several listeners and rules', () => {
  test('are switched in the order of listener-arns, and keep everything but their weights', async () => {
    const simulation = simulate({ seed: 101, topology: many })
    const before = production(simulation)
    const order = simulation.topology.productionArns.toReversed()
    const { report } = await simulation.act({ image: 'sample-app:0.0.2', 'listener-arns': order.join('\n') })
    expect(report.outcome).toMatchObject({ status: 'succeeded' })
    expect(flips(simulation)).toEqual(order.map(arn => [arn, 0]))
    const after = production(simulation)
    expect(after.length).toBe(6)
    expect(after.map(withoutWeights)).toEqual(before.map(withoutWeights))
    expect(after.map(one => weightsOf(simulation, one))).toEqual(after.map(() => [0, 100]))
    expect(after[3]).toMatchObject({ Transforms: transforms, Actions: [{ Type: 'authenticate-cognito' }, {}] })
  })

  test('are read back after each write', async () => {
    const simulation = simulate({ seed: 102, topology: many })
    await simulation.act({ image: 'sample-app:0.0.2' })
    const calls = simulation.wire.calls.list().map(call => call.operation)
    const writes = calls.flatMap((operation, index) => (/^Modify(Listener|Rule)$/.test(operation) ? [index] : []))
    expect(writes.length).toBeGreaterThanOrEqual(6)
    for (const index of writes) {
      expect(calls.slice(index + 1, index + 3).toSorted()).toEqual(['DescribeListeners', 'DescribeRules'])
    }
  })

  test('serve every client all the time', async () => {
    const simulation = simulate({ seed: 103, topology: { ...many, groupStickinessSeconds: 0 } })
    const { report } = await simulation.act({
      image: 'sample-app:0.0.2',
      'production-url': 'http://www.example.com/version',
    })
    expect(report).toMatchObject({ outcome: { status: 'succeeded' }, traffic: { failed: 0 } })
  })

  test('whose cookies keep clients on the old color are warned of, each', async () => {
    const simulation = simulate({ seed: 104, topology: many })
    const { report } = await simulation.act({ image: 'sample-app:0.0.2' })
    const warned = report.warnings.filter(line => line.includes('120 s'))
    expect(warned.map(line => line.split(' has ')[0])).toEqual([
      'HTTP:80',
      'HTTPS:443',
      'HTTP:80 rule 30',
      'HTTPS:443 rule 10',
      'HTTPS:443 rule 20',
      'HTTPS:443 rule 30',
    ])
  })

  test('move step by step together', async () => {
    const simulation = simulate({ seed: 105, topology: many })
    const before = production(simulation)
    const { report } = await simulation.act({
      image: 'sample-app:0.0.2',
      strategy: 'canary',
      'canary-percent': '10',
      'canary-bake-time': '1m',
    })
    expect(report.outcome).toMatchObject({ status: 'succeeded' })
    const arns = simulation.topology.productionArns
    expect(flips(simulation)).toEqual([...arns.map(arn => [arn, 90]), ...arns.map(arn => [arn, 0])])
    expect(production(simulation).map(withoutWeights)).toEqual(before.map(withoutWeights))
  })
})

describe('a write that fails takes back those before it, and says so:', () => {
  const three = { productionPorts: [80, 443], rules: [{ priority: 10, pathPattern: '/api/*', ports: [443] }] }

  test.each<[string, FaultRule, string]>([
    [
      'the second listener is denied',
      { kind: 'denied', operation: 'ModifyListener', after: 1, times: 1 },
      'ACCESS_DENIED',
    ],
    ['the rule is denied', { kind: 'denied', operation: 'ModifyRule' }, 'ACCESS_DENIED'],
    [
      'the rule has too many actions',
      { kind: 'error', operation: 'ModifyRule', code: 'TooManyActions', message: 'Too many actions' },
      'AWS_ERROR',
    ],
    ['the rule never answers', { kind: 'lost-request', operation: 'ModifyRule' }, 'AWS_ERROR'],
  ])('%s', async (name, rule, code) => {
    const simulation = simulate({ seed: 110, topology: three })
    const before = production(simulation)
    simulation.wire.faults.add([rule])
    const { report } = await simulation.act({ image: 'sample-app:0.0.2' })
    expect(report.outcome).toMatchObject({ status: 'rolled-back', failure: { code } })
    expect(production(simulation)).toEqual(before)
    const failed = name.startsWith('the second') ? 'HTTP:443' : 'HTTP:443 rule 10'
    const earlier = failed === 'HTTP:443' ? 'HTTP:80' : 'HTTP:80 and HTTP:443'
    const text = JSON.stringify(report.outcome)
    expect(text).toContain(failed)
    expect(text).toContain(`${earlier} had been told to send requests to green already, and got blue back.`)
    expect(text).toContain('All the traffic is on blue, as it was before the run: production is back on 0.0.1.')
  })

  test('a rule is deleted before its turn', async () => {
    const simulation = simulate({ seed: 111, topology: three, settings: { throttling: false } })
    const [http = '', second = '', rule = ''] = simulation.topology.productionArns
    const before = [http, second].map(arn => described(simulation, arn))
    const { report } = await simulation.act({ image: 'sample-app:0.0.2' }, [
      async clock => {
        while (weightsOf(simulation, described(simulation, http))[0] !== 0) await clock.sleep(1)
        simulation.cloud.call('elbv2', 'DeleteRule', { RuleArn: rule })
      },
    ])
    expect(report.outcome).toMatchObject({ status: 'rolled-back', failure: { code: 'LISTENER_NOT_FOUND' } })
    expect([http, second].map(arn => described(simulation, arn))).toEqual(before)
    const text = JSON.stringify(report.outcome)
    expect(text).toContain(rule)
    expect(text).toContain('HTTP:443 rule 10 was deleted meanwhile. All the traffic is on blue')
    expect(report.routes.find(route => route.arn === rule)?.after).toEqual({})
  })

  test('a listener is deleted while the candidate starts: nothing moves, and idle is put back', async () => {
    const simulation = simulate({ seed: 112, topology: three, settings: { throttling: false } })
    const [http = '', second = ''] = simulation.topology.productionArns
    const { report } = await simulation.act({ image: 'sample-app:0.0.2' }, [
      async clock => {
        while (!simulation.wire.calls.list().some(call => call.operation === 'UpdateService')) await clock.sleep(5)
        simulation.cloud.call('elbv2', 'DeleteListener', { ListenerArn: second })
      },
    ])
    expect(report.outcome).toMatchObject({
      status: 'failed',
      failure: { code: 'LISTENER_NOT_FOUND', headline: expect.stringContaining('HTTP:443') },
    })
    expect(flips(simulation)).toEqual([])
    expect(weightsOf(simulation, described(simulation, http))).toEqual([100, 0])
    const { services } = simulation.cloud.call('ecs', 'DescribeServices', {
      cluster: 'sandbox',
      services: ['sample-green'],
    }) as { services: readonly { taskDefinition: string }[] }
    expect(services[0]?.taskDefinition).toBe(simulation.topology.taskDefinitionArn)
  })

  test('the last one of all is deleted: no traffic is claimed to be anywhere', async () => {
    const simulation = simulate({ seed: 113, settings: { throttling: false } })
    const { report } = await simulation.act({ image: 'sample-app:0.0.2' }, [
      async clock => {
        while (!simulation.wire.calls.list().some(call => call.operation === 'UpdateService')) await clock.sleep(5)
        simulation.cloud.call('elbv2', 'DeleteListener', { ListenerArn: simulation.topology.productionArns[0] })
      },
    ])
    expect(report.outcome).toMatchObject({ status: 'failed', failure: { code: 'LISTENER_NOT_FOUND' } })
    expect(JSON.stringify(report.outcome)).not.toContain('All the traffic')
  })
})

describe('what stands before the forward action stays', () => {
  test.each([
    ['authenticate-oidc', oidcAction('authenticate')],
    ['authenticate-cognito', cognitoAction()],
    ['jwt-validation', jwtAction()],
  ])('%s, on a default action and on a rule', async (type, before) => {
    const simulation = simulate({
      seed: 120,
      topology: {
        productionPorts: [443],
        httpsPorts: [443],
        before: { 443: before },
        rules: [{ priority: 10, pathPattern: '/api/*', before }],
        idleInProduction: type !== 'jwt-validation',
      },
    })
    const was = production(simulation)
    const first = await simulation.act({ image: 'sample-app:0.0.2' })
    const back = await simulation.act({ image: 'sample-app:0.0.3' })
    expect([first, back].map(({ report }) => report.outcome.status)).toEqual(['succeeded', 'succeeded'])
    const is = production(simulation)
    for (const [index, one] of is.entries()) {
      const [kept] = actionsOf(one)
      expect(kept?.Type).toBe(type)
      expect(kept).toEqual(actionsOf(was[index] as Described)[0])
      expect(weightsOf(simulation, one)).toEqual([100, 0])
    }
    expect(first.lines).toContainEqual(expect.stringContaining(`HTTPS:443 (production): blue`))
    expect(first.lines).toContainEqual(expect.stringContaining(`, after ${type}`))
    // No write says a secret: AWS keeps the one that it has.
    expect(JSON.stringify(simulation.wire.calls.list())).not.toContain('"ClientSecret"')
  })

  test('as it was, when the write after it is taken back', async () => {
    const simulation = simulate({ seed: 121, topology: many })
    const before = production(simulation)
    simulation.wire.faults.add([{ kind: 'denied', operation: 'ModifyRule', after: 3, times: 1 }])
    const { report } = await simulation.act({ image: 'sample-app:0.0.2' })
    expect(report.outcome).toMatchObject({ status: 'rolled-back', failure: { code: 'ACCESS_DENIED' } })
    expect(production(simulation)).toEqual(before)
  })
})

test('target groups behind a Network Load Balancer are refused, with what is needed', async () => {
  const simulation = simulate({ seed: 130, topology: { loadBalancer: 'network', testPort: undefined } })
  // Its listeners are no valid input, so they are left to be found.
  const { report } = await simulation.act({ image: 'sample-app:0.0.2', 'listener-arns': ' ' })
  expect(report.outcome).toMatchObject({
    status: 'failed',
    failure: {
      code: 'SERVICE_UNSUPPORTED',
      headline: expect.stringContaining('sample-blue is behind a Network or Gateway Load Balancer'),
      details: expect.arrayContaining(['An Application Load Balancer is needed.']),
    },
  })
  expect(simulation.wire.calls.list().filter(call => !call.operation.startsWith('Describe'))).toEqual([])
})
