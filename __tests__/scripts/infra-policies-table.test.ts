import { expect, test } from '@jest/globals'
import { table } from '../../scripts/infra-policies-table.ts'
import type { Statement } from '../../src/model/plan.ts'

const row = (Resource: string, Condition?: Statement['Condition']) => {
  const statement: Statement = {
    Sid: 'It',
    Effect: 'Allow',
    Action: ['ec2:DeleteVpc', 'ec2:DescribeVpcs'],
    Resource,
    ...(Condition === undefined ? {} : { Condition }),
  }
  const rows = table({ some: { Version: '2012-10-17', Statement: [statement] } })
  return rows.find(one => one.startsWith('| [some]'))?.replace(/^.*?json\) \| 1 \| 2 \| /, '')
}

const ofStack = (name: string) => ({ StringEquals: { 'aws:ResourceTag/aws:cloudformation:stack-name': [name] } })

test.each([
  ['*', undefined, '2 | `ec2:DeleteVpc` |'],
  ['arn:PARTITION:ec2:REGION:ACCOUNT:vpc/*', undefined, '2 | `ec2:DeleteVpc` |'],
  ['arn:PARTITION:elasticloadbalancing:REGION:ACCOUNT:listener-rule/app/*', undefined, '2 | `ec2:DeleteVpc` |'],
  ['arn:PARTITION:elasticloadbalancing:REGION:ACCOUNT:targetgroup/ecs-bg-lock-*/*', undefined, '2 | `ec2:DeleteVpc` |'],
  ['arn:PARTITION:ec2:REGION:ACCOUNT:vpc/*', { StringEquals: { 'a:b': 'c' } }, '2 | `ec2:DeleteVpc` (by `a:b`) |'],
  ['arn:PARTITION:ec2:REGION:ACCOUNT:vpc/*', ofStack('SERVICE-network'), '0 | none |'],
  ['arn:PARTITION:ecs:REGION:ACCOUNT:service/CLUSTER/*', undefined, '0 | none |'],
  ['arn:PARTITION:ecs:REGION:ACCOUNT:cluster/SERVICE', undefined, '0 | none |'],
])('what is not limited to the app: %s, %j', (resource, condition, wanted) => {
  expect(row(resource, condition)).toBe(wanted)
})
