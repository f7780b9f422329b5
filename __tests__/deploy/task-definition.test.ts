import { describe, expect, test } from '@jest/globals'
import { type Simulation, simulate } from '../../sandbox/simulation.ts'
import type { DefinitionFile, TaskDefinition } from '../../src/model/task-definition.ts'

/** What is deployed: whole deploys in virtual time, and the revision that ECS has afterwards. */

interface Stored {
  readonly taskDefinition: Readonly<Record<string, unknown>> & { readonly containerDefinitions: readonly Container[] }
  readonly tags: readonly unknown[]
}

interface Container {
  readonly name: string
  readonly image: string
  readonly environment: readonly { readonly name: string; readonly value: string }[]
  readonly secrets: readonly { readonly name: string; readonly valueFrom: string }[]
  readonly [member: string]: unknown
}

function revisionOf(simulation: Simulation, color: 'blue' | 'green'): string {
  const { cluster, service } = simulation.topology.inputs
  const answer = simulation.cloud.call('ecs', 'DescribeServices', { cluster, services: [`${service}-${color}`] })
  return String((answer.services as readonly { taskDefinition: string }[])[0]?.taskDefinition)
}

function stored(simulation: Simulation, reference: string): Stored {
  return simulation.cloud.call('ecs', 'DescribeTaskDefinition', {
    taskDefinition: reference,
    include: ['TAGS'],
  }) as unknown as Stored
}

const on = (simulation: Simulation, color: 'blue' | 'green') => stored(simulation, revisionOf(simulation, color))

function register(simulation: Simulation, change: Readonly<Record<string, unknown>>): string {
  const { taskDefinition, tags } = on(simulation, 'blue')
  const answer = simulation.cloud.call('ecs', 'RegisterTaskDefinition', { ...taskDefinition, tags, ...change })
  return (answer.taskDefinition as { taskDefinitionArn: string }).taskDefinitionArn
}

const withImage = (simulation: Simulation, image: string, more: readonly Partial<Container>[] = []) => ({
  containerDefinitions: [
    ...on(simulation, 'blue').taskDefinition.containerDefinitions.map(one => ({ ...one, image })),
    ...more,
  ],
})

/** A pair whose live revision has a sidecar beside the container of the target group. */
async function withSidecar(seed: number): Promise<Simulation> {
  const simulation = simulate({ seed })
  const arn = register(simulation, withImage(simulation, 'sample-app:0.0.2', [{ name: 'proxy', image: 'proxy:1' }]))
  await simulation.act({ 'task-definition-arn': arn })
  return simulation
}

const registrations = (simulation: Simulation) =>
  simulation.wire.calls.list().filter(call => call.operation === 'RegisterTaskDefinition' && call.error === undefined)

const writes = (simulation: Simulation) =>
  simulation.wire.calls.list().filter(call => !/^(Describe|List)/.test(call.operation))

const file = (definition: Readonly<Record<string, unknown>>, tags?: DefinitionFile['tags']) => ({
  kind: 'value' as const,
  value: { path: 'task.yml', definition: definition as TaskDefinition, ...(tags === undefined ? {} : { tags }) },
})

describe('fields that are newer than the SDK', () => {
  test('survive on the wire, at the top and in a container', async () => {
    const simulation = simulate({ seed: 1, newerMembers: ['newThing'] })
    const [container] = on(simulation, 'blue').taskDefinition.containerDefinitions
    const newThing = { nested: [1, { deep: true }], text: 'ö' }
    register(simulation, {
      newThing,
      containerDefinitions: [{ ...container, image: 'sample-app:0.0.2', newThing: ['x'] }],
    })
    const arn = stored(simulation, String(on(simulation, 'blue').taskDefinition.family)).taskDefinition
    await simulation.act({ 'task-definition-arn': String(arn.taskDefinitionArn) })
    const { report } = await simulation.act({ image: 'sample-app:0.0.3' })
    expect(report.outcome).toMatchObject({ status: 'succeeded' })
    expect(on(simulation, 'blue').taskDefinition).toMatchObject({
      newThing,
      containerDefinitions: [{ image: 'sample-app:0.0.3', newThing: ['x'] }],
    })
    // The same request again is not a difference either.
    expect((await simulation.act({ image: 'sample-app:0.0.3' })).report.outcome).toMatchObject({ status: 'unchanged' })
    expect(registrations(simulation)).toHaveLength(1)
  })
})

