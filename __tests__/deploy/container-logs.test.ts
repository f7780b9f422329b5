import { describe, expect, test } from '@jest/globals'
import { type Simulation, simulate } from '../../sandbox/simulation.ts'
import { summaryOf } from '../../src/report/summary.ts'

/** What containers have printed, read from CloudWatch Logs, in virtual time through the real SDK client. */

const reads = (simulation: Simulation) =>
  simulation.wire.calls.list().filter(call => call.service === 'logs' && call.operation === 'GetLogEvents')

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
    expect(reads(simulation)).toHaveLength(1)
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
    const { report } = await simulation.act({ image: 'sample-app:0.0.2-crash' })
    expect(report.outcome).toMatchObject({ status: 'failed', failure: { code: 'TASKS_CRASHED' } })
    expect(report.logs?.[0]?.note).toMatch(
      /logs:GetLogEvents.*arn:aws:logs:eu-central-1:123456789012:log-group:\/ecs\/sample:log-stream:/,
    )
    expect(summaryOf(report)).toContain('The last lines could not be read.')
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
    // Not all at the end.
    const last = lines.indexOf('  app: step 30')
    expect(lines.slice(lines.indexOf('  app: step 1'), last).some(line => !line.startsWith('  app: '))).toBe(true)
    expect(reads(simulation).length).toBeGreaterThan(5)
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
