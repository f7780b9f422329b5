import { describe, expect, test } from '@jest/globals'
import { putAlarm, setAlarm } from '../../sandbox/metric-alarm.ts'
import { outputsOf } from '../../src/report/outputs.ts'
import { summaryOf } from '../../src/report/summary.ts'
import {
  deploy,
  pauses,
  serviceOf,
  setWeights,
  steps,
  stopTask,
  tasksOf,
  updateService,
  url,
  weightsOf,
  writes,
} from './gradual-world.ts'

const canary = { strategy: 'canary', 'canary-percent': '10', 'canary-bake-time': '2m' }

describe('traffic moves step by step', () => {
  test('canary: a part, then all, and no request fails', async () => {
    const { report, changes } = await deploy({ ...canary, ...url })
    expect(report.outcome).toMatchObject({ status: 'succeeded' })
    expect(steps(changes)).toEqual(['100/0', '90/10', '0/100'])
    expect(pauses(changes)[1]).toBeGreaterThanOrEqual(120_000)
    expect(pauses(changes)[1]).toBeLessThan(125_000)
    expect(report.traffic).toMatchObject({ failed: 0 })
    expect(report.steps?.map(step => step.share)).toEqual([100, 1_000])
    expect(summaryOf(report)).toContain('| 10% |')
  })

  test('linear: so much more each time', async () => {
    const { report, changes } = await deploy({
      strategy: 'linear',
      'step-percent': '40%',
      'step-bake-time': '30s',
      ...url,
    })
    expect(report.outcome).toMatchObject({ status: 'succeeded' })
    expect(steps(changes)).toEqual(['100/0', '60/40', '20/80', '0/100'])
    for (const pause of pauses(changes).slice(1)) expect(pause).toBeGreaterThanOrEqual(30_000)
    expect(report.traffic).toMatchObject({ failed: 0 })
  })

  test('a tenth of a percent', async () => {
    const { report, changes } = await deploy({ ...canary, 'canary-percent': '0.1%' })
    expect(report.outcome).toMatchObject({ status: 'succeeded' })
    expect(steps(changes)).toEqual(['100/0', '999/1', '0/100'])
  })

  test('every listener and rule takes each step, and waits for the others', async () => {
    const { report, changes } = await deploy(canary, {
      topology: { productionPorts: [80, 443], rules: [{ priority: 10, pathPattern: '/api/*' }] },
    })
    expect(report.outcome).toMatchObject({ status: 'succeeded' })
    const routes = new Set(changes.map(change => change.route))
    expect(routes.size).toBe(4)
    for (const route of routes) expect(steps(changes, route)).toEqual(['100/0', '90/10', '0/100'])
    const partly = changes.filter(change => change.green === 10).map(change => change.at)
    const whole = changes.filter(change => change.green === 100).map(change => change.at)
    expect(Math.min(...whole) - Math.max(...partly)).toBeGreaterThanOrEqual(120_000)
  })

  test('the live service is not touched before the end', async () => {
    const { simulation } = await deploy(canary)
    expect(serviceOf(simulation, 'blue').deployments).toHaveLength(1)
    expect(writes(simulation).filter(operation => operation === 'UpdateService')).toHaveLength(1)
  })

  test('a bake lasts as long as it was asked for', async () => {
    const { report } = await deploy({ 'bake-time': '5m' })
    expect(report.outcome).toMatchObject({ status: 'succeeded' })
    const baked = report.phases.find(phase => phase.name === 'bake')
    expect((baked?.endedAt ?? 0) - (baked?.startedAt ?? 0)).toBeGreaterThanOrEqual(300_000)
  })

  test.each(['lost-answer', 'lost-request', 'throttle'] as const)('a write whose fate is unknown: %s', async kind => {
    const { report, changes } = await deploy(canary, {
      prepare: simulation => simulation.wire.faults.add([{ kind, operation: 'ModifyListener', after: 1, times: 1 }]),
    })
    expect(report.outcome).toMatchObject({ status: 'succeeded' })
    expect(steps(changes)).toEqual(['100/0', '90/10', '0/100'])
  })

  test('every call takes seconds', async () => {
    const { report, changes } = await deploy(
      { ...canary, 'bake-time': '1m' },
      { prepare: simulation => simulation.wire.faults.add([{ kind: 'delay', delayMs: 2_200 }]) },
    )
    expect(report.outcome).toMatchObject({ status: 'succeeded' })
    expect(steps(changes)).toEqual(['100/0', '90/10', '0/100'])
  })
})

