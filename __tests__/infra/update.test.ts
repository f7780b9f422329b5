import { readFileSync } from 'node:fs'
import { isDeepStrictEqual } from 'node:util'
import { describe, expect, test } from '@jest/globals'
import type { Members } from '../../sandbox/infra/template.ts'
import { app, certificate, https, infra, propertiesOf, resolve, trial } from './resolved.ts'

/**
 * An update of the stack never moves traffic and never undoes a deploy. CloudFormation writes to a resource when one of its properties is
 * another one, and then it writes what the template says: weights 100 and 0, the newest revision of the family. So no parameter that people
 * may change reaches what deploys write to, and the stack policy refuses the others.
 */

/** Every parameter with another value than `https` has. */
const otherValues: Readonly<Record<string, string>> = {
  Service: 'store',
  Cluster: 'web',
  VpcId: 'vpc-0f0f0f0f0f0f0f0f0',
  LoadBalancerSubnets: 'subnet-03333333333333333,subnet-04444444444444444',
  Scheme: 'internal',
  TaskSubnets: 'subnet-03333333333333333',
  PublicTasks: 'true',
  CertificateArn: certificate.replace('0a1b', 'ffff'),
  DomainName: 'store.example.com',
  HostedZoneId: 'Z9876543210ABC',
  TestCidr: '192.0.2.0/24',
  TestCidr2: '',
  TestColor: 'blue',
  Image: 'sample-app:9.9.9',
  RepositoryArn: 'arn:aws:ecr:eu-central-1:123456789012:repository/shop',
  ContainerName: 'web',
  ContainerPort: '3000',
  HealthCheckPath: '/alive',
  DeregistrationDelay: '120',
  ProbePath: '/',
  CapacityProvider: 'FARGATE_SPOT',
  Architecture: 'ARM64',
  Cpu: '1024',
  Memory: '2048',
  LogDays: '14',
  NamespaceId: 'ns-abcdefgh',
  ErrorsPerMinute: '1',
  SlowSeconds: '0.5',
  AlarmTopicArn: 'arn:aws:sns:eu-central-1:123456789012:pager',
  AccessLogBucket: 'logs-of-shop',
  DeletionProtection: 'false',
  Boundary: 'arn:aws:iam::123456789012:policy/shop-boundary',
}

interface PolicyStatement {
  readonly Effect: 'Allow' | 'Deny'
  readonly Action: string | readonly string[]
  readonly Resource: string | readonly string[]
}

const policy = JSON.parse(readFileSync(infra('stack-policy.json'), 'utf8')) as {
  readonly Statement: readonly PolicyStatement[]
}

/** Logical ids of what an update may not do this to. */
function denied(action: string): readonly string[] {
  return policy.Statement.filter(({ Effect, Action }) => Effect === 'Deny' && covers(Action, action)).flatMap(
    ({ Resource }) => [Resource].flat().map(resource => resource.replace('LogicalResourceId/', '')),
  )
}

const covers = (actions: PolicyStatement['Action'], action: string) =>
  [actions].flat().some(one => one === action || one === 'Update:*')

/** Properties that CloudFormation can change only by making the resource anew. */
const replacing: Readonly<Record<string, readonly string[]>> = {
  LoadBalancer: ['Name', 'Scheme', 'Type'],
  ProductionListener: ['LoadBalancerArn'],
  BlueTargetGroup: ['Name', 'Port', 'Protocol', 'TargetType', 'VpcId'],
  GreenTargetGroup: ['Name', 'Port', 'Protocol', 'TargetType', 'VpcId'],
  OwnedCluster: ['ClusterName'],
}

/** What an update from one to the other does that the stack policy refuses. */
function refused(before: ReturnType<typeof resolve>, after: ReturnType<typeof resolve>): readonly string[] {
  const was = (id: string): Members | undefined => before.resources[id]?.Properties
  const is = (id: string): Members | undefined => after.resources[id]?.Properties
  return Object.keys(before.resources).filter(id => {
    const old = was(id)
    const now = is(id)
    if (now === undefined) return denied('Update:Delete').includes(id)
    if (isDeepStrictEqual(old, now)) return false
    const anew = (replacing[id] ?? []).some(name => !isDeepStrictEqual(old?.[name], now[name]))
    return denied(anew ? 'Update:Replace' : 'Update:Modify').includes(id)
  })
}

const parameters = Object.entries(app.parameters)
const isFixed = (description: string) => description.startsWith('Fixed at creation')
const changed = (name: string) => resolve(app, { ...https, [name]: String(otherValues[name]) })

test('there is another value for every parameter', () => {
  expect(Object.keys(otherValues).sort()).toEqual(Object.keys(app.parameters).sort())
})

describe('a parameter that people may change', () => {
  test.each(parameters.filter(([, { Description }]) => !isFixed(Description)).map(([name]) => name))('%s', name => {
    const after = changed(name)
    expect(after).not.toEqual(resolve(app, https))
    expect(refused(resolve(app, https), after)).toEqual([])
  })
})

describe('a parameter that is fixed at creation is refused by the stack policy', () => {
  test.each(parameters.filter(([, { Description }]) => isFixed(Description)).map(([name]) => name))('%s', name => {
    expect(refused(resolve(app, https), changed(name))).not.toEqual([])
  })
})

test('the policy keeps every update from what deploys write to', () => {
  for (const action of ['Update:Modify', 'Update:Replace', 'Update:Delete']) {
    expect(denied(action)).toEqual(expect.arrayContaining(['ProductionRule', 'BlueService', 'GreenService']))
  }
  expect(denied('Update:Modify')).toContain('TestRule')
  expect(denied('Update:Replace')).toEqual(expect.arrayContaining(['BlueTargetGroup', 'GreenTargetGroup', 'TestRule']))
})

test('the policy names nothing that the template does not have, and allows the rest', () => {
  const ids = ['Update:Modify', 'Update:Replace', 'Update:Delete'].flatMap(denied)
  expect(Object.keys(app.resources)).toEqual(expect.arrayContaining(ids))
  expect(policy.Statement[0]).toMatchObject({ Effect: 'Allow', Action: 'Update:*', Resource: '*' })
})

test('a trial becomes HTTPS, and gets testers, without a word about weights', () => {
  const before = resolve(app, trial)
  const after = resolve(app, https)
  expect(refused(before, after)).toEqual([])
  expect(propertiesOf(after, 'ProductionRule')).toEqual(propertiesOf(before, 'ProductionRule'))
  expect(propertiesOf(after, 'ProductionListener')).not.toEqual(propertiesOf(before, 'ProductionListener'))
})

test('a revision that an update makes takes the place of none: the old one can still be rolled back to', () => {
  expect(app.resources.TaskDefinition?.UpdateReplacePolicy).toBe('Retain')
})