describe('images of several containers', () => {
  test('change those, and the version is that of the one behind the target group', async () => {
    const simulation = await withSidecar(10)
    const { report } = await simulation.act({ images: `proxy=proxy:2\n${main(simulation)}=sample-app:0.0.3` })
    expect(report.outcome).toMatchObject({ status: 'succeeded' })
    expect(report.sides).toMatchObject({ after: { version: '0.0.3', image: 'sample-app:0.0.3' } })
    expect(images(simulation, 'blue')).toEqual({ [main(simulation)]: 'sample-app:0.0.3', proxy: 'proxy:2' })
  })

  test('may leave the one behind the target group alone', async () => {
    const simulation = await withSidecar(11)
    const { report } = await simulation.act({ images: 'proxy=proxy:2' })
    expect(report.sides).toMatchObject({ after: { version: '0.0.2', image: 'sample-app:0.0.2' } })
    expect(images(simulation, 'blue')).toEqual({ [main(simulation)]: 'sample-app:0.0.2', proxy: 'proxy:2' })
  })

  test('go with image for the one behind the target group', async () => {
    const simulation = await withSidecar(12)
    await simulation.act({ image: 'sample-app:0.0.3', images: 'proxy=proxy:2' })
    expect(images(simulation, 'blue')).toEqual({ [main(simulation)]: 'sample-app:0.0.3', proxy: 'proxy:2' })
  })

  test('but not when both name it', async () => {
    const simulation = simulate({ seed: 13 })
    const { report } = await simulation.act({ image: 'sample-app:2', images: `${main(simulation)}=sample-app:3` })
    expect(report.outcome).toMatchObject({ failure: { code: 'INVALID_INPUT' } })
    expect(JSON.stringify(report.outcome)).toContain('gets image already')
    expect(writes(simulation)).toEqual([])
  })

  test.each([
    { images: 'envoy=proxy:2' },
    { image: 'sample-app:0.0.3', 'container-name': 'envoy' },
    { image: 'sample-app:0.0.3', images: 'envoy=proxy:2' },
  ])('with a wrong name list the containers there are: %j', async inputs => {
    const simulation = await withSidecar(14)
    const before = writes(simulation).length
    const { report } = await simulation.act(inputs)
    expect(report.outcome).toMatchObject({
      failure: {
        code: 'CONTAINER_UNCLEAR',
        headline: expect.stringContaining('has no container envoy'),
        details: expect.arrayContaining([`It has ${main(simulation)}, proxy.`]),
      },
    })
    expect(writes(simulation)).toHaveLength(before)
  })
})

describe('environment and secrets', () => {
  test('replace what has their names, keep the rest, and values are never told', async () => {
    const simulation = simulate({ seed: 20 })
    const arn = 'arn:aws:ssm:eu-central-1:123456789012:parameter/hunter2'
    const { report, lines } = await simulation.act({
      image: 'sample-app:0.0.2',
      'environment-variables': 'LOG_LEVEL=hunter2\nAPI_KEY=hunter2',
      secrets: `TOKEN=${arn}`,
    })
    expect(report.outcome).toMatchObject({ status: 'succeeded' })
    const [before] = on(simulation, 'blue').taskDefinition.containerDefinitions
    const [after] = on(simulation, 'green').taskDefinition.containerDefinitions
    const kept = before?.environment.filter(variable => variable.name !== 'LOG_LEVEL') ?? []
    expect(after?.environment).toEqual([
      ...kept,
      { name: 'LOG_LEVEL', value: 'hunter2' },
      { name: 'API_KEY', value: 'hunter2' },
    ])
    expect(before?.secrets.map(secret => secret.name)).toEqual(['API_KEY'])
    expect(after?.secrets).toEqual([{ name: 'TOKEN', valueFrom: arn }])
    expect(JSON.stringify([report, lines])).not.toContain('hunter2')
    expect(lines.join('\n')).toContain('LOG_LEVEL, API_KEY, TOKEN set in')
  })
})

