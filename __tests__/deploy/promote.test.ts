import { describe, expect, test } from '@jest/globals'
import { createImageRegistry } from '../../sandbox/images.ts'
import { type Simulation, simulate } from '../../sandbox/simulation.ts'
import { outputsOf } from '../../src/report/outputs.ts'
import { summaryOf } from '../../src/report/summary.ts'
import { listeners, lockTags, service, writes } from './locking.ts'

/** A deploy in two jobs in virtual time: stage, then promote. */

const image = (number: number) => `sample-app:0.0.${number}`
const onBlue = [{ blue: 100, green: 0 }]
const onGreen = [{ blue: 0, green: 100 }]

async function stage(simulation: Simulation, number: number, more: Readonly<Record<string, string>> = {}) {
  const { report, lines } = await simulation.act({ image: image(number), 'auto-promote': 'false', ...more })
  return { report, lines, outputs: outputsOf(report) }
}

describe('auto-promote: false', () => {
  test('stops when the candidate is proven and tested: no traffic moves, the idle service keeps it', async () => {
    const simulation = simulate({ seed: 1 })
    const { report, lines, outputs } = await stage(simulation, 2, { 'test-command': 'true' })
    expect(outputs).toMatchObject({
      'deployment-status': 'staged',
      'active-color': 'blue',
      'active-service': 'sample-blue',
      image: image(2),
      version: '0.0.2',
      'task-definition-arn': service(simulation, 'green').taskDefinition,
      'previous-version': '0.0.1',
      'failure-reason': '',
    })
    expect(JSON.parse(outputs['traffic-weights'] ?? '')).toMatchObject({ blue: 100, green: 0 })
    expect(listeners(simulation)).toEqual(onBlue)
    expect(service(simulation, 'green')).toMatchObject({ runningCount: 2 })
    expect(lockTags(simulation)).toBeUndefined()
    expect(lines.join('\n')).toContain('Note on green what is staged there')
    expect(lines.join('\n')).not.toContain('is production')
    const summary = summaryOf(report)
    expect(summary).toContain('0.0.2 is staged, 0.0.1 is live on blue')
    expect(summary).toContain('mode: promote')
  })

  test('fails as a deploy does when a test fails, and then the idle service gets back what it had', async () => {
    const simulation = simulate({ seed: 2 })
    const before = service(simulation, 'green').taskDefinition
    const { outputs } = await stage(simulation, 2, { 'test-command': 'exit 1' })
    expect(outputs).toMatchObject({ 'deployment-status': 'failed', version: '0.0.1' })
    expect(service(simulation, 'green').taskDefinition).toBe(before)
  })

  test('with what is live already is unchanged', async () => {
    const simulation = simulate({ seed: 3 })
    const { outputs } = await stage(simulation, 1)
    expect(outputs).toMatchObject({ 'deployment-status': 'unchanged' })
    expect(writes(simulation)).toEqual([])
  })
})

