import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { openStage, type Stage } from '../e2e/stage.ts'
import { confidential, expectNothingPrinted, firstScreen, idle, live, printTable, type Row } from './scenario.ts'

/**
 * Each API call of a deploy with all features, in turn not allowed, and in turn throttled for ever: through dist/index.js, with a
 * client on production all the time. In several files, because most of the time is spent waiting.
 */

/** What a deploy calls, and whether it can do without. A test holds this list to what the sandbox has heard. */
export const calls: readonly (readonly [operation: string, action: string, need: 'needed' | 'advisory'])[] = [
  ['DescribeServices', 'ecs:DescribeServices', 'needed'],
  ['DescribeTargetGroups', 'elasticloadbalancing:DescribeTargetGroups', 'needed'],
  ['DescribeListeners', 'elasticloadbalancing:DescribeListeners', 'needed'],
  ['DescribeRules', 'elasticloadbalancing:DescribeRules', 'needed'],
  ['DescribeTaskDefinition', 'ecs:DescribeTaskDefinition', 'needed'],
  ['DescribeTags', 'elasticloadbalancing:DescribeTags', 'advisory'],
  ['RegisterTaskDefinition', 'ecs:RegisterTaskDefinition', 'needed'],
  ['ListTasks', 'ecs:ListTasks', 'needed'],
  ['RunTask', 'ecs:RunTask', 'needed'],
  ['DescribeTasks', 'ecs:DescribeTasks', 'needed'],
  ['UpdateService', 'ecs:UpdateService', 'needed'],
  ['DescribeTargetHealth', 'elasticloadbalancing:DescribeTargetHealth', 'needed'],
  ['ModifyListener', 'elasticloadbalancing:ModifyListener', 'needed'],
  ['CreateTargetGroup', 'elasticloadbalancing:CreateTargetGroup', 'needed'],
  ['AddTags', 'elasticloadbalancing:AddTags', 'needed'],
  ['DeleteTargetGroup', 'elasticloadbalancing:DeleteTargetGroup', 'advisory'],
  ['ListTaskDefinitions', 'ecs:ListTaskDefinitions', 'advisory'],
  ['DeregisterTaskDefinition', 'ecs:DeregisterTaskDefinition', 'advisory'],
  ['GetLogEvents', 'logs:GetLogEvents', 'advisory'],
]

/** A stage with a client, and deploys of something new with all features on it. */
export function callStage(): { readonly stage: () => Stage; deploy(): ReturnType<Stage['run']>; version(): string } {
  let number = 2
  let open: Stage | undefined
  beforeAll(async () => {
    open = await openStage({
      topology: { tasks: { blue: 1, green: 1 }, environment: { API_TOKEN: confidential } },
    })
    open.watch()
  })
  afterAll(() => open?.close())
  const stage = () => {
    if (open === undefined) throw new Error('the stage is not open')
    return open
  }
  return {
    stage,
    version: () => `0.0.${number}`,
    deploy() {
      number++
      return stage().run({
        image: `sample-app:0.0.${number}`,
        'pre-deploy-command': 'true',
        'test-url': `${stage().sandbox.description.testUrl}/version`,
        'keep-revisions': '1',
        timeout: '90s',
      })
    },
  }
}

/** Defines a test for each of these calls. */
export function callMatrix(kind: 'denied' | 'throttle', some: typeof calls, on: ReturnType<typeof callStage>): void {
  const code = kind === 'denied' ? 'ACCESS_DENIED' : 'THROTTLED'
  const rows: Row[] = []
  afterAll(() =>
    printTable(`Calls of a deploy, each ${kind === 'denied' ? 'denied' : 'throttled'}, through the bundle`, rows),
  )
  test.each(some)(`${kind} %s`, async (operation, action, need) => {
    const stage = on.stage()
    const [served, unused] = [live(stage), idle(stage)]
    const before = { weights: stage.weights(), live: stage.service(served), idle: stage.service(unused) }
    const asked = stage.watch().snapshot()
    const began = performance.now()
    stage.sandbox.api.faults.add([{ kind, operation }])
    const result = await on.deploy()
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
    expect(shown).toContain(kind === 'denied' ? `"Action": "${action}"` : action)
    expect(after.versions.map(seen => seen.version)).not.toContain(on.version())
    expect(stage.weights()).toEqual(before.weights)
    expect(stage.service(served)).toEqual(before.live)
    const { taskDefinition, desiredCount } = before.idle
    expect(stage.service(unused)).toMatchObject({ taskDefinition, desiredCount })
  })
}
