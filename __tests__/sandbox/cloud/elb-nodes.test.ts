import { describe, expect, test } from '@jest/globals'
import type { TargetAddress } from '../../../sandbox/cloud/ports.ts'
import { blueGreen, elbWorld, faultOf, fixed, forward, place, request, SECOND, weighted } from './elb-world.ts'

describe('propagation', () => {
  test('a flip reaches each node in its own time: new, old, new, and then only new', () => {
    const world = elbWorld({ propagation: { minMs: 500, maxMs: 30_000 } })
    const { listener, blue, green } = blueGreen(world)
    world.advance(60 * SECOND)
    world.call('ModifyListener', { ListenerArn: listener, DefaultActions: [weighted([blue, 0], [green, 100])] })
    expect(world.nodes().map(node => place(node.route(request())))).toEqual(['10.0.0.1', '10.0.0.1'])
    const seen = new Set<string>()
    for (let waited = 0; waited < 31; waited++) {
      seen.add(
        world
          .nodes()
          .map(node => place(node.route(request())))
          .join(' '),
      )
      world.advance(SECOND)
    }
    expect(seen.size).toBe(3)
    expect([...seen].at(0)).toBe('10.0.0.1 10.0.0.1')
    expect([...seen].at(-1)).toBe('10.0.0.2 10.0.0.2')
  })

  test('two writes reach every node in the order in which they were made', () => {
    for (let seed = 1; seed <= 50; seed++) {
      const world = elbWorld({}, seed)
      const listener = world.listener(world.loadBalancer(), [fixed(404)])
      world.advance(10 * SECOND)
      const history = world.nodes().map(() => new Set<string>())
      const write = (status: number) =>
        world.call('ModifyListener', { ListenerArn: listener, DefaultActions: [fixed(status)] })
      write(410)
      world.advance(50)
      write(411)
      for (let waited = 0; waited < 80; waited++) {
        for (const [index, seen] of history.entries()) seen.add(place(world.node(index).route(request())))
        world.advance(50)
      }
      for (const seen of history) expect(['404 411', '404 410 411']).toContain([...seen].join(' '))
    }
  })

  test('a listener that a node has not heard of is unavailable there, and so is one that is gone', () => {
    const world = elbWorld()
    const listener = world.listener(world.loadBalancer(), [fixed(200)])
    expect(place(world.node().route(request()))).toBe('503')
    world.advance(3 * SECOND)
    expect(place(world.node().route(request()))).toBe('200')
    world.call('DeleteListener', { ListenerArn: listener })
    expect(place(world.node().route(request()))).toBe('200')
    world.advance(3 * SECOND)
    expect(place(world.node().route(request()))).toBe('503')
  })

  test('the data plane is told of listeners at once and sees their ports', () => {
    const world = elbWorld()
    const told: string[] = []
    world.elb.subscribe({ onListenersChanged: arn => told.push(arn), onTargetGone: () => {} })
    const loadBalancer = world.loadBalancer()
    const listener = world.listener(loadBalancer, [fixed(200)], 8081)
    expect(world.elb.loadBalancers()[0]?.listenerPorts()).toEqual([8081])
    world.call('ModifyListener', { ListenerArn: listener, Port: 8082 })
    expect(world.elb.loadBalancers()[0]?.listenerPorts()).toEqual([8082])
    world.call('DeleteListener', { ListenerArn: listener })
    expect(told).toEqual([loadBalancer, loadBalancer, loadBalancer])
    expect(world.elb.loadBalancers()[0]?.listenerPorts()).toEqual([])
  })
})

