import { describe, expect, test } from '@jest/globals'
import { type Described, imageOf, isIdentical, registrationOf } from '../../src/plan/task-definition.ts'

const described: Described = {
  definition: {
    taskDefinitionArn: 'arn:aws:ecs:eu-central-1:123456789012:task-definition/app:7',
    family: 'app',
    revision: 7,
    status: 'ACTIVE',
    requiresAttributes: [{ name: 'ecs.capability.task-eni' }],
    compatibilities: ['EC2', 'FARGATE'],
    registeredAt: new Date(0),
    registeredBy: 'somebody',
    cpu: '256',
    memory: '512',
    volumes: [{ name: 'data' }],
    runtimePlatform: { cpuArchitecture: 'ARM64' },
    enableFaultInjection: false,
    containerDefinitions: [
      { name: 'app', image: 'app:1', environment: [{ name: 'A', value: '' }], portMappings: [{ containerPort: 8080 }] },
      { name: 'sidecar', image: 'proxy:3' },
    ] as never,
  },
  tags: [
    { key: 'team', value: 'web' },
    { key: 'aws:cloudformation:stack-name', value: 'x' },
  ],
}

describe('the next revision', () => {
  test('has another image, and every other field and tag that may be sent', () => {
    expect(registrationOf(described, { app: 'app:2' })).toEqual({
      family: 'app',
      cpu: '256',
      memory: '512',
      volumes: [{ name: 'data' }],
      runtimePlatform: { cpuArchitecture: 'ARM64' },
      enableFaultInjection: false,
      containerDefinitions: [
        {
          name: 'app',
          image: 'app:2',
          environment: [{ name: 'A', value: '' }],
          portMappings: [{ containerPort: 8080 }],
        },
        { name: 'sidecar', image: 'proxy:3' },
      ],
      tags: [{ key: 'team', value: 'web' }],
    })
  })

  test('knows itself again, whatever the order of members and tags', () => {
    const shuffled: Described = {
      definition: Object.fromEntries(Object.entries(described.definition).reverse()),
      tags: [...described.tags].reverse(),
    }
    expect(isIdentical(shuffled, registrationOf(described))).toBe(true)
  })

  test.each<[string, Described]>([
    [
      'another image',
      {
        ...described,
        definition: { ...described.definition, containerDefinitions: [{ name: 'app', image: 'app:2' }] },
      },
    ],
    ['another size', { ...described, definition: { ...described.definition, cpu: '512' } }],
    ['another tag', { ...described, tags: [{ key: 'team', value: 'shop' }] }],
    ['a deregistered copy', { ...described, definition: { ...described.definition, status: 'INACTIVE' } }],
  ])('is not mistaken for %s', (_, other) => {
    expect(isIdentical(other, registrationOf(described))).toBe(false)
  })

  test('finds the image of a container', () => {
    expect(imageOf(described, 'sidecar')).toBe('proxy:3')
    expect(imageOf(described, 'nobody')).toBeUndefined()
  })
})
