import { statSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { type Members, readTemplate } from '../../sandbox/infra/template.ts'
import { app, infra } from './resolved.ts'

/** What holds of every template, and of the small ones. */

const names = [
  'app.yml',
  'bootstrap.yml',
  'capacity-ec2.yml',
  'github.yml',
  'network.yml',
  'registry.yml',
  'scaling.yml',
]

describe.each(names)('%s', name => {
  const template = readTemplate(infra(name))

  test('describes every parameter, and takes no value that cannot be right', () => {
    for (const parameter of Object.values(template.parameters)) {
      expect(parameter.Description).toMatch(/^\S.{10,}\.$/)
      const constrained = ['AllowedPattern', 'AllowedValues', 'MinValue', 'MinLength'].some(one => one in parameter)
      // AWS looks these up itself.
      expect(constrained || /AWS::(EC2|SSM)::/.test(parameter.Type)).toBe(true)
    }
  })

  test('is small enough to be sent to CloudFormation as it is, without a bucket', () => {
    expect(statSync(infra(name)).size).toBeLessThanOrEqual(51_200)
  })

  test('uses every parameter', () => {
    const text = JSON.stringify([template.conditions, template.resources, template.outputs])
    for (const parameter of Object.keys(template.parameters)) {
      expect(text).toMatch(new RegExp(`"Ref":"${parameter}"|\\$\\{${parameter}\\}`))
    }
  })
})

const properties = (file: string, id: string): Members => {
  const resource = readTemplate(infra(file)).resources[id]
  if (resource === undefined) throw new Error(`${file} has no ${id}`)
  return resource.Properties
}

describe('what one stack says, another takes', () => {
  test.each([
    ['network.yml', ['VpcId', 'LoadBalancerSubnets', 'TaskSubnets', 'PublicTasks']],
    ['registry.yml', ['RepositoryArn']],
    ['bootstrap.yml', ['Boundary']],
    ['capacity-ec2.yml', ['Cluster', 'CapacityProvider', 'Architecture']],
  ])('the outputs of %s are parameters of app.yml', (file, outputs) => {
    expect(Object.keys(readTemplate(infra(file)).outputs)).toEqual(expect.arrayContaining(outputs))
    expect(Object.keys(app.parameters)).toEqual(expect.arrayContaining(outputs))
  })

  test.each(['scaling.yml', 'github.yml'])('Cluster and Service of %s are outputs of app.yml', file => {
    expect(Object.keys(readTemplate(infra(file)).parameters)).toEqual(expect.arrayContaining(['Cluster', 'Service']))
    expect(Object.keys(app.outputs)).toEqual(expect.arrayContaining(['Cluster', 'Service']))
  })
})

describe('the network', () => {
  const zone = (id: string) =>
    (properties('network.yml', id).AvailabilityZone as { 'Fn::Select': readonly unknown[] })['Fn::Select'][0]

  test('has the tasks in the zones of the load balancer: a target in another one is never used', () => {
    expect(['PublicSubnetA', 'PublicSubnetB'].map(zone)).toEqual([0, 1])
    expect(['PrivateSubnetA', 'PrivateSubnetB'].map(zone)).toEqual([0, 1])
  })

  test('cuts four ranges that do not meet, and gives nobody a public address by himself', () => {
    const subnets = ['PublicSubnetA', 'PublicSubnetB', 'PrivateSubnetA', 'PrivateSubnetB'].map(id =>
      properties('network.yml', id),
    )
    const parts = subnets.map(({ CidrBlock }) => (CidrBlock as { 'Fn::Select': readonly unknown[] })['Fn::Select'][0])
    expect(parts).toEqual([0, 1, 2, 3])
    for (const subnet of subnets) expect(subnet).not.toHaveProperty('MapPublicIpOnLaunch')
  })
})

describe('the registry', () => {
  const images = properties('registry.yml', 'Images')

  test("keeps a version's tag where it is, looks at what is pushed, and stays when the stack goes", () => {
    expect(images).toMatchObject({
      ImageTagMutability: 'IMMUTABLE_WITH_EXCLUSION',
      ImageScanningConfiguration: { ScanOnPush: true },
    })
    const moving = images.ImageTagMutabilityExclusionFilters as readonly Members[]
    // Such as `sha-0a1b2c3`, a commit, or 1.2.3.
    expect(moving.map(one => one.ImageTagMutabilityExclusionFilterValue)).toEqual([
      { Ref: 'Branch' },
      'dev-*',
      'staging-*',
    ])
    expect(readTemplate(infra('registry.yml')).resources.Images?.DeletionPolicy).toBe('Retain')
  })

  test('throws away what is old, by rules that ECR can read', () => {
    const text = (images.LifecyclePolicy as { LifecyclePolicyText: { 'Fn::Sub': string } }).LifecyclePolicyText[
      'Fn::Sub'
    ]
    // biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation's own
    const { rules } = JSON.parse(text.replace('${KeepImages}', '100')) as { rules: readonly { selection: object }[] }
    expect(rules.map(({ selection }) => selection)).toEqual([
      { tagStatus: 'untagged', countType: 'sinceImagePushed', countUnit: 'days', countNumber: 7 },
      { tagStatus: 'any', countType: 'imageCountMoreThan', countNumber: 100 },
    ])
  })
})

test('auto scaling has the same bounds and the same aim for both colors', () => {
  const [blue, green] = ['Blue', 'Green'].map(color =>
    ['Target', 'Policy'].map(kind =>
      JSON.stringify(properties('scaling.yml', color + kind)).replace(/blue|green/gi, ''),
    ),
  )
  expect(blue).toEqual(green)
  expect(properties('scaling.yml', 'BlueTarget')).toMatchObject({
    // biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation's own
    ResourceId: { 'Fn::Sub': 'service/${Cluster}/${Service}-blue' },
    ScalableDimension: 'ecs:service:DesiredCount',
  })
})

test('instances are ended by ECS only, after their tasks have left, and an update does not set their number back', () => {
  const { resources } = readTemplate(infra('capacity-ec2.yml'))
  expect(resources.Provider?.Properties).toMatchObject({
    AutoScalingGroupProvider: { ManagedTerminationProtection: 'ENABLED', ManagedDraining: 'ENABLED' },
  })
  expect(resources.Instances?.Properties).toMatchObject({ NewInstancesProtectedFromScaleIn: true })
  expect(resources.Instances?.Properties).not.toHaveProperty('DesiredCapacity')
})