describe('promote', () => {
  test.each([
    ['task-definition-arn', 'task-definition-arn'],
    ['image', 'image'],
  ] as const)('by %s shifts exactly what was staged; asked again it is unchanged', async (_, name) => {
    const simulation = simulate({ seed: 10 })
    const { outputs } = await stage(simulation, 2)
    const inputs = { mode: 'promote', [name]: outputs[name] ?? '' }
    const updates = writes(simulation).filter(operation => operation === 'UpdateService').length
    const { report } = await simulation.act(inputs)
    expect(outputsOf(report)).toMatchObject({
      'deployment-status': 'succeeded',
      'active-color': 'green',
      version: '0.0.2',
      'previous-version': '0.0.1',
    })
    expect(listeners(simulation)).toEqual(onGreen)
    expect(writes(simulation).filter(operation => operation === 'UpdateService')).toHaveLength(updates)
    const before = writes(simulation).length
    const again = await simulation.act(inputs)
    expect(again.report.outcome).toMatchObject({ status: 'unchanged' })
    expect(again.lines.join('\n')).toContain('Promote 0.0.2 on green of ')
    expect(writes(simulation)).toHaveLength(before)
  })

  test('is refused when it was never staged', async () => {
    const simulation = simulate({ seed: 21 })
    const { report } = await simulation.act({ mode: 'promote', image: image(2) })
    expect(report.outcome).toMatchObject({
      failure: {
        code: 'NOT_STAGED',
        headline: expect.stringMatching(/^green does not run \S+:0\.0\.2, but has \S+ with \S+:0\.0\.1\.$/),
      },
    })
    expect(JSON.stringify(report.outcome)).toContain('Either it was never staged, or')
    expect(writes(simulation)).toEqual([])
  })

  test('knows the version that the first job has given it', async () => {
    const simulation = simulate({ seed: 11 })
    const { outputs } = await stage(simulation, 2, { version: 'spring release' })
    const { report } = await simulation.act({
      mode: 'promote',
      'task-definition-arn': outputs['task-definition-arn'] ?? '',
    })
    expect(outputsOf(report)).toMatchObject({ 'deployment-status': 'succeeded', version: 'spring release' })
  })

  test('is refused when somebody has staged another since', async () => {
    const simulation = simulate({ seed: 12 })
    const { outputs } = await stage(simulation, 2)
    await stage(simulation, 3)
    const before = writes(simulation).length
    for (const name of ['task-definition-arn', 'image'] as const) {
      const { report } = await simulation.act({ mode: 'promote', [name]: outputs[name] ?? '' })
      expect(report.outcome).toMatchObject({
        status: 'failed',
        failure: { code: 'NOT_STAGED', headline: expect.stringContaining('0.0.3') },
      })
    }
    expect(writes(simulation)).toHaveLength(before)
    expect(listeners(simulation)).toEqual(onBlue)
  })

  test.each(['sample-app:main', 'sample-app:0.0.2'])(
    'by the revision of an earlier approval is refused when %s was staged again, with other bits',
    async tag => {
      const simulation = simulate({ seed: 22 })
      const inputs = { image: tag, 'auto-promote': 'false' }
      const approved = outputsOf((await simulation.act(inputs)).report)['task-definition-arn'] ?? ''
      simulation.runtime.push(tag)
      const staged = outputsOf((await simulation.act(inputs)).report)['task-definition-arn'] ?? ''
      const before = writes(simulation).length
      const { report } = await simulation.act({ mode: 'promote', 'task-definition-arn': approved })
      expect(report.outcome).toMatchObject({ status: 'failed', failure: { code: 'NOT_STAGED' } })
      expect(writes(simulation)).toHaveLength(before)
      expect(listeners(simulation)).toEqual(onBlue)
      const now = await simulation.act({ mode: 'promote', 'task-definition-arn': staged })
      expect(now.report.outcome).toMatchObject({ status: 'succeeded' })
      expect(service(simulation, 'green').taskDefinition).toBe(staged)
    },
  )

  test('staged again by digest keeps its revision: the bits are those that were approved', async () => {
    const simulation = simulate({ seed: 23 })
    const pinned = {
      image: `sample-app:0.0.2@${createImageRegistry().digest('sample-app:0.0.2')}`,
      'auto-promote': 'false',
    }
    const first = outputsOf((await simulation.act(pinned)).report)
    const second = outputsOf((await simulation.act(pinned)).report)
    expect(first['deployment-status']).toBe('staged')
    expect(second['task-definition-arn']).toBe(first['task-definition-arn'])
  })

  test.each(['image', 'task-definition-arn'] as const)(
    'gives the traffic to other bits of the tag that is live, staged by %s; asked again it is unchanged',
    async name => {
      const simulation = simulate({ seed: 24, topology: { image: 'sample-app:main' } })
      simulation.runtime.push('sample-app:main')
      const { taskDefinition } = service(simulation, 'blue')
      const named = name === 'image' ? { image: 'sample-app:main' } : { 'task-definition-arn': taskDefinition }
      const first = await simulation.act({ ...named, 'auto-promote': 'false' })
      expect(first.report.outcome).toMatchObject({ status: 'staged' })
      const inputs = { mode: 'promote', [name]: outputsOf(first.report)[name] ?? '' }
      expect((await simulation.act(inputs)).report.outcome).toMatchObject({ status: 'succeeded' })
      expect(listeners(simulation)).toEqual(onGreen)
      expect((await simulation.act(inputs)).report.outcome).toMatchObject({ status: 'unchanged' })
      expect(listeners(simulation)).toEqual(onGreen)
    },
  )

  test('that comes late, after a newer deploy, does not go back', async () => {
    const simulation = simulate({ seed: 13 })
    const { outputs } = await stage(simulation, 2)
    const inputs = { mode: 'promote', 'task-definition-arn': outputs['task-definition-arn'] ?? '' }
    await simulation.act(inputs)
    await simulation.act({ image: image(3) })
    const { report } = await simulation.act(inputs)
    expect(report.outcome).toMatchObject({ failure: { code: 'NOT_STAGED' } })
    expect(JSON.stringify(report.outcome)).toContain('mode: rollback')
    expect(listeners(simulation)).toEqual(onBlue)
  })

  test('makes it as large as what is live first', async () => {
    const simulation = simulate({ seed: 14 })
    const { outputs } = await stage(simulation, 2)
    simulation.cloud.call('ecs', 'UpdateService', {
      cluster: 'sandbox',
      service: 'sample-green',
      taskDefinition: outputs['task-definition-arn'],
      desiredCount: 1,
    })
    const { report } = await simulation.act({
      mode: 'promote',
      'task-definition-arn': outputs['task-definition-arn'] ?? '',
    })
    // Never less capacity: it grows first.
    expect(report.outcome).toMatchObject({ status: 'succeeded' })
    expect(service(simulation, 'green')).toMatchObject({ desiredCount: 2, runningCount: 2 })
  })

  test('tests it again, and leaves it staged when they fail', async () => {
    const simulation = simulate({ seed: 15 })
    const { outputs } = await stage(simulation, 2)
    const arn = outputs['task-definition-arn'] ?? ''
    const { report } = await simulation.act({ mode: 'promote', 'task-definition-arn': arn, 'test-command': 'exit 1' })
    expect(report.outcome).toMatchObject({ status: 'failed', failure: { code: 'TEST_COMMAND_FAILED' } })
    expect(listeners(simulation)).toEqual(onBlue)
    expect(service(simulation, 'green').taskDefinition).toBe(arn)
  })

  test('proves it again, and gives no traffic to one that has fallen ill', async () => {
    const simulation = simulate({ seed: 18 })
    const { report } = await simulation.act({ image: 'sample-app:0.0.2-degrades', 'auto-promote': 'false' })
    const arn = outputsOf(report)['task-definition-arn'] ?? ''
    simulation.cloud.call('elbv2', 'ModifyTargetGroup', {
      TargetGroupArn: simulation.topology.targetGroupArns.green,
      Matcher: { HttpCode: '418' },
    })
    const late = await simulation.act({ mode: 'promote', 'task-definition-arn': arn, timeout: '2m' }, [], {
      afterMs: 120_000,
    })
    expect(late.report.outcome.status).toBe('failed')
    expect(listeners(simulation)).toEqual(onBlue)
  })

  test('shifts as a deploy would: in steps, and watched', async () => {
    const simulation = simulate({ seed: 16 })
    const { outputs } = await stage(simulation, 2)
    const { report } = await simulation.act({
      mode: 'promote',
      'task-definition-arn': outputs['task-definition-arn'] ?? '',
      strategy: 'canary',
      'canary-bake-time': '1m',
      'bake-time': '1m',
    })
    expect(report.outcome).toMatchObject({ status: 'succeeded' })
    expect(report.steps?.map(step => step.share)).toEqual([100, 1_000])
  })

  test('is refused while another run stages something else', async () => {
    const simulation = simulate({ seed: 17 })
    const { outputs } = await stage(simulation, 2)
    const [deploy, promote] = await simulation.race([
      { inputs: { image: image(3) } },
      {
        inputs: { mode: 'promote', 'task-definition-arn': outputs['task-definition-arn'] ?? '' },
        more: { afterMs: 3_000 },
      },
    ])
    expect(deploy?.report.outcome).toMatchObject({ status: 'succeeded' })
    expect(promote?.report.outcome).toMatchObject({ status: 'failed', failure: { code: 'NOT_STAGED' } })
    expect(service(simulation, 'green').taskDefinition).toMatch(/:3$/)
  })
})