describe('a task definition file', () => {
  /** As a person writes it, without all that ECS fills in. */
  const written = (image?: string) => ({
    family: 'written',
    networkMode: 'awsvpc',
    requiresCompatibilities: ['FARGATE'],
    cpu: '256',
    memory: '1024',
    containerDefinitions: [
      { name: 'app', ...(image === undefined ? {} : { image }), portMappings: [{ containerPort: 8080 }] },
    ],
  })

  test('is registered with the image that was asked for, and the live tags', async () => {
    const simulation = simulate({ seed: 30 })
    const inputs = { 'task-definition': 'task.yml', image: 'sample-app:0.0.2' }
    const { report, lines } = await simulation.act(inputs, [], { file: file(written()) })
    expect(report.outcome).toMatchObject({ status: 'succeeded' })
    expect(on(simulation, 'green')).toMatchObject({
      taskDefinition: { family: 'written', memory: '1024', containerDefinitions: [{ image: 'sample-app:0.0.2' }] },
      tags: on(simulation, 'blue').tags,
    })
    expect(lines.join('\n')).toContain('Register written:1: task.yml with app at sample-app:0.0.2')
    const again = await simulation.act(inputs, [], { file: file(written()) })
    expect(again.report.outcome).toMatchObject({ status: 'unchanged' })
    expect(registrations(simulation)).toHaveLength(1)
  })

  test('may bring its own image, tags and version', async () => {
    const simulation = simulate({ seed: 31 })
    const tags = [{ key: 'only', value: 'this' }]
    const { report } = await simulation.act({ 'task-definition': 'task.yml' }, [], {
      file: file(written('sample-app:0.0.2'), tags),
    })
    expect(report.sides).toMatchObject({ after: { version: '0.0.2', image: 'sample-app:0.0.2' } })
    expect(on(simulation, 'green').tags).toEqual(tags)
  })

  test.each<[string, Readonly<Record<string, unknown>>, string, string]>([
    ['without an image', written(), 'INVALID_INPUT', "'task.yml' has no image for app"],
    ['with a placeholder', written('<IMAGE1_NAME>'), 'INVALID_INPUT', "has the image '<IMAGE1_NAME>', which is none"],
    [
      'without the container behind the target group',
      { family: 'written', containerDefinitions: [{ name: 'web', image: 'app:1' }] },
      'CONTAINER_UNCLEAR',
      'It has web.',
    ],
  ])('%s is refused before anything is written', async (_, definition, code, sentence) => {
    const simulation = simulate({ seed: 32 })
    const { report } = await simulation.act({ 'task-definition': 'task.yml' }, [], { file: file(definition) })
    expect(report.outcome).toMatchObject({ status: 'failed', failure: { code } })
    expect(JSON.stringify(report.outcome)).toContain(sentence)
    expect(writes(simulation)).toEqual([])
  })
})

describe('a revision by its ARN', () => {
  test('is used as it is', async () => {
    const simulation = simulate({ seed: 40 })
    const arn = register(simulation, { ...withImage(simulation, 'sample-app:0.0.2'), memory: '1024' })
    const { report } = await simulation.act({ 'task-definition-arn': arn })
    expect(report.outcome).toMatchObject({ status: 'succeeded' })
    expect(report.sides).toMatchObject({ after: { version: '0.0.2', taskDefinition: arn } })
    expect(registrations(simulation)).toEqual([])
    const again = await simulation.act({ 'task-definition-arn': arn })
    expect(again.report.outcome).toMatchObject({ status: 'unchanged' })
  })

  test('is registered again when it is deregistered, tags and all, and that is said', async () => {
    const simulation = simulate({ seed: 41 })
    const arn = register(simulation, { ...withImage(simulation, 'sample-app:0.0.2'), memory: '1024' })
    simulation.cloud.call('ecs', 'DeregisterTaskDefinition', { taskDefinition: arn })
    const { report, lines } = await simulation.act({ 'task-definition-arn': arn })
    expect(report.outcome).toMatchObject({ status: 'succeeded' })
    expect(revisionOf(simulation, 'green')).not.toBe(arn)
    expect(on(simulation, 'green')).toMatchObject({
      taskDefinition: { memory: '1024' },
      tags: stored(simulation, arn).tags,
    })
    expect(lines.join('\n')).toMatch(/:2 is deregistered, and ECS starts nothing new from it: a copy takes its place/)
    const again = await simulation.act({ 'task-definition-arn': arn })
    expect(again.report.outcome).toMatchObject({ status: 'unchanged' })
    expect(registrations(simulation)).toHaveLength(1)
  })

  test('that is not there is named', async () => {
    const simulation = simulate({ seed: 42 })
    const arn = revisionOf(simulation, 'blue').replace(/:\d+$/, ':99')
    const { report } = await simulation.act({ 'task-definition-arn': arn })
    expect(report.outcome).toMatchObject({
      failure: { code: 'TASK_DEFINITION_NOT_FOUND', headline: expect.stringContaining(arn) },
    })
    expect(writes(simulation)).toEqual([])
  })
})

describe('a tag that moves', () => {
  test('is deployed again although its text is live, and its bits are new', async () => {
    const simulation = simulate({ seed: 50 })
    await simulation.act({ image: 'sample-app:main' })
    const live = revisionOf(simulation, 'green')
    const { report, lines } = await simulation.act({ image: 'sample-app:main' })
    expect(report.outcome).toMatchObject({ status: 'succeeded' })
    expect(report.sides).toMatchObject({ active: 'blue' })
    expect(revisionOf(simulation, 'blue')).toBe(live)
    expect(lines.join('\n')).toContain('sample-app:main may stand for other bits by now')
    expect(registrations(simulation)).toHaveLength(1)
    const third = await simulation.act({ image: 'sample-app:main' })
    expect(third.report.sides).toMatchObject({ active: 'green' })
  })
})

