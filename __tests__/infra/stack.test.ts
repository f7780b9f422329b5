import { describe, expect, test } from '@jest/globals'
import { seedFromTemplate } from '../../sandbox/infra/stack.ts'
import { simulate } from '../../sandbox/simulation.ts'
import { https, infra, trial } from './resolved.ts'

/** What infra/app.yml makes, made in the sandbox from the template itself, and its outputs as the inputs of deploys in virtual time. */

function world(parameters: Readonly<Record<string, string>>) {
  const simulation = simulate({ seed: 7, seedWith: cloud => seedFromTemplate(cloud, infra('app.yml'), parameters) })
  const weights = (rule: string | undefined) => {
    const { Rules } = simulation.cloud.call('elbv2', 'DescribeRules', { RuleArns: [rule] }) as {
      Rules: readonly { Actions: readonly { ForwardConfig: { TargetGroups: readonly { Weight: number }[] } }[] }[]
    }
    return Rules[0]?.Actions[0]?.ForwardConfig.TargetGroups.map(({ Weight }) => Weight)
  }
  const { inputs } = simulation.topology
  return {
    simulation,
    inputs,
    production: () => weights(inputs['listener-arns']),
    testers: () => weights(inputs['test-listener-arns']),
    counts: () => {
      const services = ['shop-blue', 'shop-green']
      const answer = simulation.cloud.call('ecs', 'DescribeServices', { cluster: inputs.cluster, services })
      return (answer.services as readonly { runningCount: number }[]).map(({ runningCount }) => runningCount)
    },
  }
}

describe('the stack in the sandbox', () => {
  test('starts with one task of the first image on each color, blue live, testers at green', () => {
    const { production, testers, counts } = world(https)
    expect([production(), testers(), counts()]).toEqual([
      [100, 0],
      [0, 100],
      [1, 1],
    ])
  })

  test('deploys to green, gives testers blue, goes on to blue with more tasks, and rolls back', async () => {
    const { simulation, inputs, production, testers, counts } = world(https)
    const first = await simulation.act({ ...inputs, image: 'sample-app:0.0.2' })
    expect(first.report.outcome).toMatchObject({ status: 'succeeded' })
    expect([production(), testers()]).toEqual([
      [0, 100],
      [100, 0],
    ])
    const second = await simulation.act({ ...inputs, image: 'sample-app:0.0.3', 'desired-count': '3' })
    expect(second.report.outcome).toMatchObject({ status: 'succeeded' })
    expect([production(), counts()]).toEqual([
      [100, 0],
      [3, 1],
    ])
    const back = await simulation.act({ ...inputs, mode: 'rollback' })
    expect(back.report.outcome).toMatchObject({ status: 'succeeded' })
    expect([production(), counts()]).toEqual([
      [0, 100],
      [3, 3],
    ])
  })

  test('a trial over HTTP on Fargate Spot, in a cluster of its own and without testers, deploys', async () => {
    const { simulation, inputs, production } = world({ ...trial, CapacityProvider: 'FARGATE_SPOT' })
    expect(inputs['test-listener-arns']).toBe('')
    const { report } = await simulation.act({ ...inputs, image: 'sample-app:0.0.2' })
    expect(report.outcome).toMatchObject({ status: 'succeeded' })
    expect(production()).toEqual([0, 100])
  })

  test('a broken image gets no traffic, and green goes back to what it had', async () => {
    const { simulation, inputs, production, counts } = world(https)
    const { report } = await simulation.act({ ...inputs, image: 'sample-app:0.0.2-crash' })
    expect(report.outcome).toMatchObject({ status: 'failed' })
    expect([production(), counts()]).toEqual([
      [100, 0],
      [1, 1],
    ])
  })
})
