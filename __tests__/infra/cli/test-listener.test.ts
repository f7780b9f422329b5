import { beforeEach, expect, test } from '@jest/globals'
import { infraStatements, policiesOfInfra } from '../infra-roles.ts'
import { aws, home } from './each-test.ts'
import { physical } from './others.ts'

/** A test listener that an app gets after its first deploys shows the color that is idle by then. */

beforeEach(() => {
  aws.seed('shop', { bootstrap: {} })
})

const add = ['up', 'shop', '--set', 'TestCidr=198.51.100.0/24']
const parameters = () => aws.formation.stack('shop')?.parameters

/** As deploys leave it. */
function production(blue: number, green: number): void {
  const TargetGroups = [
    { TargetGroupArn: physical(aws, 'BlueTargetGroup'), Weight: blue },
    { TargetGroupArn: physical(aws, 'GreenTargetGroup'), Weight: green },
  ]
  aws.cloud.call('elbv2', 'ModifyRule', {
    RuleArn: physical(aws, 'ProductionRule'),
    Actions: [{ Type: 'forward', ForwardConfig: { TargetGroups } }],
  })
  aws.cloud.elb.settle()
}

test.each([
  [100, 0, 'green'],
  [0, 100, 'blue'],
])('production at blue %i, green %i: testers see %s', async (blue, green, color) => {
  production(blue, green)
  aws.iam.limit(infraStatements('InfraPlanPolicy'))
  const plan = await home.run([...add, '--plan'])
  expect([plan.code, plan.said]).toEqual([0, expect.stringContaining('Stack shop would be updated')])
  aws.iam.limit(infraStatements(...policiesOfInfra))
  const { code, said } = await home.run(add)
  expect([code, said]).toEqual([0, expect.stringContaining('shop: UPDATE_COMPLETE')])
  expect(parameters()).toMatchObject({ TestCidr: '198.51.100.0/24', TestColor: color })
  // Deploys lead testers from now on: the next run has nothing to write.
  production(green, blue)
  const again = await home.run(add)
  expect([again.code, again.said]).toEqual([0, expect.stringContaining('shop: nothing to change')])
  expect(parameters()?.TestColor).toBe(color)
})

test('while both have traffic there is no idle color: it stops before anything is changed', async () => {
  production(90, 10)
  for (const args of [add, [...add, '--plan']]) {
    const { code, said } = await home.run(args)
    expect([code, said]).toEqual([8, expect.stringContaining('Production of shop has no single color')])
    expect(said).toContain('blue 90, green 10')
  }
  expect(parameters()?.TestCidr).toBe('')
})
