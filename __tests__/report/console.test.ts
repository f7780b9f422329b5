import { expect, test } from '@jest/globals'
import { consoleLinks } from '../../src/report/console.ts'
import { summaryOf } from '../../src/report/summary.ts'
import { refused, reportOf } from './reports.ts'

const service = (partition: string, region: string) =>
  `arn:${partition}:ecs:${region}:123456789012:service/web/app-green`
const group = (partition: string, region: string) =>
  `arn:${partition}:elasticloadbalancing:${region}:123456789012:targetgroup/app-green/0123456789abcdef`

test.each([
  ['aws', 'eu-central-1', 'https://eu-central-1.console.aws.amazon.com'],
  ['aws-cn', 'cn-north-1', 'https://cn-north-1.console.amazonaws.cn'],
  ['aws-us-gov', 'us-gov-west-1', 'https://us-gov-west-1.console.amazonaws-us-gov.com'],
])('links of %s go to its own console and Region', (partition, region, base) => {
  expect(consoleLinks(service(partition, region), group(partition, region)).map(link => link.url)).toEqual([
    `${base}/ecs/v2/clusters/web/services/app-green/events?region=${region}`,
    `${base}/ecs/v2/clusters/web/services/app-green/tasks?region=${region}`,
    `${base}/ec2/home?region=${region}#TargetGroup:targetGroupArn=${group(partition, region)}`,
  ])
})

test.each([
  ['a partition without a public console', service('aws-iso', 'us-iso-east-1')],
  ['an ARN without the cluster', 'arn:aws:ecs:eu-central-1:123456789012:service/app-green'],
  ['a Region that is none', 'arn:aws:ecs:evil.example/?:123456789012:service/web/app-green'],
  ['nothing', ''],
])('no link for %s', (_, arn) => {
  expect(consoleLinks(arn, group('aws', 'eu-central-1'))).toEqual([])
})

test('the summary of a failure has them as links, and nothing in them ends a link', () => {
  const hostile = consoleLinks(
    service('aws', 'eu-central-1').replace('app-green', 'a)[x](http:'),
    group('aws', 'eu-central-1'),
  )
  const outcome = { status: 'failed', failure: { code: 'UNHEALTHY', headline: 'x', details: [] } } as const
  const summary = summaryOf(reportOf({ sides: refused, outcome, links: hostile }))
  const line = summary.split('\n').find(one => one.includes('/ecs/v2/')) ?? ''
  expect(line.match(/\]\(https:\/\/eu-central-1\.console\.aws\.amazon\.com\/[^\s()]*\)/g)).toHaveLength(3)
  expect(line).not.toContain('](http:)')
})
