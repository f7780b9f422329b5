import { describe, expect, test } from '@jest/globals'
import { type Acted, type Simulation, simulate } from '../../sandbox/simulation.ts'
import { writes } from '../deploy/locking.ts'

/** What a plan tells of what this role may not read, and how the lines of its tree read. */

const denied = (simulation: Simulation, ...operations: readonly string[]) =>
  simulation.wire.faults.add(operations.map(operation => ({ kind: 'denied' as const, operation })))

const planned = (simulation: Simulation, inputs = {}) =>
  simulation.act({ mode: 'plan', image: 'sample-app:0.0.2', ...inputs })

const told = ({ report }: Acted, mark: string) =>
  report.checks.filter(check => check.mark === mark).map(check => check.says)

const needed = [
  ['DescribeServices', 'ecs'],
  ['DescribeTargetGroups', 'elasticloadbalancing'],
  ['DescribeListeners', 'elasticloadbalancing'],
  ['DescribeRules', 'elasticloadbalancing'],
  ['DescribeTargetHealth', 'elasticloadbalancing'],
  ['ListTasks', 'ecs'],
  ['DescribeTasks', 'ecs'],
  ['DescribeTaskDefinition', 'ecs'],
] as const

describe('a plan with a role that may not read', () => {
  test.each(needed)('%s: is NG, with the statement that allows it', async (operation, service) => {
    const simulation = simulate({ seed: 1 })
    denied(simulation, operation)
    const acted = await planned(simulation)
    expect(acted.report.outcome).toMatchObject({ status: 'failed', failure: { code: 'ACCESS_DENIED' } })
    expect(told(acted, 'NG').length).toBeGreaterThan(0)
    expect('failure' in acted.report.outcome && acted.report.outcome.failure.details.join('\n')).toContain(
      `"Action": "${service}:${operation}"`,
    )
    expect(acted.lines.join('\n')).toMatch(/NG {4}Could not /)
    expect(writes(simulation)).toEqual([])
  })

  test('several things that a deploy needs later: names all of them at once, each with its statement', async () => {
    const simulation = simulate({ seed: 2 })
    denied(simulation, 'DescribeTargetHealth', 'ListTasks')
    const ng = told(await planned(simulation), 'NG').join('\n')
    expect(ng).toContain('"Action": "elasticloadbalancing:DescribeTargetHealth"')
    expect(ng).toContain('"Action": "ecs:ListTasks"')
  })

  test.each([
    ['DescribeTags', {}, /Versions are those of the image tags/],
    ['ListTaskDefinitions', { 'keep-revisions': '3' }, /Old revisions will not be deregistered/],
  ])('%s, which a deploy can do without: says so, and goes on', async (operation, inputs, expected) => {
    const simulation = simulate({ seed: 3 })
    denied(simulation, operation)
    const acted = await planned(simulation, inputs)
    expect(acted.report.outcome).toMatchObject({ status: 'unchanged' })
    expect(told(acted, 'SKIP')).toContainEqual(expect.stringMatching(expected))
  })

  test('status does without the notes as well', async () => {
    const simulation = simulate({ seed: 4 })
    denied(simulation, 'DescribeTags')
    const acted = await simulation.act({ mode: 'status' })
    expect(acted.report.outcome).toMatchObject({ status: 'unchanged', because: '0.0.1 is live on blue' })
  })
})

describe('the tree of a plan', () => {
  test('says how well the targets of both colors are, and that its tasks can be seen', async () => {
    const acted = await planned(simulate({ seed: 5, topology: { tasks: { blue: 1, green: 2 } } }))
    expect(told(acted, 'OK')).toEqual(
      expect.arrayContaining([
        'sample-blue: 1 of 1 target healthy',
        'sample-green: 2 of 2 targets healthy',
        'sample-blue: ECS shows its tasks, 1 of them RUNNING',
      ]),
    )
  })

  test('speaks of alarms only when some are named', async () => {
    const simulation = simulate({ seed: 6 })
    denied(simulation, 'DescribeListeners')
    const sections = async (inputs: object) =>
      (await planned(simulation, inputs)).report.checks.map(check => check.section)
    expect(await sections({})).not.toContain('Alarms')
    expect(await sections({ 'alarm-names': 'errors' })).toContain('Alarms')
  })

  test('names both services when neither is there', async () => {
    const simulation = simulate({ seed: 7 })
    const acted = await planned(simulation, { service: 'smaple' })
    expect(acted.report.outcome).toMatchObject({
      status: 'failed',
      failure: {
        code: 'SERVICE_NOT_FOUND',
        headline: 'The services smaple-blue and smaple-green do not exist in cluster sandbox.',
        details: [
          expect.stringMatching(/MISSING for .*smaple-blue/),
          expect.stringMatching(/MISSING for .*smaple-green/),
          expect.stringMatching(/^Check `service`/),
        ],
      },
    })
    const one = await planned(simulation, { service: '', 'blue-service': 'sample-blue', 'green-service': 'nobody' })
    expect(one.report.outcome).toMatchObject({
      failure: { headline: 'The service nobody does not exist in cluster sandbox.' },
    })
  })
})

test('a deploy prints every check that it notes, those of its task definition too', async () => {
  const acted = await simulate({ seed: 8 }).act({ image: 'sample-app:0.0.2' })
  const log = acted.lines.join('\n')
  for (const { mark, says } of acted.report.checks) expect(log).toContain(`${mark.padEnd(4)}  ${says}`)
  expect(log).toMatch(/OK {4}Container app has the port 8080/)
})
