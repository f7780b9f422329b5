import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { seedFromTemplate } from '../../../sandbox/infra/stack.ts'
import { openStage, repositoryPath, type Stage } from '../stage.ts'

/** A deploy through dist/index.js to what infra/app.yml makes, with the template's outputs as inputs, under traffic. */

const subnets = 'subnet-01111111111111111,subnet-02222222222222222'
const parameters = {
  Service: 'shop',
  VpcId: 'vpc-0a1b2c3d4e5f60718',
  LoadBalancerSubnets: subnets,
  TaskSubnets: subnets,
  Image: 'sample-app:0.0.1',
  TestCidr: '127.0.0.1/32',
}

describe('the stack of the templates, through the bundle', () => {
  let stage: Stage
  beforeAll(async () => {
    stage = await openStage({
      topology: { productionPorts: [80], testPort: 8443 },
      seedWith: cloud => seedFromTemplate(cloud, repositoryPath('infra/app.yml'), parameters),
    })
    stage.watch()
  })
  afterAll(() => stage.close())

  test('a deploy moves its rule, loses no request, and shows testers what was there before', async () => {
    const { inputs } = stage.sandbox.topology
    expect(inputs).toMatchObject({
      cluster: 'shop',
      service: 'shop',
      'alarm-names': expect.stringContaining('TargetErrors'),
    })
    const result = await stage.run({ image: 'sample-app:0.0.2', 'production-url': stage.url })
    expect(result).toMatchObject({ conclusion: 'success', exitCode: 0 })
    expect(result.outputs).toMatchObject({
      'deployment-status': 'succeeded',
      'active-service': 'shop-green',
      version: '0.0.2',
      'failed-requests': '0',
    })
    expect(JSON.parse(result.outputs['traffic-weights'] ?? '')).toMatchObject({ blue: 0, green: 100 })
    const seen = stage.watch().snapshot()
    expect(seen.failed).toBe(0)
    expect(seen.versions.map(version => version.version)).toEqual(['0.0.1', '0.0.2'])
    const testers = stage.sandbox.cloud.call('elbv2', 'DescribeRules', { RuleArns: [inputs['test-listener-arns']] })
    expect(testers).toMatchObject({
      Rules: [{ Actions: [{ ForwardConfig: { TargetGroups: [{ Weight: 100 }, { Weight: 0 }] } }] }],
    })
  })
})