describe('targets', () => {
  test('unused until a rule names the group, at weight 0 too, then initial, then healthy with the first passing check', () => {
    const world = elbWorld()
    const loadBalancer = world.loadBalancer()
    const blue = world.targetGroup('blue')
    const green = world.targetGroup('green')
    world.register(green, '10.0.0.2')
    world.advance(60 * SECOND)
    expect(world.health(green)).toEqual([['10.0.0.2', 'unused', 'Target.NotInUse']])
    expect(world.checked).toEqual([])
    world.listener(loadBalancer, [weighted([blue, 1], [green, 0])])
    expect(world.health(green)).toEqual([['10.0.0.2', 'initial', 'Elb.RegistrationInProgress']])
    world.advance(5 * SECOND)
    expect(world.health(green)).toEqual([['10.0.0.2', 'healthy', undefined]])
    expect(world.checked).toHaveLength(world.nodes().length)
  })

  test('initial becomes unhealthy after the threshold and healthy again only after the other one', () => {
    const world = elbWorld()
    const { green } = blueGreen(world)
    world.answer('10.0.0.3', { kind: 'mismatch', status: 503 })
    world.register(green, '10.0.0.3')
    world.advance(3 * SECOND)
    expect(world.health(green)[1]).toEqual(['10.0.0.3', 'initial', 'Elb.InitialHealthChecking'])
    world.advance(10 * SECOND)
    expect(world.health(green)[1]).toEqual(['10.0.0.3', 'unhealthy', 'Target.ResponseCodeMismatch'])
    world.answer('10.0.0.3', { kind: 'passed' })
    world.advance(20 * SECOND)
    expect(world.health(green)[1]?.[1]).toBe('unhealthy')
    world.advance(10 * SECOND)
    expect(world.health(green)[1]?.[1]).toBe('healthy')
  })

  test.each([
    [
      { kind: 'mismatch', status: 404 } as const,
      'Target.ResponseCodeMismatch',
      'Health checks failed with these codes: [404]',
    ],
    [{ kind: 'timeout' } as const, 'Target.Timeout', 'Request timed out'],
    [{ kind: 'failed' } as const, 'Target.FailedHealthChecks', 'Health checks failed'],
  ])('%j is explained as %s', (result, reason, description) => {
    const world = elbWorld()
    const { blue } = blueGreen(world)
    world.answer('10.0.0.1', result)
    world.advance(25 * SECOND)
    expect(world.elb.targets.health(blue, { ip: '10.0.0.1', port: 8080 })).toEqual({
      state: 'unhealthy',
      reason,
      description,
    })
  })

  test('one target that fails gets nothing; when all fail, all get requests again', () => {
    const world = elbWorld()
    const { blue } = blueGreen(world)
    world.register(blue, '10.0.0.4')
    world.advance(5 * SECOND)
    const ten = () => new Set(Array.from({ length: 10 }, () => place(world.node().route(request()))))
    expect(ten()).toEqual(new Set(['10.0.0.1', '10.0.0.4']))
    world.answer('10.0.0.1', { kind: 'timeout' })
    world.advance(25 * SECOND)
    expect(ten()).toEqual(new Set(['10.0.0.4']))
    world.answer('10.0.0.4', { kind: 'timeout' })
    world.advance(25 * SECOND)
    expect(ten()).toEqual(new Set(['10.0.0.1', '10.0.0.4']))
  })

  test('a target in a zone that the load balancer does not have stays unused and gets nothing', () => {
    const world = elbWorld()
    const { blue } = blueGreen(world)
    world.elb.targets.register(blue, { ip: '10.0.9.9', port: 8080 }, 'eu-central-1c')
    world.advance(30 * SECOND)
    expect(world.health(blue)[1]).toEqual(['10.0.9.9', 'unused', 'Target.NotInUse'])
    expect(world.checked.some(({ ip }) => ip === '10.0.9.9')).toBe(false)
    expect(place(world.node().route(request()))).toBe('10.0.0.1')
  })

  test('a health check on another port asks that port', () => {
    const world = elbWorld()
    const group = world.targetGroup('blue', { HealthCheckPort: '9000' })
    world.listener(world.loadBalancer(), [forward(group)])
    world.register(group, '10.0.0.1')
    world.advance(10 * SECOND)
    expect(new Set(world.checked.map(({ port }) => port))).toEqual(new Set([9000]))
    expect(world.health(group)).toEqual([['10.0.0.1', 'healthy', undefined]])
  })

  test('a group that nobody names any more is not checked', () => {
    const world = elbWorld()
    const { listener, blue, green } = blueGreen(world)
    world.call('ModifyListener', { ListenerArn: listener, DefaultActions: [forward(blue)] })
    expect(world.health(green)).toEqual([['10.0.0.2', 'unused', 'Target.NotInUse']])
    world.advance(5 * SECOND)
    world.checked.length = 0
    world.advance(60 * SECOND)
    expect(new Set(world.checked.map(({ ip }) => ip))).toEqual(new Set(['10.0.0.1']))
  })
})

