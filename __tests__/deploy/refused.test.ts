import { describe, expect, test } from '@jest/globals'
import { putAlarm } from '../../sandbox/metric-alarm.ts'
import { type Simulation, simulate } from '../../sandbox/simulation.ts'
import { outputsOf } from '../../src/report/outputs.ts'
import { summaryOf } from '../../src/report/summary.ts'
import { listeners, writes } from './locking.ts'

/** A run that is refused before it has begun tells what is live all the same: the jobs after it want to know. */

const image = (number: number) => `sample-app:0.0.${number}`

/** 0.0.2 is live on green, and blue is warm with 0.0.1. */
async function deployed(seed: number): Promise<Simulation> {
  const simulation = simulate({ seed })
  await simulation.act({ image: image(2) })
  return simulation
}

describe('a run that is refused after its first look', () => {
  test.each<[string, Readonly<Record<string, string>>]>([
    ['NOTHING_TO_GO_BACK_TO', { mode: 'rollback', version: '9.9.9' }],
    ['NOT_STAGED', { mode: 'promote', image: image(3) }],
    ['LIVE_NOT_EXPECTED', { image: image(3), 'expected-live': '0.0.1' }],
    ['ALARM_AT_START', { image: image(3), 'alarm-names': 'errors' }],
    ['CONTAINER_UNCLEAR', { image: image(3), 'container-name': 'nobody' }],
  ])('with %s says what is live, and where', async (code, inputs) => {
    const simulation = await deployed(1)
    putAlarm(simulation, 'errors', 'ALARM', { Threshold: 1, TreatMissingData: 'notBreaching' })
    const before = writes(simulation)
    const { report } = await simulation.act(inputs)
    expect(report.outcome).toMatchObject({ status: 'failed', failure: { code } })
    expect(outputsOf(report)).toMatchObject({
      'deployment-status': 'failed',
      'active-color': 'green',
      'previous-color': 'blue',
      version: '0.0.2',
      image: image(2),
      'previous-version': '0.0.1',
      'active-service': 'sample-green',
      'idle-service': 'sample-blue',
    })
    expect(JSON.parse(outputsOf(report)['traffic-weights'] ?? '')).toMatchObject({ blue: 0, green: 100 })
    expect(summaryOf(report)).toMatch(/failed, 0\.0\.2 is live on green/)
    expect(summaryOf(report)).toContain('Production never left green.')
    expect(writes(simulation)).toEqual(before)
    expect(listeners(simulation)).toEqual([{ blue: 0, green: 100 }])
  })

  test('by AWS names at least the color, and keeps the reason that it had', async () => {
    const simulation = await deployed(2)
    simulation.wire.faults.add([{ kind: 'denied', operation: 'DescribeTaskDefinition' }])
    const { report } = await simulation.act({ mode: 'rollback' })
    expect(report.outcome).toMatchObject({ failure: { code: 'ACCESS_DENIED' } })
    expect(outputsOf(report)).toMatchObject({ 'active-color': 'green', version: '' })
    expect(summaryOf(report)).toContain('failed, green is live')
  })

  test('names nothing where it is unclear who is live', async () => {
    const simulation = await deployed(3)
    const { cloud, topology } = simulation
    const { blue, green } = topology.targetGroupArns
    const TargetGroups = [blue, green].map(TargetGroupArn => ({ TargetGroupArn, Weight: 50 }))
    cloud.call('elbv2', 'ModifyListener', {
      ListenerArn: topology.productionArns[0],
      DefaultActions: [{ Type: 'forward', ForwardConfig: { TargetGroups } }],
    })
    const { report } = await simulation.act({ image: image(3) })
    expect(report.outcome).toMatchObject({ failure: { code: 'LIVE_UNCLEAR' } })
    expect(outputsOf(report)).toMatchObject({ 'active-color': '', version: '' })
    expect(JSON.parse(outputsOf(report)['traffic-weights'] ?? '')).toMatchObject({ blue: 50, green: 50 })
  })
})