describe('before the next step the new color is proven again', () => {
  test('a task that is lost is replaced first', async () => {
    const { report, changes } = await deploy(canary, {
      beside: async beside => {
        await beside.untilGreenHas(10)
        await beside.clock.sleep(115_000)
        stopTask(beside, tasksOf(beside, 'green')[0])
      },
    })
    expect(report.outcome).toMatchObject({ status: 'succeeded' })
    expect(steps(changes)).toEqual(['100/0', '90/10', '0/100'])
    // Placement, pull and two health checks take longer than the rest of the hold.
    expect(pauses(changes)[1]).toBeGreaterThan(125_000)
  })

  test('live has grown meanwhile: the new color follows first', async () => {
    const { report, simulation, changes } = await deploy(canary, {
      beside: async beside => {
        await beside.untilGreenHas(10)
        updateService(beside, 'blue', { desiredCount: 5 })
      },
    })
    expect(report.outcome).toMatchObject({ status: 'succeeded' })
    expect(serviceOf(simulation, 'green').desiredCount).toBe(5)
    expect(steps(changes)).toEqual(['100/0', '90/10', '0/100'])
  })

  test('also long after `timeout`, which then counts from when the next step was due', async () => {
    const { report, simulation } = await deploy(
      { ...canary, 'canary-bake-time': '20m', timeout: '5m' },
      {
        beside: async beside => {
          await beside.untilGreenHas(10)
          await beside.clock.sleep(600_000)
          updateService(beside, 'blue', { desiredCount: 5 })
        },
      },
    )
    expect(report.outcome).toMatchObject({ status: 'succeeded' })
    expect(serviceOf(simulation, 'green').desiredCount).toBe(5)
  })

  test('auto scaling takes away what a small part of the traffic does not need: it is there again before the next step', async () => {
    const { report, simulation, changes } = await deploy(canary, {
      beside: async beside => {
        await beside.untilGreenHas(10)
        await beside.clock.sleep(30_000)
        updateService(beside, 'green', { desiredCount: 1 })
      },
    })
    expect(report.outcome).toMatchObject({ status: 'succeeded' })
    expect(serviceOf(simulation, 'green').desiredCount).toBe(2)
    expect(steps(changes)).toEqual(['100/0', '90/10', '0/100'])
  })

  test('somebody who takes tasks away again and again is not fought', async () => {
    const { report, simulation, changes } = await deploy(canary, {
      beside: async beside => {
        await beside.untilGreenHas(10)
        for (let taken = 0; taken < 2; taken++) {
          while (serviceOf(beside, 'green').desiredCount !== 2) await beside.clock.sleep(100)
          updateService(beside, 'green', { desiredCount: 1 })
        }
      },
    })
    expect(report.outcome).toMatchObject({ status: 'rolled-back', failure: { code: 'SCALED_DOWN' } })
    expect(serviceOf(simulation, 'green').taskDefinition).toMatch(/:1$/)
    expect(steps(changes)).toEqual(['100/0', '90/10', '100/0'])
  })

  test('an alarm without data holds the traffic where it is, until there is some', async () => {
    const { report, changes } = await deploy(
      { ...canary, 'alarm-names': 'errors' },
      {
        prepare: simulation => putAlarm(simulation, 'errors', 'INSUFFICIENT_DATA'),
        beside: async beside => {
          await beside.untilGreenHas(10)
          await beside.clock.sleep(200_000)
          setAlarm(beside, 'errors', 'OK')
        },
      },
    )
    expect(report.outcome).toMatchObject({ status: 'succeeded' })
    expect(pauses(changes)[1]).toBeGreaterThanOrEqual(200_000)
  })

  test('alarms that cannot be read for a while are no verdict', async () => {
    const { report } = await deploy(
      { ...canary, 'alarm-names': 'errors' },
      {
        prepare: simulation => {
          putAlarm(simulation, 'errors', 'OK')
          simulation.wire.faults.add([{ kind: 'error', operation: 'DescribeAlarms', after: 4, times: 9 }])
        },
      },
    )
    expect(report.outcome).toMatchObject({ status: 'succeeded' })
  })
})

