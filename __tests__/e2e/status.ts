import { expect } from '@jest/globals'
import type { Stage } from './stage.ts'

/**
 * What `mode: status` tells, held to what AWS has: it succeeds, it writes nothing, and each of its outputs is so.
 *
 * @param stage at rest: all the traffic is on one color
 */
export async function statusNow(stage: Stage): Promise<Readonly<Record<string, string>>> {
  const writes = stage.writes()
  const { conclusion, exitCode, outputs } = await stage.run({ mode: 'status' })
  expect({ conclusion, exitCode, writes: stage.writes() }).toEqual({ conclusion: 'success', exitCode: 0, writes })
  const [live, idle] = stage.weights().blue === 0 ? (['green', 'blue'] as const) : (['blue', 'green'] as const)
  const services = { live: stage.service(live), idle: stage.service(idle) }
  expect(outputs).toMatchObject({
    'deployment-status': 'unchanged',
    'active-color': live,
    'previous-color': idle,
    'active-service': services.live.serviceName,
    'idle-service': services.idle.serviceName,
    'task-definition-arn': services.live.taskDefinition,
    'previous-task-definition-arn': services.idle.taskDefinition,
    image: `sample-app:${outputs.version}`,
    'previous-image': `sample-app:${outputs['previous-version']}`,
    'rolled-back': 'false',
    'failure-reason': '',
    drift: '[]',
  })
  const { productionArns } = stage.sandbox.topology
  expect(JSON.parse(outputs['traffic-weights'] ?? '')).toEqual({
    [live]: 100,
    [idle]: 0,
    routes: Object.fromEntries(productionArns.map(arn => [arn, { [live]: 100, [idle]: 0 }])),
  })
  return outputs
}
