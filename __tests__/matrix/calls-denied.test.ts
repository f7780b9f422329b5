import { expect, test } from '@jest/globals'
import { deployPolicy } from '../../src/plan/permissions.ts'
import { callMatrix, callStage, calls } from './call-matrix.ts'

const on = callStage()

test('the list has every call of a deploy', async () => {
  const { api } = on.stage().sandbox
  expect(await on.deploy()).toMatchObject({ exitCode: 0 })
  expect(await on.deploy()).toMatchObject({ exitCode: 0 })
  const called = new Set(api.calls.list().map(call => call.operation))
  // Only of a deploy that fails; its own test holds it to that.
  called.add('StopTask')
  expect([...called].sort()).toEqual(calls.map(([operation]) => operation).sort())
})

test('the list has every permission of the policy that a plan prints', () => {
  const arn = (service: string, rest: string) => `arn:aws:${service}:eu-central-1:123456789012:${rest}`
  const { Statement } = deployPolicy({
    clusterArn: arn('ecs', 'cluster/sandbox'),
    services: [arn('ecs', 'service/sandbox/sample-blue')],
    targetGroups: [arn('elasticloadbalancing', 'targetgroup/sample-blue/1')],
    routes: [
      arn('elasticloadbalancing', 'listener/app/sample/1/2'),
      arn('elasticloadbalancing', 'listener-rule/app/sample/1/2/3'),
    ],
    lock: 'ecs-bg-lock-1',
    roles: ['role'],
    // Parking takes minutes; what it calls is denied and throttled in virtual time (deploy/scaling.test.ts).
    parks: false,
    keepsRevisions: true,
    logs: [arn('logs', 'log-group:/ecs/sample:*')],
    alarms: true,
    oneOffTask: true,
    family: 'sample',
    tagged: true,
  })
  const named = new Set(Statement.flatMap(statement => statement.Action))
  // Read only when no route has had weights yet: deploy/deploy.test.ts and modes/plan.test.ts.
  expect(named.delete('elasticloadbalancing:DescribeTargetGroupAttributes')).toBe(true)
  expect(named.delete('application-autoscaling:DescribeScalableTargets')).toBe(true)
  // Asked by AWS itself, when a revision with roles and tags is registered.
  for (const implied of ['iam:PassRole', 'ecs:TagResource']) expect(named.delete(implied)).toBe(true)
  expect(calls.map(([, action]) => action).sort()).toEqual([...named].sort())
})

callMatrix('denied', calls, on)

test('a burst of throttling at every call is only slower', async () => {
  const { api } = on.stage().sandbox
  api.faults.add(calls.map(([operation]) => ({ kind: 'throttle' as const, operation, times: 2 })))
  expect(await on.deploy()).toMatchObject({ exitCode: 0, outputs: { 'deployment-status': 'succeeded' } })
  api.faults.clear()
  expect(on.stage().watch().snapshot().failed).toBe(0)
})
