import { describe, expect, test } from '@jest/globals'
import type { Acted } from '../../sandbox/simulation.ts'
import { type Simulation, simulate } from '../../sandbox/simulation.ts'
import { outputsOf } from '../../src/report/outputs.ts'
import { summaryOf } from '../../src/report/summary.ts'

/** `mode: plan` in virtual time, through the real SDK clients. */

const operations = (simulation: Simulation) => simulation.wire.calls.list().map(call => call.operation)
const writes = (simulation: Simulation) => operations(simulation).filter(name => !/^(Describe|List|Get)/.test(name))

/** What was told of one mark: `OK`, `NG` or `SKIP`. */
const told = ({ report }: Acted, mark: string) =>
  report.checks.filter(check => check.mark === mark).map(check => check.says)

describe('a plan', () => {
  test('tells what a deploy then does, writes nothing, and succeeds', async () => {
    const simulation = simulate({ seed: 1 })
    const inputs = {
      image: 'sample-app:0.0.2',
      'test-url': 'http://www.example.com:9001/version',
      'test-command': 'true',
      'pre-deploy-command': 'migrate',
    }
    const planned = await simulation.act({ ...inputs, mode: 'plan' })
    expect(writes(simulation)).toEqual([])
    expect(outputsOf(planned.report)).toMatchObject({
      'deployment-status': 'unchanged',
      'active-color': 'blue',
      version: '0.0.1',
      'failure-reason': '',
      'traffic-weights': expect.stringContaining('"blue":100,"green":0'),
    })
    expect(told(planned, 'NG')).toEqual([])
    expect(planned.report.plan?.steps).toEqual([
      { says: 'Register a new revision of sample' },
      { says: expect.stringMatching(/^Take the lock ecs-bg-lock-[0-9a-f]{20} until the end$/) },
      { says: 'Run pre-deploy-command in a task of sample:new, placed as those of sample-green' },
      {
        says: 'Update sample-green to sample:new with 2 tasks',
        before: 'sample:1, 2 tasks',
        after: 'sample:new, 2 tasks',
      },
      { says: 'Ask http://www.example.com:9001/version until 0.0.2 has answered as expected three times in a row' },
      { says: 'Run test-command on this runner' },
      {
        says: 'Change the weights of HTTP:80 (production)',
        before: 'blue 100, green 0',
        after: 'blue 0, green 100',
      },
      {
        says: 'Note on sample-green: IsProduction=true, Image=sample-app:0.0.2, Version=0.0.2, Revision=arn:aws:ecs:eu-central-1:123456789012:task-definition/sample:new',
      },
      {
        says: 'Note on sample-blue: IsProduction=false, Image=sample-app:0.0.1, Version=0.0.1, Revision=arn:aws:ecs:eu-central-1:123456789012:task-definition/sample:1, Tasks=2',
      },
      { says: 'Change the weights of HTTP:9001 (test)', before: 'green 1', after: 'blue 100, green 0' },
    ])
    expect(planned.report.plan?.definition.changes).toEqual([
      { path: 'containerDefinitions[app].image', before: 'sample-app:0.0.1', after: 'sample-app:0.0.2' },
    ])

    const deployed = await simulation.act(inputs)
    expect(deployed.report.outcome).toMatchObject({ status: 'succeeded' })
    expect(writes(simulation)).toEqual([
      'RegisterTaskDefinition',
      'CreateTargetGroup',
      'RunTask',
      // The journal, and with it the lock: still there, and still ours.
      'AddTags',
      'UpdateService',
      'AddTags',
      'ModifyListener',
      'AddTags',
      'AddTags',
      'ModifyListener',
      'DeleteTargetGroup',
    ])
  })

  test('of a canary tells the steps of its weights, and how long each is watched', async () => {
    const simulation = simulate({ seed: 10 })
    const planned = await simulation.act({
      mode: 'plan',
      image: 'sample-app:0.0.2',
      strategy: 'canary',
      'canary-percent': '10',
      'canary-bake-time': '5m',
      'bake-time': '10m',
    })
    expect(planned.report.plan?.steps.slice(3, 8)).toEqual([
      {
        says: 'Change the weights of HTTP:80 (production)',
        before: 'blue 100, green 0',
        after: 'blue 90, green 10',
      },
      { says: 'Watch for 5m' },
      {
        says: 'Change the weights of HTTP:80 (production)',
        before: 'blue 90, green 10',
        after: 'blue 0, green 100',
      },
      { says: 'Watch for 10m' },
      {
        says: 'Note on sample-green: IsProduction=true, Image=sample-app:0.0.2, Version=0.0.2, Revision=arn:aws:ecs:eu-central-1:123456789012:task-definition/sample:new',
      },
    ])
    // As a deploy, and not once for each look of fifteen minutes.
    expect(simulation.wire.calls.list().length).toBeLessThan(25)
  })

  test('of what is live already has no steps', async () => {
    const planned = await simulate({ seed: 2 }).act({ mode: 'plan', image: 'sample-app:0.0.1' })
    expect(planned.report.outcome).toMatchObject({ status: 'unchanged' })
    expect(planned.report.plan?.steps).toEqual([])
    expect(summaryOf(planned.report)).toContain('There is nothing to do')
  })

  test('adds the idle color to a listener that does not name it', async () => {
    const simulation = simulate({ seed: 3, topology: { idleInProduction: false, testPort: undefined } })
    const planned = await simulation.act({ mode: 'plan', image: 'sample-app:0.0.2' })
    expect(planned.report.plan?.steps[2]).toEqual({
      says: 'Change the weights of HTTP:80 (production)',
      before: 'blue 1',
      after: 'blue 100, green 0',
    })
  })

  test('hides values that may be confidential, in the log, in the summary and in the report', async () => {
    const simulation = simulate({ seed: 4, topology: { environment: { OLD_TOKEN: 'hunter1', LOG_LEVEL: 'info' } } })
    const planned = await simulation.act({
      mode: 'plan',
      image: 'sample-app:0.0.2',
      'environment-variables': 'OLD_TOKEN=hunter2\nNEW_TOKEN=hunter3',
      secrets: 'KEY=arn:aws:secretsmanager:eu-central-1:123456789012:secret:hunter4',
    })
    const all = [planned.lines.join('\n'), summaryOf(planned.report), JSON.stringify(planned.report)].join('\n')
    expect(all).not.toMatch(/hunter\d/)
    expect(planned.report.plan?.definition.changes.map(change => change.path).sort()).toEqual([
      'containerDefinitions[app].environment[NEW_TOKEN]',
      'containerDefinitions[app].environment[OLD_TOKEN].value',
      'containerDefinitions[app].image',
      'containerDefinitions[app].secrets[KEY]',
    ])
  })

  test('fails when a check says no, names every check that does, and what was not looked at', async () => {
    const simulation = simulate({ seed: 5 })
    const { cluster, service } = simulation.topology.inputs
    for (const color of ['blue', 'green']) {
      simulation.cloud.call('ecs', 'UpdateService', { cluster, service: `${service}-${color}`, desiredCount: 0 })
      simulation.cloud.call('ecs', 'DeleteService', { cluster, service: `${service}-${color}`, force: true })
    }
    const planned = await simulation.act({ mode: 'plan', image: 'sample-app:0.0.2' })
    expect(planned.report.outcome).toMatchObject({ status: 'failed', failure: { code: 'SERVICE_NOT_ACTIVE' } })
    expect(told(planned, 'NG')).toHaveLength(2)
    expect(told(planned, 'SKIP').length).toBeGreaterThan(2)
    expect(planned.lines).toContainEqual(expect.stringContaining('NG    The service sample-green is DRAINING'))
    expect(writes(simulation)).toEqual([])
  })

  test('fails when the deploy would', async () => {
    const simulation = simulate({ seed: 6 })
    const planned = await simulation.act({ mode: 'plan', image: 'sample-app:0.0.2', 'min-healthy-targets': '5' })
    expect(planned.report.outcome).toMatchObject({ status: 'failed', failure: { code: 'INVALID_INPUT' } })
    expect(told(planned, 'NG')).toEqual([expect.stringContaining('min-healthy-targets is 5')])
  })

  test('goes on without what this role may not read, and says so', async () => {
    const simulation = simulate({ seed: 7 })
    simulation.wire.faults.add([{ kind: 'denied', operation: 'DescribeTargetGroupAttributes' }])
    const planned = await simulation.act({ mode: 'plan', image: 'sample-app:0.0.2' })
    expect(planned.report.outcome).toMatchObject({ status: 'unchanged' })
    expect(told(planned, 'SKIP')).toContainEqual(expect.stringContaining('Deregistration delay'))
  })
})

