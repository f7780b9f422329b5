import { expect, test } from '@jest/globals'
import { callMatrix, callStage, calls } from './call-matrix.ts'

const on = callStage()

test('the list has every call of a deploy', async () => {
  await on.deploy()
  const { api } = on.stage().sandbox
  api.calls.clear()
  expect(await on.deploy()).toMatchObject({ exitCode: 0 })
  const called = new Set(api.calls.list().map(call => call.operation))
  expect([...called].sort()).toEqual(calls.map(([operation]) => operation).sort())
})

callMatrix('denied', calls, on)

test('a burst of throttling at every call is only slower', async () => {
  const { api } = on.stage().sandbox
  api.faults.add(calls.map(([operation]) => ({ kind: 'throttle' as const, operation, times: 2 })))
  expect(await on.deploy()).toMatchObject({ exitCode: 0, outputs: { 'deployment-status': 'succeeded' } })
  api.faults.clear()
  expect(on.stage().watch().snapshot().failed).toBe(0)
})
