import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { TopologyOptions } from '../../sandbox/cloud/topology-options.ts'
import { openStage, type Stage } from '../e2e/stage.ts'
import { confidential, failingDeploy, idle, printTable, type Row, type Scenario } from './scenario.ts'

/**
 * Every way in which a deploy fails, through dist/index.js, with a client on production all the time. Too long for `npm test`:
 * `npm run test:long` runs it, at one task of each color and at twenty.
 */

function onIdle(change: object): (stage: Stage) => void {
  return stage => {
    const { cloud, topology } = stage.sandbox
    const { cluster, service } = topology.inputs
    cloud.call('ecs', 'UpdateService', { cluster, service: `${service}-${idle(stage)}`, ...change })
  }
}

/** Takes the idle color out of every listener. */
function unreferenced(stage: Stage): void {
  const { cloud, topology } = stage.sandbox
  const only = { TargetGroups: [{ TargetGroupArn: topology.targetGroupArns.blue, Weight: 100 }] }
  for (const ListenerArn of [...topology.productionArns, topology.testListenerArn]) {
    cloud.call('elbv2', 'ModifyListener', { ListenerArn, DefaultActions: [{ Type: 'forward', ForwardConfig: only }] })
  }
}

/** `{testUrl}` stands for the base URL of the test listener. */
const usual: readonly Scenario[] = [
  {
    name: 'image missing',
    code: 'IMAGE_NOT_FOUND',
    cause: /the registry has no such image[\s\S]*CannotPullContainerError/,
    inputs: { image: 'sample-app:2-missing' },
  },
  {
    name: 'crash at start',
    code: 'TASKS_CRASHED',
    cause: /container app .*exit code 1/,
    inputs: { image: 'sample-app:2-crash' },
  },
  {
    name: 'out of memory (137)',
    code: 'OUT_OF_MEMORY',
    cause: /container app was killed .*137[\s\S]*Raise `memory` of the task/,
    inputs: { image: 'sample-app:2-oom' },
  },
  {
    name: 'unhealthy (503)',
    code: 'UNHEALTHY',
    cause: /answer 503 to the health check HTTP GET \/health, which wants 200/,
    inputs: { image: 'sample-app:2-unhealthy' },
  },
  {
    name: 'health path 404',
    code: 'HEALTH_PATH_NOT_FOUND',
    cause: /answer 404 to the health check HTTP GET \/health/,
    inputs: { image: 'sample-app:2-404' },
  },
  {
    name: 'wrong version behind test-url',
    code: 'TEST_WRONG_VERSION',
    cause: /answers with version 0\.0\.0 instead of 2-wrong/,
    inputs: { image: 'sample-app:2-wrong', 'test-url': '{testUrl}/version' },
  },
  {
    name: 'failing test-command',
    code: 'TEST_COMMAND_FAILED',
    cause: /test-command ended with exit code 3[\s\S]*2 of 9 checks failed/,
    inputs: { image: 'sample-app:2', 'test-command': 'echo 2 of 9 checks failed; exit 3' },
  },
  {
    name: 'failing pre-deploy-command',
    code: 'PRE_DEPLOY_FAILED',
    cause: /pre-deploy-command failed: exit code 4/,
    inputs: { image: 'sample-app:2', 'pre-deploy-command': "sh -c 'exit 4'" },
  },
  {
    name: 'no capacity',
    code: 'NO_CAPACITY',
    cause: /no capacity for its tasks[\s\S]*Capacity is unavailable/,
    inputs: { image: 'sample-app:2-nocapacity' },
  },
  {
    name: 'secret unreadable',
    code: 'SECRET_UNREADABLE',
    cause: /could not read the secrets[\s\S]*ssm:GetParameters/,
    inputs: { image: 'sample-app:2-nosecret' },
  },
  {
    name: 'scaled to zero',
    code: 'SCALED_TO_ZERO',
    cause: /Somebody scaled sample-green to 0/,
    inputs: { image: 'sample-app:2' },
    meanwhile: onIdle({ desiredCount: 0 }),
  },
  {
    name: 'superseded',
    code: 'CANDIDATE_SUPERSEDED',
    cause: /Another deployment took over/,
    inputs: { image: 'sample-app:2' },
    meanwhile: onIdle({ forceNewDeployment: true }),
    leavesIdle: true,
  },
]

/** Where ECS leaves slow tasks alone, and its time is not so short that the runner's timeout would be long. */
const slow: readonly Scenario[] = [
  {
    name: 'slow start beyond the timeout',
    code: 'NOT_HEALTHY_IN_TIME',
    cause: /did not become healthy in time[\s\S]*raise `timeout`/,
    inputs: { image: 'sample-app:2-slow', timeout: '10s' },
  },
  {
    name: 'target group unused',
    code: 'TARGETS_UNUSED',
    cause: /targets of sample-green are not used by the load balancer[\s\S]*weight 0 is enough/,
    inputs: { image: 'sample-app:2-slow', timeout: '120s' },
    meanwhile: unreferenced,
  },
]

const circuitBreaker: readonly Scenario[] = [
  {
    name: 'circuit-breaker rollback',
    code: 'CIRCUIT_BREAKER',
    cause: /circuit breaker of ECS gave up on .*the registry has no such image/,
    inputs: { image: 'sample-app:2-missing' },
  },
]

const groups: readonly (readonly [string, Partial<TopologyOptions>, number, readonly Scenario[]])[] = [
  ['the usual set-up', {}, 10, usual],
  ['a set-up with a long grace period', { healthCheckGracePeriodSeconds: 600 }, 3, slow],
  ['a set-up with a circuit breaker', { circuitBreaker: 'rollback' }, 10, circuitBreaker],
]

/** Defines the tests at one size. */
export function failureMatrix(tasks: number): void {
  const rows: Row[] = []
  afterAll(() => printTable('Deploys that have to fail, through the bundle', rows))
  describe.each(groups)('%s', (_, topology, speed, scenarios) => {
    let stage: Stage
    beforeAll(async () => {
      stage = await openStage({
        speed,
        topology: { ...topology, tasks: { blue: tasks, green: tasks }, environment: { API_TOKEN: confidential } },
      })
      stage.watch()
    })
    afterAll(() => stage?.close())

    test.each(scenarios.map(scenario => [scenario.name, scenario] as const))('%s', async (_name, scenario) => {
      const { testUrl } = stage.sandbox.description
      const inputs = Object.entries({ timeout: '90s', ...scenario.inputs }).map(
        ([name, text]) => [name, text.replace('{testUrl}', testUrl)] as const,
      )
      rows.push(await failingDeploy(stage, { ...scenario, inputs: Object.fromEntries(inputs) }, tasks))
    })
  })

  test('every scenario has a code of its own', () => {
    const scenarios = groups.flatMap(([, , , group]) => group)
    expect(new Set(scenarios.map(scenario => scenario.code)).size).toBe(scenarios.length)
  })
}