describe('the policy of a plan', () => {
  test('has every action that a deploy with all features and a rollback by name call, and no other', async () => {
    const simulation = simulate({ seed: 8, settings: { provisioning: { minMs: 12_000, maxMs: 15_000 } } })
    const inputs = {
      image: 'sample-app:0.0.2',
      'test-url': 'http://www.example.com:9001/version',
      'pre-deploy-command': 'migrate',
    }
    const planned = await simulation.act({ ...inputs, mode: 'plan' })
    await simulation.act(inputs)
    // A task that outlives its deploy is stopped.
    await simulation.act({ ...inputs, image: 'sample-app:0.0.3', timeout: '10s' })
    // On neither color, so all revisions of the family are looked through.
    await simulation.act({ mode: 'rollback', version: '9.9.9' })
    const called = new Set(
      simulation.wire.calls
        .list()
        .map(call => `${call.service === 'elbv2' ? 'elasticloadbalancing' : call.service}:${call.operation}`),
    )
    const { Statement = [] } = planned.report.plan?.policy ?? {}
    const allowed = new Set(Statement.flatMap(statement => statement.Action))
    // Asked by AWS itself, for RegisterTaskDefinition with roles and tags.
    for (const implied of ['iam:PassRole', 'ecs:TagResource']) allowed.delete(implied)
    expect([...allowed].sort()).toEqual([...called].sort())
  })

  test('names the very services, listeners, target groups and roles', async () => {
    const simulation = simulate({ seed: 9 })
    const { report } = await simulation.act({ mode: 'plan', image: 'sample-app:0.0.2' })
    const resources = (sid: string) => report.plan?.policy.Statement.find(one => one.Sid === sid)?.Resource
    expect(resources('UpdateServices')).toEqual([
      'arn:aws:ecs:eu-central-1:123456789012:service/sandbox/sample-blue',
      'arn:aws:ecs:eu-central-1:123456789012:service/sandbox/sample-green',
    ])
    expect(resources('SwitchListeners')).toEqual(expect.arrayContaining([...simulation.topology.productionArns]))
    expect(resources('NoteVersions')).toEqual(Object.values(simulation.topology.targetGroupArns))
    expect(resources('PassRoles')).toEqual([
      'arn:aws:iam::123456789012:role/sample-execution',
      'arn:aws:iam::123456789012:role/sample-task',
    ])
  })
})