test('a group can be deleted only when no node sends requests to it any more', () => {
  for (let seed = 1; seed <= 30; seed++) {
    const world = elbWorld({}, seed)
    const { listener, blue, green } = blueGreen(world)
    world.call('ModifyListener', { ListenerArn: listener, DefaultActions: [weighted([blue, 0], [green, 1])] })
    world.advance(100)
    world.call('ModifyListener', { ListenerArn: listener, DefaultActions: [forward(blue)] })
    const remove = () => world.call('DeleteTargetGroup', { TargetGroupArn: green })
    while (faultOf(remove)[0] !== 'none') world.advance(10)
    for (const node of world.nodes()) expect(place(node.route(request()))).toBe('10.0.0.1')
  }
})

describe('draining', () => {
  const target: TargetAddress = { ip: '10.0.0.1', port: 8080 }

  test('lasts for the whole delay, during which no node sends a new request once it knows', () => {
    const world = elbWorld()
    const { blue } = blueGreen(world)
    world.register(blue, '10.0.0.4')
    world.advance(5 * SECOND)
    const gone: string[] = []
    world.elb.subscribe({ onListenersChanged: () => {}, onTargetGone: ({ ip }) => gone.push(`cut ${ip}`) })
    const began = world.timeline.now()
    world.elb.targets.deregister(blue, target, () => gone.push(`gone after ${world.timeline.now() - began}`))
    world.advance(SECOND)
    for (const node of world.nodes()) {
      for (let index = 0; index < 5; index++) expect(place(node.route(request()))).toBe('10.0.0.4')
    }
    world.checked.length = 0
    world.advance(298 * SECOND)
    expect(new Set(world.checked.map(({ ip }) => ip))).toEqual(new Set(['10.0.0.2', '10.0.0.4']))
    expect(world.health(blue)[0]).toEqual(['10.0.0.1', 'draining', 'Target.DeregistrationInProgress'])
    expect(gone).toEqual([])
    world.advance(SECOND)
    expect(gone).toEqual(['cut 10.0.0.1', 'gone after 300000'])
    expect(world.health(blue).map(([ip]) => ip)).toEqual(['10.0.0.4'])
  })

  test('with a delay of 0 the target is gone only when every node has heard', () => {
    for (let seed = 1; seed <= 30; seed++) {
      const world = elbWorld({}, seed)
      const { blue } = blueGreen(world)
      world.call('ModifyTargetGroupAttributes', {
        TargetGroupArn: blue,
        Attributes: [{ Key: 'deregistration_delay.timeout_seconds', Value: '0' }],
      })
      const began = world.timeline.now()
      let stillServed: boolean | undefined
      world.elb.targets.deregister(blue, target, () => {
        expect(world.timeline.now()).toBeGreaterThan(began)
        stillServed = world.nodes().some(node => place(node.route(request())) === target.ip)
      })
      world.advance(2 * SECOND)
      expect(stillServed).toBe(false)
    }
  })

  test('the last target of a group leaves a 503 behind, also in a weighted rule: there is no failover', () => {
    const world = elbWorld()
    const { listener, blue, green } = blueGreen(world)
    world.call('ModifyListener', { ListenerArn: listener, DefaultActions: [weighted([blue, 50], [green, 50])] })
    world.deregister(blue, target.ip)
    world.advance(5 * SECOND)
    const seen = Array.from({ length: 200 }, () => place(world.node().route(request())))
    expect(new Set(seen)).toEqual(new Set(['503', '10.0.0.2']))
  })

  test('a target that comes back while it drains starts again', () => {
    const world = elbWorld()
    const { blue } = blueGreen(world)
    let calls = 0
    world.elb.targets.deregister(blue, target, () => calls++)
    world.advance(SECOND)
    world.register(blue, target.ip)
    expect(world.health(blue)[0]?.[1]).toBe('initial')
    world.advance(5 * SECOND)
    expect(world.health(blue)[0]?.[1]).toBe('healthy')
    world.advance(300 * SECOND)
    expect(calls).toBe(1)
    expect(world.health(blue)[0]?.[1]).toBe('healthy')
  })

  test('without a registration, or in a group that is gone, it is over at once', () => {
    const world = elbWorld()
    const { blue } = blueGreen(world)
    const gone: string[] = []
    world.elb.targets.deregister(blue, { ip: '10.9.9.9', port: 1 }, () => gone.push('stranger'))
    world.elb.targets.deregister(`${blue}0`, target, () => gone.push('no group'))
    expect(gone).toEqual([])
    world.advance(0)
    expect(gone).toEqual(['stranger', 'no group'])
  })
})
