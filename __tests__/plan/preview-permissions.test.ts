import { expect, test } from '@jest/globals'
import { simulate } from '../../sandbox/simulation.ts'
import { services } from '../../sandbox/wire/catalog.ts'
import { previewPolicy } from '../../src/plan/preview-permissions.ts'
import { previewInputs } from '../modes/preview-world.ts'

const region = 'eu-central-1:123456789012'
const facts = {
  clusterArn: `arn:aws:ecs:${region}:cluster/sandbox`,
  service: 'a-service-with-a-long-name',
  listenerArn: `arn:aws:elasticloadbalancing:${region}:listener/app/web/0a/0b`,
  roles: ['app-task', 'arn:aws:iam::123456789012:role/app-execution'],
}

test('the policy allows every call that previews make, and no other write', async () => {
  const simulation = simulate({ seed: 1, unsigned: true })
  const act = (more: Readonly<Record<string, string>>) => simulation.act({ ...previewInputs, ...more })
  await act({ 'preview-path': '/previews', 'preview-domain': '' })
  await act({ image: 'sample-app:0.0.3' })
  await act({ mode: 'plan', 'plan-for': 'preview-sweep' })
  await act({ mode: 'preview-sweep' })
  await act({ mode: 'preview-destroy', image: '' })
  const called = new Set(
    simulation.wire.calls.list().map(({ service, operation }) => `${services[service].iamPrefix}:${operation}`),
  )
  const allowed = new Set(previewPolicy(facts).Statement.flatMap(({ Action }) => Action))
  expect([...called].filter(action => !allowed.has(action))).toEqual([])
  // Tags that are given when something is made need leave of their own; these two are only for health checks that production has changed.
  const others = [
    'iam:PassRole',
    'ecs:TagResource',
    'elasticloadbalancing:AddTags',
    'elasticloadbalancing:ModifyTargetGroup',
  ]
  expect([...allowed].filter(action => !called.has(action) && !others.includes(action))).toEqual([])
})

test('what it lets change and delete is bound to the names and tags of previews', () => {
  const { Statement } = previewPolicy(facts)
  const writes = /:(Create|Modify|Delete|Update|AddTags|TagResource)/
  for (const statement of Statement.filter(({ Action }) => Action.some(action => writes.test(action)))) {
    expect([statement.Sid, statement.Resource]).not.toEqual([statement.Sid, '*'])
  }
  for (const Sid of ['ChangePreviews', 'ChangeServices']) {
    expect(Statement.find(one => one.Sid === Sid)?.Condition).toEqual({
      Null: { 'aws:ResourceTag/ecs-bluegreen:preview': 'false' },
    })
  }
  expect(Statement.find(({ Sid }) => Sid === 'ChangeServices')?.Resource).toBe(
    `arn:aws:ecs:${region}:service/sandbox/a-service-*`,
  )
  // A preview may move to another listener of its load balancer.
  expect(Statement.find(({ Sid }) => Sid === 'ChangePreviews')?.Resource).toContain(
    `arn:aws:elasticloadbalancing:${region}:listener-rule/app/web/0a/*/*`,
  )
  expect(Statement.find(({ Sid }) => Sid === 'PassRoles')?.Resource).toEqual([
    'arn:aws:iam::123456789012:role/app-task',
    'arn:aws:iam::123456789012:role/app-execution',
  ])
})
