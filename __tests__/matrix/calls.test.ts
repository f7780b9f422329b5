import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { openStage, type Stage } from '../e2e/stage.ts'
import { confidential, expectNothingPrinted, firstScreen, idle, live, printTable, type Row } from './scenario.ts'

/**
 * Each API call of a deploy with all features, in turn not allowed, and in turn throttled for ever: through dist/index.js, with a
 * client on production all the time.
 */

/** What a deploy calls, and whether it can do without. A test holds this list to what the sandbox has heard. */
const calls: readonly (readonly [operation: string, action: string, need: 'needed' | 'advisory'])[] = [
  ['DescribeServices', 'ecs:DescribeServices', 'needed'],
  ['DescribeTargetGroups', 'elasticloadbalancing:DescribeTargetGroups', 'needed'],
  ['DescribeListeners', 'elasticloadbalancing:DescribeListeners', 'needed'],
  ['DescribeRules', 'elasticloadbalancing:DescribeRules', 'needed'],
  ['DescribeTargetGroupAttributes', 'elasticloadbalancing:DescribeTargetGroupAttributes', 'advisory'],
  ['DescribeTaskDefinition', 'ecs:DescribeTaskDefinition', 'needed'],
  ['DescribeTags', 'elasticloadbalancing:DescribeTags', 'advisory'],
  ['RegisterTaskDefinition', 'ecs:RegisterTaskDefinition', 'needed'],
  ['ListTasks', 'ecs:ListTasks', 'needed'],
  ['RunTask', 'ecs:RunTask', 'needed'],
  ['DescribeTasks', 'ecs:DescribeTasks', 'needed'],
  ['UpdateService', 'ecs:UpdateService', 'needed'],
  ['DescribeTargetHealth', 'elasticloadbalancing:DescribeTargetHealth', 'needed'],
  ['ModifyListener', 'elasticloadbalancing:ModifyListener', 'needed'],
  ['AddTags', 'elasticloadbalancing:AddTags', 'advisory'],
  ['ListTaskDefinitions', 'ecs:ListTaskDefinitions', 'advisory'],
  ['DeregisterTaskDefinition', 'ecs:DeregisterTaskDefinition', 'advisory'],
]

const rows: Row[] = []
afterAll(() => printTable('Each call of a deploy denied, and throttled, through the bundle', rows))

let number = 2
let stage: Stage
beforeAll(async () => {
  stage = await openStage({
    topology: { tasks: { blue: 1, green: 1 }, environment: { API_TOKEN: confidential } },
  })
  stage.watch()
})
afterAll(() => stage?.close())

/** A deploy of something new with all features. */
function deploy() {
  number++
  return stage.run({
    image: `sample-app:0.0.${number}`,
    'pre-deploy-command': 'true',
    'test-url': `${stage.sandbox.description.testUrl}/version`,
    'keep-revisions': '1',
    timeout: '90s',
  })
}

test('the list has every call of a deploy', async () => {
  await deploy()
  stage.sandbox.api.calls.clear()
  expect(await deploy()).toMatchObject({ exitCode: 0 })
  const called = new Set(stage.sandbox.api.calls.list().map(call => call.operation))
  expect([...called].sort()).toEqual(calls.map(([operation]) => operation).sort())
})

describe.each([
  ['denied', 'ACCESS_DENIED'],
  ['throttle', 'THROTTLED'],
] as const)('%s', (kind, code) => {
  test.each(calls)('%s', async (operation, action, need) => {
    const [served, unused] = [live(stage), idle(stage)]
    const before = { weights: stage.weights(), live: stage.service(served), idle: stage.service(unused) }
    const asked = stage.watch().snapshot()
    const began = performance.now()
    stage.sandbox.api.faults.add([{ kind, operation }])
    const result = await deploy()
    stage.sandbox.api.faults.clear()
    const seconds = (performance.now() - began) / 1_000
    expectNothingPrinted(result)
    const after = stage.watch().snapshot()
    rows.push({
      name: `${operation} ${kind === 'denied' ? 'denied' : 'throttled'}`,
      tasks: 1,
      code: result.outputs['failure-reason']?.split(':')[0] || 'none',
      seconds,
      requests: after.total - asked.total,
      failed: after.failed,
    })
    expect(after.failed).toBe(0)
    if (need === 'advisory') {
      expect(result).toMatchObject({ exitCode: 0, outputs: { 'deployment-status': 'succeeded' } })
      return
    }
    expect(result).toMatchObject({ exitCode: 1, outputs: { 'deployment-status': 'failed' } })
    expect(result.outputs['failure-reason']).toMatch(new RegExp(`^${code}: `))
    const shown = firstScreen(result.summary)
    expect(shown).toContain(`**${code}**`)
    expect(shown).toContain(kind === 'denied' ? `"Action":"${action}"` : action)
    expect(after.versions.map(seen => seen.version)).not.toContain(`0.0.${number}`)
    expect(stage.weights()).toEqual(before.weights)
    expect(stage.service(served)).toEqual(before.live)
    const { taskDefinition, desiredCount } = before.idle
    expect(stage.service(unused)).toMatchObject({ taskDefinition, desiredCount })
  })
})

test('a burst of throttling at every call is only slower', async () => {
  stage.sandbox.api.faults.add(calls.map(([operation]) => ({ kind: 'throttle' as const, operation, times: 2 })))
  expect(await deploy()).toMatchObject({ exitCode: 0, outputs: { 'deployment-status': 'succeeded' } })
  stage.sandbox.api.faults.clear()
  expect(stage.watch().snapshot().failed).toBe(0)
})
