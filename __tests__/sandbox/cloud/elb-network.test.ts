import { expect, test } from '@jest/globals'
import { elbWorld, faultOf, forward, SECOND } from './elb-world.ts'

/** Of a network load balancer there is just enough to be refused. */

test('a network load balancer has TCP listeners and target groups, whose targets are checked', () => {
  const world = elbWorld()
  const { LoadBalancers } = world.call('CreateLoadBalancer', { Name: 'net', Type: 'network' })
  const [balancer] = LoadBalancers as unknown as { LoadBalancerArn: string; Type: string }[]
  expect(balancer).toMatchObject({
    Type: 'network',
    LoadBalancerArn: expect.stringContaining(':loadbalancer/net/net/'),
  })
  const LoadBalancerArn = balancer?.LoadBalancerArn ?? ''
  const tcp = world.targetGroup('tcp', { Protocol: 'TCP' })
  const create = (Protocol: string, group: string, Port: number) =>
    world.call('CreateListener', { LoadBalancerArn, Protocol, Port, DefaultActions: [forward(group)] })
  const { Listeners } = create('TCP', tcp, 80)
  expect(Listeners).toMatchObject([{ ListenerArn: expect.stringContaining(':listener/net/net/'), Protocol: 'TCP' }])
  world.register(tcp, '10.0.0.1')
  world.advance(20 * SECOND)
  expect(world.health(tcp)).toEqual([['10.0.0.1', 'healthy', undefined]])
  expect(world.elb.loadBalancers()[0]?.listenerPorts()).toEqual([])
  expect(faultOf(() => create('HTTP', tcp, 81))[0]).toBe('UnsupportedProtocolException')
  expect(faultOf(() => create('TCP', world.targetGroup('http'), 82))[0]).toBe('IncompatibleProtocolsException')
})

test('an application load balancer has neither', () => {
  const world = elbWorld()
  const balancer = world.loadBalancer()
  const tcp = world.targetGroup('tcp', { Protocol: 'TCP' })
  expect(faultOf(() => world.listener(balancer, [forward(tcp)]))[0]).toBe('IncompatibleProtocolsException')
})
