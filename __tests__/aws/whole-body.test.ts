import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { ControlPlane } from '../../sandbox/cloud/ports.ts'
import { createWireServer, type WireServer } from '../../sandbox/wire/server.ts'
import { createClients } from '../../src/aws/clients.ts'
import { containerService } from '../../src/aws/container-service.ts'
import { wallClock } from '../../src/main.ts'

/** Over real sockets, where the answer of AWS is a stream. */
const arn = 'arn:aws:ecs:eu-central-1:123456789012:task-definition/app:1'
const definition = {
  taskDefinitionArn: arn,
  family: 'app',
  newThing: { text: 'ö€'.repeat(20_000), list: [1.5, true] },
  containerDefinitions: [{ name: 'app', image: 'app:1', newThing: 'x' }],
}
let registered: Record<string, unknown> | undefined
const plane: ControlPlane = {
  call(_, operation, input) {
    if (operation === 'RegisterTaskDefinition') registered = input
    return { taskDefinition: definition, tags: [{ key: 'team', value: 'web' }] }
  },
}

let server: WireServer
beforeAll(async () => {
  server = await createWireServer({ controlPlane: plane, newerMembers: ['newThing'] })
})
afterAll(() => server.close())

function service() {
  const { signal } = new AbortController()
  const clients = createClients({
    region: 'eu-central-1',
    clock: wallClock,
    signal,
    onThrottled: () => undefined,
    userAgent: [],
    sdk: {
      region: 'eu-central-1',
      credentials: { accessKeyId: 'TEST', secretAccessKey: 'test' },
      endpoint: server.endpoint,
    },
  })
  return containerService(clients.ecs, 'default', signal)
}

describe('a task definition', () => {
  test('is read with every member that AWS sends', async () => {
    expect(await service().describeTaskDefinition('app')).toEqual({
      definition,
      tags: [{ key: 'team', value: 'web' }],
    })
  })

  test('is sent with every member, also when the first answer is lost', async () => {
    server.faults.add([{ kind: 'lost-answer', times: 1 }])
    const { taskDefinitionArn: _, ...input } = definition
    expect(await service().registerTaskDefinition(input)).toBe(arn)
    expect(registered).toEqual(input)
  })

  test('that is refused is explained as ever', async () => {
    server.faults.add([{ kind: 'denied', operation: 'DescribeTaskDefinition', times: 1 }])
    await expect(service().describeTaskDefinition('app')).rejects.toMatchObject({ failure: { code: 'ACCESS_DENIED' } })
  })
})
