import { describe, expect, test } from '@jest/globals'
import { type Actor, type Simulation, simulate } from '../../sandbox/simulation.ts'
import type { RunReport } from '../../src/model/report.ts'
import { summaryOf } from '../../src/report/summary.ts'

/** What a role may not read, or undo, once a deploy has failed must not take the place of the failure. */

function onIdle(simulation: Simulation, change: object): void {
  const { cluster, service } = simulation.topology.inputs
  simulation.cloud.call('ecs', 'UpdateService', { cluster, service: `${service}-green`, ...change })
}

/** Somebody else acts 4 s into the run; from then on these calls are denied. */
function later(simulation: Simulation, operations: readonly string[], change: object): Actor {
  return async clock => {
    await clock.sleep(4_000)
    onIdle(simulation, change)
    simulation.wire.faults.add(operations.map(operation => ({ kind: 'denied' as const, operation })))
  }
}

function failureOf({ outcome }: RunReport) {
  if (!('failure' in outcome)) throw new Error(`the deploy did not fail: ${outcome.status}`)
  return outcome.failure
}

function firstScreen(report: RunReport): string {
  const shown = summaryOf(report).split('\n').slice(0, 25).join('\n')
  return shown.replace(/&#(\d+);/g, (_, decimal: string) => String.fromCodePoint(Number(decimal)))
}

const allow = (action: string) => `"Action": "${action}"`

describe('the failure stays what it is, with a note of the missing call, when its reasons may not be read', () => {
  test.each([
    [['ListTasks'], ['ecs:ListTasks']],
    [['DescribeTargetHealth'], ['elasticloadbalancing:DescribeTargetHealth']],
    [
      ['ListTasks', 'DescribeTasks', 'DescribeTargetHealth'],
      ['ecs:ListTasks', 'elasticloadbalancing:DescribeTargetHealth'],
    ],
  ])('superseded, %s denied', async (operations, actions) => {
    const simulation = simulate({ seed: 3 })
    const other = later(simulation, operations, { forceNewDeployment: true })
    const { report } = await simulation.act({ image: 'sample-app:0.0.2' }, [other])
    const { code, details } = failureOf(report)
    expect(code).toBe('CANDIDATE_SUPERSEDED')
    for (const action of actions) {
      expect(details.filter(line => line.includes(allow(action)))).toHaveLength(1)
      expect(firstScreen(report)).toContain(allow(action))
    }
  })

  test.each([
    ['2-missing', ['DescribeTargetHealth'], 'IMAGE_NOT_FOUND', 'elasticloadbalancing:DescribeTargetHealth'],
    ['2-missing', ['ListTasks', 'DescribeTargetHealth'], 'IMAGE_NOT_FOUND', 'ecs:ListTasks'],
    // Only the stopped tasks could have told why they failed.
    ['2-oom', ['ListTasks', 'DescribeTargetHealth'], 'TASKS_FAILED', 'ecs:ListTasks'],
    ['2-missing', ['DescribeTasks'], 'IMAGE_NOT_FOUND', 'ecs:DescribeTasks'],
  ])('%s, %j denied from the start: %s', async (version, operations, code, action) => {
    const simulation = simulate({ seed: 3 })
    simulation.wire.faults.add(operations.map(operation => ({ kind: 'denied' as const, operation })))
    const { report } = await simulation.act({ image: `sample-app:${version}` })
    expect(failureOf(report).code).toBe(code)
    expect(firstScreen(report)).toContain(allow(action))
  })

  test('throttled for ever while the reasons are looked up', async () => {
    const simulation = simulate({ seed: 3 })
    simulation.wire.faults.add([{ kind: 'throttle', operation: 'DescribeTargetHealth' }])
    const { report } = await simulation.act({ image: 'sample-app:2-missing' })
    const { code, details } = failureOf(report)
    expect(code).toBe('IMAGE_NOT_FOUND')
    expect(details.join('\n')).toMatch(/More would be known here\. .*Throttling: /)
  })

  test('nothing is noted when all could be read in the end', async () => {
    const simulation = simulate({ seed: 3 })
    simulation.wire.faults.add([{ kind: 'denied', operation: 'DescribeTargetHealth', times: 1 }])
    const { report } = await simulation.act({ image: 'sample-app:2-missing' })
    const { code, details } = failureOf(report)
    expect(code).toBe('IMAGE_NOT_FOUND')
    expect(details.join('\n')).not.toContain('More would be known here')
  })
})

describe('what may not be put back leaves the failure first, and says what is missing', () => {
  test.each([
    ['2-missing', 'IMAGE_NOT_FOUND'],
    ['2-oom', 'OUT_OF_MEMORY'],
    ['2-unhealthy', 'UNHEALTHY'],
  ])('%s: %s', async (version, code) => {
    const simulation = simulate({ seed: 3 })
    simulation.wire.faults.add([{ kind: 'denied', operation: 'UpdateService', after: 1 }])
    const { report } = await simulation.act({ image: `sample-app:${version}` })
    const failure = failureOf(report)
    expect(failure.code).toBe(code)
    expect(failure.details.join('\n')).toContain(
      'The clean-up after it failed too. Could not update the service sample-green',
    )
    expect(firstScreen(report)).toContain(allow('ecs:UpdateService'))
  })
})
