import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { ControlPlane } from '../../../sandbox/cloud/ports.ts'
import { createWireServer, type WireServer } from '../../../sandbox/wire/server.ts'

/** An AWS that has learned `newThing` after the SDK was made. */
const inputs: Record<string, unknown>[] = []
const plane: ControlPlane = {
  call(_, __, input) {
    inputs.push(input)
    return { taskDefinition: { family: 'app', newThing: { a: [1] } }, newThing: 'x' }
  },
}
let server: WireServer
beforeAll(async () => {
  server = await createWireServer({ controlPlane: plane, newerMembers: ['newThing'] })
})
afterAll(() => server.close())

describe('members that are newer than the SDK', () => {
  test('are read and written as they are, in any structure; other unknown ones are dropped', async () => {
    const answer = await fetch(server.endpoint, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': 'AmazonEC2ContainerServiceV20141113.RegisterTaskDefinition',
      },
      body: JSON.stringify({
        family: 'app',
        newThing: { deep: null },
        strange: 1,
        containerDefinitions: [{ name: 'app', newThing: [true], strange: 1 }],
      }),
    })
    expect(await answer.json()).toEqual({ taskDefinition: { family: 'app', newThing: { a: [1] } }, newThing: 'x' })
    expect(inputs).toEqual([
      { family: 'app', newThing: { deep: null }, containerDefinitions: [{ name: 'app', newThing: [true] }] },
    ])
  })
})
