import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { openStage, type Stage } from '../stage.ts'
import { statusNow } from '../status.ts'

/** Through dist/index.js, under traffic; most of the time is what an old color keeps serving before it is parked. */

let stage: Stage
beforeAll(async () => {
  stage = await openStage()
  stage.watch(360)
})
afterAll(() => stage.close())

test('a color that the action has parked is scaled up to what it had and proven before it gets the traffic', async () => {
  const parked = await stage.run({ image: 'sample-app:0.0.2', 'idle-desired-count': '0', timeout: '5m' })
  expect(parked.outputs).toMatchObject({ 'deployment-status': 'succeeded', version: '0.0.2' })
  expect(stage.service('blue')).toMatchObject({ desiredCount: 0 })
  expect(await statusNow(stage)).toMatchObject({ version: '0.0.2', 'previous-version': '0.0.1' })

  const back = await stage.run({ mode: 'rollback', 'production-url': stage.url })
  expect(back.outputs).toMatchObject({ 'deployment-status': 'succeeded', 'active-color': 'blue', version: '0.0.1' })
  expect(stage.service('blue')).toMatchObject({ desiredCount: 2, runningCount: 2 })
  expect(stage.weights()).toEqual({ blue: 100, green: 0 })
  expect(await statusNow(stage)).toMatchObject({ version: '0.0.1', 'previous-version': '0.0.2' })
  expect(stage.watch().snapshot().failed).toBe(0)
}, 300_000)