describe('asked for again', () => {
  test.each(['pr-12', '2', '20261121'])('a tag such as %s is deployed again, whatever people mean by it', async tag => {
    const simulation = simulate({ seed: 51 })
    await simulation.act({ image: `sample-app:${tag}` })
    const { report, lines } = await simulation.act({ image: `sample-app:${tag}` })
    expect(report.outcome).toMatchObject({ status: 'succeeded' })
    expect(report.sides).toMatchObject({ active: 'blue' })
    expect(lines.join('\n')).toContain(`sample-app:${tag} may stand for other bits by now`)
  })

  test.each(['1.2.3', 'sha-0a1b2c3'])('a tag such as %s is unchanged, and it is told which bits run', async tag => {
    const simulation = simulate({ seed: 52 })
    const first = await simulation.act({ image: `sample-app:${tag}` })
    const before = writes(simulation).length
    const { report } = await simulation.act({ image: `sample-app:${tag}` })
    expect(report.outcome).toMatchObject({
      status: 'unchanged',
      because: expect.stringMatching(new RegExp(`already runs sample-app:${tag} \\(sha256:[0-9a-f]{64}\\)`)),
    })
    expect(first.report.outcome).toMatchObject({ status: 'succeeded' })
    expect(writes(simulation)).toHaveLength(before)
  })

  test('unchanged also when this role may not read tasks', async () => {
    const simulation = simulate({ seed: 53 })
    simulation.wire.faults.add([{ kind: 'denied', operation: 'ListTasks' }])
    const { report } = await simulation.act({ image: 'sample-app:0.0.1' })
    expect(report.outcome).toMatchObject({
      status: 'unchanged',
      because: expect.stringContaining('already runs sample-app:0.0.1 and has all the traffic'),
    })
  })
})

describe('a family that others register too', () => {
  const crowded = {
    kind: 'error' as const,
    operation: 'RegisterTaskDefinition',
    code: 'ClientException',
    message: 'Too many concurrent attempts to create a new revision of the specified family.',
  }

  test('is tried again', async () => {
    const simulation = simulate({ seed: 60 })
    simulation.wire.faults.add([{ ...crowded, times: 3 }])
    const { report } = await simulation.act({ image: 'sample-app:0.0.2' })
    expect(report.outcome).toMatchObject({ status: 'succeeded' })
    expect(registrations(simulation)).toHaveLength(1)
  })

  test('is told when it never ends', async () => {
    const simulation = simulate({ seed: 61 })
    simulation.wire.faults.add([crowded])
    const { report } = await simulation.act({ image: 'sample-app:0.0.2' })
    expect(report.outcome).toMatchObject({
      failure: { code: 'THROTTLED', headline: expect.stringContaining('Too many concurrent attempts') },
    })
  })

  test('other words of ECS are not', async () => {
    const simulation = simulate({ seed: 62 })
    simulation.wire.faults.add([{ ...crowded, message: 'Role is not valid', times: 1 }])
    const { report } = await simulation.act({ image: 'sample-app:0.0.2' })
    expect(report.outcome).toMatchObject({ failure: { code: 'AWS_ERROR' } })
  })
})

test('a family without any revision left is no obstacle', async () => {
  const simulation = simulate({ seed: 70 })
  simulation.cloud.call('ecs', 'DeregisterTaskDefinition', { taskDefinition: revisionOf(simulation, 'blue') })
  const { report } = await simulation.act({ image: 'sample-app:0.0.2' })
  expect(report.outcome).toMatchObject({ status: 'succeeded' })
})

test('a revision that AWS does not show is not taken for one that is not there', async () => {
  const simulation = simulate({ seed: 71 })
  await simulation.act({ image: 'sample-app:0.0.2' })
  const before = writes(simulation).length
  simulation.wire.faults.add([
    {
      kind: 'error',
      operation: 'DescribeTaskDefinition',
      code: 'ClientException',
      message: 'Something is wrong.',
      after: 1,
      times: 1,
    },
  ])
  const { report } = await simulation.act({ image: 'sample-app:0.0.3' })
  expect(report.outcome).toMatchObject({ status: 'failed', failure: { code: 'AWS_ERROR' } })
  expect(writes(simulation)).toHaveLength(before)
})

function main(simulation: Simulation): string {
  return String(on(simulation, 'blue').taskDefinition.containerDefinitions[0]?.name)
}

function images(simulation: Simulation, color: 'blue' | 'green'): Readonly<Record<string, string>> {
  return Object.fromEntries(
    on(simulation, color).taskDefinition.containerDefinitions.map(container => [container.name, container.image]),
  )
}
