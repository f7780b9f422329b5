import { describe, expect, test } from '@jest/globals'
import { type Simulation, simulate } from '../../sandbox/simulation.ts'
import type { Clock } from '../../src/deploy/clock.ts'
import { summaryOf } from '../../src/report/summary.ts'

/** What containers have printed, read from CloudWatch Logs, in virtual time through the real SDK client. */

/** What was asked of CloudWatch Logs. */
const reads = (simulation: Simulation) =>
  simulation.wire.calls
    .list()
    .filter(call => call.service === 'logs' && call.operation === 'GetLogEvents')
    .map(call => call.input as { readonly logStreamName?: string; readonly nextToken?: string })

/** A revision of the seeded definition whose container logs in another way. */
function definitionWith(simulation: Simulation, logConfiguration: object): string {
  const { cloud, topology } = simulation
  const { taskDefinition } = cloud.call('ecs', 'DescribeTaskDefinition', { taskDefinition: topology.taskDefinitionArn })
  const { containerDefinitions, ...definition } = taskDefinition as { containerDefinitions: object[] }
  const [container] = containerDefinitions
  const registered = cloud.call('ecs', 'RegisterTaskDefinition', {
    ...definition,
    containerDefinitions: [{ ...container, image: 'sample-app:2-crash', logConfiguration }],
  })
  return (registered.taskDefinition as { taskDefinitionArn: string }).taskDefinitionArn
}

