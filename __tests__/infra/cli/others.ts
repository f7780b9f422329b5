import { lockName } from '../../../src/deploy/run-lock.ts'
import { tagKeys } from '../../../src/plan/preview-names.ts'
import type { FakeAws } from './fake-aws.ts'

/** What is there beside the stacks of the app `shop`. */

export const physical = (aws: FakeAws, id: string) =>
  aws.formation.stack('shop')?.resources.find(one => one.id === id)?.physical ?? ''

/** A target group with a rule and a service, as the action makes a preview, or as somebody else does. */
export function beside(aws: FakeAws, name: string, tags: Readonly<Record<string, string>>): void {
  const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }))
  const { TargetGroups } = aws.cloud.call('elbv2', 'CreateTargetGroup', {
    Name: name,
    TargetType: 'ip',
    Protocol: 'HTTP',
    Port: 80,
    VpcId: 'vpc-0a1b2c3d4e5f60718',
    Tags,
  }) as { TargetGroups: readonly { TargetGroupArn: string }[] }
  const [{ TargetGroupArn } = { TargetGroupArn: '' }] = TargetGroups
  aws.cloud.call('elbv2', 'CreateRule', {
    ListenerArn: physical(aws, 'ProductionListener'),
    Priority: 10 + name.length,
    Conditions: [{ Field: 'path-pattern', PathPatternConfig: { Values: [`/${name}`] } }],
    Actions: [{ Type: 'forward', TargetGroupArn }],
    Tags,
  })
  aws.cloud.elb.settle()
  aws.cloud.call('ecs', 'CreateService', {
    cluster: 'shop',
    serviceName: name,
    taskDefinition: 'shop',
    desiredCount: 1,
    launchType: 'FARGATE',
    loadBalancers: [{ containerName: 'app', containerPort: 8080, targetGroupArn: TargetGroupArn }],
    networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-a'] } },
    tags: Object.entries(tags).map(([key, value]) => ({ key, value })),
  })
}

export const ofOurs = { [tagKeys.preview]: 'pr-12', [tagKeys.repository]: 'acme/shop', [tagKeys.of]: 'shop/shop' }

/** The target group of a preview with a rule at a load balancer of its own. */
export function besideAtAnother(aws: FakeAws, name: string): void {
  const Tags = Object.entries(ofOurs).map(([Key, Value]) => ({ Key, Value }))
  const { TargetGroups } = aws.cloud.call('elbv2', 'CreateTargetGroup', {
    Name: name,
    TargetType: 'ip',
    Protocol: 'HTTP',
    Port: 80,
    VpcId: 'vpc-0a1b2c3d4e5f60718',
    Tags,
  }) as { TargetGroups: readonly { TargetGroupArn: string }[] }
  const { LoadBalancers } = aws.cloud.call('elbv2', 'CreateLoadBalancer', {
    Name: 'previews',
    Subnets: ['subnet-a', 'subnet-b'],
  }) as { LoadBalancers: readonly { LoadBalancerArn: string }[] }
  const { Listeners } = aws.cloud.call('elbv2', 'CreateListener', {
    LoadBalancerArn: LoadBalancers[0]?.LoadBalancerArn,
    Port: 80,
    Protocol: 'HTTP',
    DefaultActions: [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '404' } }],
  }) as { Listeners: readonly { ListenerArn: string }[] }
  aws.cloud.call('elbv2', 'CreateRule', {
    ListenerArn: Listeners[0]?.ListenerArn,
    Priority: 5,
    Conditions: [{ Field: 'path-pattern', PathPatternConfig: { Values: ['/*'] } }],
    Actions: [{ Type: 'forward', TargetGroupArn: TargetGroups[0]?.TargetGroupArn }],
    Tags,
  })
}

export function lock(aws: FakeAws, expiresAt: number): void {
  const Name = lockName([physical(aws, 'BlueService'), physical(aws, 'GreenService')])
  const tags = { ExpiresAt: new Date(expiresAt).toISOString(), RunUrl: 'https://github.com/acme/shop/actions/runs/7' }
  const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }))
  aws.cloud.call('elbv2', 'CreateTargetGroup', {
    Name,
    TargetType: 'ip',
    Protocol: 'HTTP',
    Port: 1,
    VpcId: 'vpc-1',
    Tags,
  })
}
