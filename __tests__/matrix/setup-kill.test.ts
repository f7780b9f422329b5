import { test } from '@jest/globals'
import { expectConvergence, killed } from '../modes/setup-killed.ts'

test.each(killed)('a run that is killed at any call while it makes %s is continued by the next', async (_, inputs) => {
  await expectConvergence(inputs)
})
