import { test } from '@jest/globals'
import { expectConvergence, killed } from './setup-killed.ts'

/** At every write; at every call at all in `__tests__/matrix`. */
test.each(killed)('a run that is killed while it makes %s is continued by the next', async (_, inputs) => {
  await expectConvergence(inputs, operation => !/^(Describe|List)/.test(operation))
})
