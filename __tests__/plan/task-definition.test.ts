import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
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

  test('keeps members that nobody here knows, but for moments and authors, which are output', () => {
    const newer: Described = {
      definition: {
        ...described.definition,
        newThing: { on: true },
        deleteRequestedAt: 1,
        reviewedBy: 'somebody',
        containerDefinitions: [{ name: 'app', image: 'app:1', newThing: ['x'] }],
      },
      tags: [],
    }
    const registration = registrationOf(newer, { app: 'app:2' })
    expect(registration).toMatchObject({
      newThing: { on: true },
      containerDefinitions: [{ name: 'app', image: 'app:2', newThing: ['x'] }],
    })
    expect(Object.keys(registration)).not.toContain('deleteRequestedAt')
    expect(Object.keys(registration)).not.toContain('reviewedBy')
  })

  test('gives a name its new meaning, whether it was a variable or a secret', () => {
    const existing: Described = {
      definition: {
        family: 'app',
        containerDefinitions: [
          {
            name: 'app',
            image: 'app:1',
            environment: [
              { name: 'KEPT', value: '1' },
              { name: 'CHANGED', value: '1' },
              { name: 'NOW_SECRET', value: '1' },
            ],
            secrets: [
              { name: 'KEPT_SECRET', valueFrom: 'arn:1' },
              { name: 'NOW_PLAIN', valueFrom: 'arn:2' },
            ],
          },
          { name: 'sidecar', image: 'proxy:3', environment: [{ name: 'CHANGED', value: '1' }] },
        ],
      },
      tags: [],
    }
    const settings = {
      container: 'app',
      environment: { CHANGED: '2', NOW_PLAIN: '2' },
      secrets: { NOW_SECRET: 'arn:3' },
    }
    expect(registrationOf(existing, {}, settings)).toEqual({
      family: 'app',
      containerDefinitions: [
        {
          name: 'app',
          image: 'app:1',
          environment: [
            { name: 'KEPT', value: '1' },
            { name: 'CHANGED', value: '2' },
            { name: 'NOW_PLAIN', value: '2' },
          ],
          secrets: [
            { name: 'KEPT_SECRET', valueFrom: 'arn:1' },
            { name: 'NOW_SECRET', valueFrom: 'arn:3' },
          ],
        },
        { name: 'sidecar', image: 'proxy:3', environment: [{ name: 'CHANGED', value: '1' }] },
      ],
    })
  })

  test('is what somebody wrote, however much ECS has filled in', () => {
    const written = {
      family: 'app',
      networkMode: 'awsvpc',
      cpu: '256',
      volumes: [{ name: 'data' }],
      containerDefinitions: [
        {
          name: 'app',
          image: 'app:1',
          portMappings: [{ containerPort: 8080 }],
          environment: [
            { name: 'B', value: '2' },
            { name: 'A', value: '' },
          ],
          logConfiguration: { logDriver: 'json-file' },
        },
      ],
    }
    const stored: Described = {
      definition: {
        ...written,
        taskDefinitionArn: 'arn',
        status: 'ACTIVE',
        revision: 1,
        placementConstraints: [],
        enableFaultInjection: false,
        volumes: [{ name: 'data', host: {} }],
        containerDefinitions: [
          {
            name: 'app',
            image: 'app:1',
            cpu: 0,
            essential: true,
            mountPoints: [],
            portMappings: [{ containerPort: 8080, hostPort: 8080, protocol: 'tcp' }],
            environment: [
              { name: 'A', value: '' },
              { name: 'B', value: '2' },
            ],
            logConfiguration: { logDriver: 'json-file', options: {}, secretOptions: [] },
          },
        ],
      },
      tags: [],
    }
    expect(isIdentical(stored, written)).toBe(true)
    const [container] = written.containerDefinitions
    const differing: readonly Record<string, unknown>[] = [
      { ...written, cpu: '512' },
      { ...written, containerDefinitions: [{ ...container, essential: false }] },
      { ...written, containerDefinitions: [{ ...container, portMappings: [{ containerPort: 8081 }] }] },
      { ...written, containerDefinitions: [{ ...container, environment: [{ name: 'A', value: '' }] }] },
      { ...written, containerDefinitions: [{ ...container, linuxParameters: {} }] },
    ]
    for (const other of differing) expect(isIdentical(stored, other)).toBe(false)
  })

  test.each(['constructor', '__proto__', 'toString'])(
    'has a container called %s, whose image nobody asked to change',
    name => {
      const definition = { family: 'app', containerDefinitions: [{ name, image: 'app:1' }] }
      expect(registrationOf({ definition, tags: [] }, { app: 'app:2' })).toEqual(definition)
    },
  )

  test('is the one before but for the image, whatever else is in it', () => {
    const member = fc.string().filter(name => !/(?:At|By)$/.test(name) && !outputOnly.includes(name))
    const anything = fc.dictionary(member, fc.jsonValue())
    fc.assert(
      fc.property(anything, anything, (top, inContainer) => {
        const container = { ...inContainer, name: 'app', image: 'app:1' }
        const definition = { ...top, family: 'app', containerDefinitions: [container, { name: 'x', image: 'app:1' }] }
        const sent = registrationOf({ definition, tags: [] }, { app: 'app:2' })
        expect(sent).toEqual({
          ...withoutNulls(definition),
          containerDefinitions: [
            { ...container, image: 'app:2' },
            { name: 'x', image: 'app:1' },
          ],
        })
        expect(isIdentical({ definition: sent, tags: [] }, sent)).toBe(true)
        expect(isIdentical({ definition, tags: [] }, sent)).toBe(false)
      }),
      {
        examples: [
          [{ ['__proto__']: {} }, {}],
          [{}, { ['__proto__']: 1 }],
        ],
      },
    )
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

const outputOnly = [
  'taskDefinitionArn',
  'revision',
  'status',
  'requiresAttributes',
  'compatibilities',
  // A file's own tags are read apart.
  'tags',
]

function withoutNulls(definition: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(definition).filter(([, value]) => value !== null))
}