describe('AWS does not answer for a while', () => {
  test.each(['throttle', 'error'] as const)('%s: nothing is concluded from that', async kind => {
    const { report, changes } = await deploy(
      { ...canary, 'bake-time': '1m' },
      {
        beside: async beside => {
          await beside.untilGreenHas(10)
          beside.wire.faults.add([{ kind, operation: 'DescribeTargetHealth', times: 12 }])
          await beside.untilGreenHas(100)
          beside.wire.faults.add([{ kind, operation: 'DescribeServices', times: 12 }])
        },
      },
    )
    expect(report.outcome).toMatchObject({ status: 'succeeded' })
    expect(steps(changes)).toEqual(['100/0', '90/10', '0/100'])
  })

  test('for minutes: nobody watches any more, so traffic goes back', async () => {
    const { report, changes } = await deploy(canary, {
      beside: async beside => {
        await beside.untilGreenHas(10)
        beside.wire.faults.add([{ kind: 'error', operation: 'DescribeServices', times: 150 }])
      },
    })
    expect(report.outcome).toMatchObject({ status: 'rolled-back', failure: { code: 'AWS_ERROR' } })
    expect(steps(changes)).toEqual(['100/0', '90/10', '100/0'])
  })
})

describe('somebody else moves traffic', () => {
  test.each([
    ['during a step', canary, 10],
    ['during the bake', { 'bake-time': '5m' }, 100],
  ])('%s: the run stops and overwrites nothing', async (_, inputs, weight) => {
    const { report, simulation } = await deploy(inputs, {
      beside: async beside => {
        await beside.untilGreenHas(weight)
        await beside.clock.sleep(30_000)
        setWeights(beside, 70, 30)
      },
    })
    expect(report.outcome).toMatchObject({ status: 'failed', failure: { code: 'TRAFFIC_MOVED' } })
    expect(weightsOf(simulation)).toEqual([{ blue: 70, green: 30 }])
    expect(writes(simulation).filter(operation => operation === 'UpdateService')).toHaveLength(1)
    expect(JSON.stringify(report.outcome)).toContain('HTTP:80 has blue 70, green 30')
    expect(outputsOf(report)).toMatchObject({ 'rolled-back': 'false', 'deployment-status': 'failed' })
    expect(JSON.parse(outputsOf(report)['traffic-weights'] ?? '')).toMatchObject({ blue: 70, green: 30 })
  })

  test('what they left behind is ambiguous: the next run writes nothing', async () => {
    const { report, simulation } = await deploy({}, { prepare: simulation => setWeights(simulation, 90, 10) })
    expect(report.outcome).toMatchObject({ status: 'failed', failure: { code: 'LIVE_UNCLEAR' } })
    expect(writes(simulation)).toEqual([])
    const status = await simulation.act({ mode: 'status' })
    expect(status.report.outcome).toMatchObject({ status: 'failed', failure: { code: 'LIVE_UNCLEAR' } })
    expect(status.report.routes[0]?.after).toEqual({ blue: 90, green: 10 })
  })
})
