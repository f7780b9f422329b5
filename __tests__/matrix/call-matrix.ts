import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { putAlarm } from '../../sandbox/metric-alarm.ts'
import { openStage, type Stage } from '../e2e/stage.ts'
import { confidential, expectNothingPrinted, firstScreen, idle, live, printTable, type Row } from './scenario.ts'

/**
 * Each API call of a deploy with all features, in turn not allowed, and in turn throttled for ever: through dist/index.js, with a
 * client on production all the time. In several files, because most of the time is spent waiting.
 */

/**
 * What becomes of a deploy without a call: it fails before customers notice anything (`needed`), or after one of two routes was moved,
 * which is moved back (`moves back`); it goes on (`advisory`); or it fails for another reason, and says that it could not clean up
 * (`cleans up`).
 */
type Need = 'needed' | 'moves back' | 'advisory' | 'cleans up'

/** What a deploy calls. Tests hold this list to what the sandbox has heard, and to the policy that `mode: plan` prints. */
export const calls: readonly (readonly [operation: string, action: string, need: Need])[] = [
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
  ['ModifyRule', 'elasticloadbalancing:ModifyRule', 'needed'],
  ['ModifyListener', 'elasticloadbalancing:ModifyListener', 'moves back'],
  ['CreateTargetGroup', 'elasticloadbalancing:CreateTargetGroup', 'needed'],
  ['AddTags', 'elasticloadbalancing:AddTags', 'needed'],
  ['DeleteTargetGroup', 'elasticloadbalancing:DeleteTargetGroup', 'advisory'],
  ['ListTaskDefinitions', 'ecs:ListTaskDefinitions', 'advisory'],
  ['DeregisterTaskDefinition', 'ecs:DeregisterTaskDefinition', 'advisory'],
  ['GetLogEvents', 'logs:GetLogEvents', 'advisory'],
  ['DescribeAlarms', 'cloudwatch:DescribeAlarms', 'needed'],
  ['StopTask', 'ecs:StopTask', 'cleans up'],
]

/** A path that the client does not ask for: what is moved first, and maybe moved back, it never sees. */
const rule = { priority: 10, pathPattern: '/api/*' }

interface CallStage {
  readonly stage: () => Stage
  /** A deploy of something new with all features; `stuck` is one whose one-off task has to be stopped. */
  deploy(how?: 'well' | 'stuck'): ReturnType<Stage['run']>
  version(): string
  readonly tasks: number
}

/** A stage with a client: a rule and a listener for customers, a listener for testers, and an alarm. */
export function callStage(tasks = 1): CallStage {
  let number = 2
  let open: Stage | undefined
  beforeAll(async () => {
    open = await openStage({
      topology: { tasks: { blue: tasks, green: tasks }, rules: [rule], environment: { API_TOKEN: confidential } },
    })
    putAlarm(open.sandbox, 'errors', 'OK', { TreatMissingData: 'notBreaching' })
    open.watch()
  })
  afterAll(() => open?.close())
  const stage = () => {
    if (open === undefined) throw new Error('the stage is not open')
    return open
  }
  return {
    stage,
    tasks,
    version: () => `0.0.${number}`,
    deploy(how = 'well') {
      number++
      const { description, topology } = stage().sandbox
      return stage().run({
        image: `sample-app:0.0.${number}`,
        // The rule first.
        'listener-arns': [...topology.productionArns].reverse().join(','),
        'alarm-names': 'errors',
        'test-url': `${description.testUrl}/version`,
        'keep-revisions': '1',
        ...(how === 'well'
          ? { 'pre-deploy-command': 'true', timeout: '90s' }
          : { 'pre-deploy-command': 'sleep 300', timeout: '10s' }),
      })
    },
  }
}

/** What production does, route by route. */
function routes(stage: Stage): unknown {
  const { cloud, topology } = stage.sandbox
  const RuleArns = topology.productionArns.filter(arn => arn.includes(':listener-rule/'))
  const { Rules } = cloud.call('elbv2', 'DescribeRules', { RuleArns }) as { Rules: readonly { Actions: unknown }[] }
  return [stage.weights(), Rules.map(one => one.Actions)]
}

/** Defines a test for each of these calls. */
export function callMatrix(kind: 'denied' | 'throttle', some: typeof calls, on: CallStage): void {
  const done = kind === 'denied' ? 'denied' : 'throttled'
  const code = kind === 'denied' ? 'ACCESS_DENIED' : 'THROTTLED'
  const rows: Row[] = []
  afterAll(() => printTable(`Calls of a deploy, each ${done}, through the bundle`, rows))
  test.each(some)(`${kind} %s`, async (operation, action, need) => {
    const stage = on.stage()
    const [served, unused] = [live(stage), idle(stage)]
    const before = { routes: routes(stage), live: stage.service(served), idle: stage.service(unused) }
    const asked = stage.watch().snapshot()
    const began = performance.now()
    let hits = 0
    stage.sandbox.api.faults.add([{ kind, operation }], () => {
      hits++
    })
    const result = await on.deploy(need === 'cleans up' ? 'stuck' : 'well')
    stage.sandbox.api.faults.clear()
    const seconds = (performance.now() - began) / 1_000
    expectNothingPrinted(result)
    const after = stage.watch().snapshot()
    const reason = result.outputs['failure-reason'] ?? ''
    rows.push({
      name: `${operation} ${done}`,
      tasks: on.tasks,
      code: reason.split(':')[0] || 'none',
      seconds,
      requests: after.total - asked.total,
      failed: after.failed,
    })
    expect(hits).toBeGreaterThan(0)
    expect(after.failed).toBe(0)
    if (need === 'advisory') {
      expect(result).toMatchObject({ exitCode: 0, outputs: { 'deployment-status': 'succeeded' } })
      return
    }
    const status = need === 'moves back' ? 'rolled-back' : 'failed'
    expect(result).toMatchObject({ exitCode: 1, outputs: { 'deployment-status': status } })
    const shown = firstScreen(result.summary)
    const failure = need === 'cleans up' ? 'PRE_DEPLOY_FAILED' : code
    expect(reason).toMatch(new RegExp(`^${failure}: `))
    expect(shown).toContain(`**${failure}**`)
    expect(shown).toContain(kind === 'denied' ? `"Action": "${action}"` : action)
    expect(after.versions.map(seen => seen.version)).not.toContain(on.version())
    expect(routes(stage)).toEqual(before.routes)
    expect(stage.service(served)).toEqual(before.live)
    const { taskDefinition, desiredCount } = before.idle
    expect(stage.service(unused)).toMatchObject({ taskDefinition, desiredCount })
  })
}