describe('the last lines of what failed', () => {
  test('are in the report, the log and the summary, once for each way to fail', async () => {
    const simulation = simulate({ seed: 1 })
    const { report, lines } = await simulation.act({ image: 'sample-app:0.0.2-crash' })
    expect(report.outcome).toMatchObject({ failure: { code: 'TASKS_CRASHED' } })
    const said = ['sample-app 0.0.2-crash starts', 'Error: this version crashes at its start']
    expect(report.logs).toEqual([{ container: 'app', task: expect.stringMatching(/^[0-9a-f]{32}$/), lines: said }])
    expect(lines).toEqual(expect.arrayContaining(said))
    expect(summaryOf(report)).toMatch(/<details><summary>Last lines of app in task [0-9a-f]{32} \(2\)<\/summary>/)
    expect(new Set(reads(simulation).map(asked => asked.logStreamName)).size).toBe(1)
    const [, first] = summaryOf(report).split('\n\n')
    expect(first).toMatch(/^\*\*TASKS_CRASHED\*\*: .* What app said last is below\.$/)
  })

  test('tell what used too much memory', async () => {
    const { report } = await simulate({ seed: 1 }).act({ image: 'sample-app:0.0.2-oom' })
    expect(report.outcome).toMatchObject({ failure: { code: 'OUT_OF_MEMORY' } })
    expect(report.logs).toMatchObject([{ lines: expect.arrayContaining(['reading everything into memory']) }])
  })

  test('are those of a task that runs but is not healthy, when none has stopped', async () => {
    const simulation = simulate({ seed: 2, topology: { healthCheckGracePeriodSeconds: 600 } })
    const { report } = await simulation.act({ image: 'sample-app:0.0.2-unhealthy', timeout: '1m' })
    expect(report.logs).toMatchObject([{ container: 'app', lines: ['sample-app 0.0.2-unhealthy starts'] }])
  })

  test('are fifty, the latest', async () => {
    const simulation = simulate({ seed: 3 })
    const script = Array.from({ length: 120 }, (_, index) => `echo line ${index + 1}`).join(';')
    const { report } = await simulation.act({
      image: 'sample-app:0.0.2',
      'pre-deploy-command': `sh -c '${script};exit 1'`,
    })
    expect(report.logs?.[0]?.lines).toHaveLength(50)
    expect(report.logs?.[0]?.lines.at(0)).toBe('line 71')
    expect(report.logs?.[0]?.lines.at(-1)).toBe('line 120')
  })

  test('are not asked for when nothing has run, or nothing has failed', async () => {
    const simulation = simulate({ seed: 4 })
    const missing = await simulation.act({ image: 'sample-app:0.0.2-missing' })
    expect(missing.report.logs).toBeUndefined()
    const well = await simulation.act({ image: 'sample-app:0.0.2' })
    expect(well.report.logs).toBeUndefined()
    expect(reads(simulation)).toEqual([])
  })

  test('that this role may not read are a note with the permission, and the failure stays what it is', async () => {
    const simulation = simulate({ seed: 5 })
    simulation.wire.faults.add([{ kind: 'denied', operation: 'GetLogEvents' }])
    const { report, lines } = await simulation.act({ image: 'sample-app:0.0.2-crash' })
    expect(report.outcome).toMatchObject({ status: 'failed', failure: { code: 'TASKS_CRASHED' } })
    // What AWS refuses is the stream of one task: allowed must be those of the group, or the next run is refused again.
    const resource = 'arn:aws:logs:eu-central-1:123456789012:log-group:/ecs/sample:log-stream:*'
    const allowed = { Effect: 'Allow', Action: 'logs:GetLogEvents', Resource: resource }
    const note = report.logs?.[0]?.note ?? ''
    expect(note).toMatch(
      /^More would be known here\. The last lines could not be read\. Could not read the log stream /,
    )
    expect(note.replace(/^[^{]*/, '')).toBe(JSON.stringify(allowed, undefined, 2))
    expect(summaryOf(report)).toContain(`<pre>\n${JSON.stringify(allowed, undefined, 2)}\n</pre>`)
    expect(lines.join('\n')).toContain(note)
  })

  test('in a group that is gone are a note, and the failure stays what it is', async () => {
    const simulation = simulate({ seed: 5 })
    const deleting = async (clock: Clock) => {
      // After the first of the failing tasks has found its group.
      await clock.sleep(17_000)
      simulation.cloud.call('logs', 'DeleteLogGroup', { logGroupName: '/ecs/sample' })
    }
    const { report } = await simulation.act({ image: 'sample-app:0.0.2-crash' }, [deleting])
    expect(report.outcome).toMatchObject({ status: 'failed', failure: { code: 'TASKS_CRASHED' } })
    expect(report.logs).toMatchObject([
      { lines: [], note: expect.stringMatching(/of \/ecs\/sample: .*log group does not/) },
    ])
    expect(summaryOf(report)).toContain('Why the last lines of its containers are missing is below.')
  })

  test('are given up when the run is cancelled while they are read, and what has failed is told all the same', async () => {
    const simulation = simulate({ seed: 1 })
    simulation.wire.faults.add([{ kind: 'throttle', operation: 'GetLogEvents' }])
    const stop = new AbortController()
    const cancel = async (clock: Clock) => {
      while (reads(simulation).length === 0) await clock.sleep(50)
      stop.abort()
    }
    const { report } = await simulation.act({ image: 'sample-app:0.0.2-crash' }, [cancel], { signal: stop.signal })
    expect(report.outcome).toMatchObject({ status: 'failed', failure: { code: 'TASKS_CRASHED' } })
    expect(report.logs).toMatchObject([{ lines: [], note: expect.stringContaining('could not be read') }])
  })

  test.each([
    [
      'another driver, whose options may be secret',
      { logDriver: 'splunk', options: { 'splunk-token': 'hunter2' } },
      /^app logs through splunk/,
    ],
    [
      'no prefix for the stream',
      { logDriver: 'awslogs', options: { 'awslogs-group': '/ecs/sample' } },
      /stream-prefix/,
    ],
    ['no log configuration', undefined, /no log configuration/],
  ])('are somewhere else with %s', async (_, logConfiguration, note) => {
    const simulation = simulate({ seed: 6 })
    const arn = definitionWith(simulation, logConfiguration as object)
    const { report, lines } = await simulation.act({ 'task-definition-arn': arn })
    expect(report.logs).toMatchObject([{ lines: [], note: expect.stringMatching(note) }])
    expect([...lines, summaryOf(report)].join('\n')).not.toContain('hunter2')
  })
})

describe('pre-deploy-command', () => {
  test('is heard while it runs: every line once, in order', async () => {
    const simulation = simulate({ seed: 7 })
    const script = Array.from({ length: 30 }, (_, index) => `echo step ${index + 1}`).join(';sleep 3;')
    const { report, lines } = await simulation.act({
      image: 'sample-app:0.0.2',
      'pre-deploy-command': `sh -c '${script}'`,
    })
    expect(report.outcome).toMatchObject({ status: 'succeeded' })
    const heard = lines.filter(line => line.startsWith('  app: '))
    expect(heard).toEqual(Array.from({ length: 30 }, (_, index) => `  app: step ${index + 1}`))
    // Not all at the end: they were read in many portions.
    expect(new Set(reads(simulation).map(asked => asked.nextToken)).size).toBeGreaterThan(4)
  })

  test.each([1, 2, 3, 4, 5])('is heard to its end, whatever it says last (seed %d)', async seed => {
    const burst = Array.from({ length: 450 }, (_, index) => `echo last ${index + 1}`).join(';')
    const { report, lines } = await simulate({ seed }).act({
      image: 'sample-app:0.0.2',
      'pre-deploy-command': `sh -c 'echo begins;sleep ${seed * 4};${burst};exit ${seed % 2}'`,
    })
    expect(report.outcome).toMatchObject({ status: seed % 2 === 0 ? 'succeeded' : 'failed' })
    const said = ['begins', ...Array.from({ length: 450 }, (_, index) => `last ${index + 1}`)]
    expect(lines.filter(line => line.startsWith('  app: '))).toEqual(said.map(line => `  app: ${line}`))
  })

  test('is heard to its end when its task is STOPPED before that can be read', async () => {
    const simulation = simulate({ seed: 3, settings: { provisioning: { minMs: 1_000, maxMs: 1_000 } } })
    const { lines } = await simulation.act({
      image: 'sample-app:0.0.2',
      'poll-interval': '1s',
      'pre-deploy-command': `sh -c 'sleep 20;echo done'`,
    })
    expect(lines).toContain('  app: done')
  })

  test('is heard again after CloudWatch Logs has not answered for a while', async () => {
    const simulation = simulate({ seed: 7 })
    // Each look tries six times.
    simulation.wire.faults.add([{ kind: 'error', operation: 'GetLogEvents', after: 2, times: 12 }])
    const script = Array.from({ length: 30 }, (_, index) => `echo step ${index + 1}`).join(';sleep 3;')
    const { report, lines } = await simulation.act({
      image: 'sample-app:0.0.2',
      'pre-deploy-command': `sh -c '${script}'`,
    })
    expect(report.outcome).toMatchObject({ status: 'succeeded' })
    const heard = lines.filter(line => line.startsWith('  app: '))
    expect(heard).toEqual(Array.from({ length: 30 }, (_, index) => `  app: step ${index + 1}`))
    expect(lines.filter(line => line.includes('could not be read'))).toHaveLength(1)
  })

  test('that does not end in time is told with what it said until then', async () => {
    const { report } = await simulate({ seed: 2 }).act({
      image: 'sample-app:0.0.2',
      timeout: '90s',
      'pre-deploy-command': `sh -c 'echo waits for a lock;sleep 600'`,
    })
    expect(report.outcome).toMatchObject({ failure: { code: 'PRE_DEPLOY_FAILED' } })
    expect(report.logs).toMatchObject([{ lines: ['waits for a lock'] }])
  })

  test('whose log may not be read runs all the same', async () => {
    const simulation = simulate({ seed: 8 })
    simulation.wire.faults.add([{ kind: 'denied', operation: 'GetLogEvents' }])
    const { report, lines } = await simulation.act({ image: 'sample-app:0.0.2', 'pre-deploy-command': 'sleep 60' })
    expect(report.outcome).toMatchObject({ status: 'succeeded' })
    expect(lines).toContainEqual(expect.stringContaining('logs:GetLogEvents'))
    expect(reads(simulation)).toHaveLength(1)
  })
})

test('hostile lines stay lines', async () => {
  const { report } = await simulate({ seed: 9 }).act({
    image: 'sample-app:0.0.2',
    'pre-deploy-command': `sh -c 'echo </pre><script>x</script> @team ::error::no \`\`\` \u001b[31mred;exit 1'`,
  })
  const summary = summaryOf(report)
  expect(summary).toContain('&#60;/pre&#62;&#60;script&#62;')
  expect(summary.match(/<\/pre>/g)).toHaveLength(1)
  expect(summary).not.toContain('\u001b')
})
