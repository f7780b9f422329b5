import { test } from '@jest/globals'
import { expectConvergence, killed } from './preview-killed.ts'

/** After every write; after every call at all in `__tests__/matrix`. */
test.each(killed)(
  'a run that is killed while a preview is %s is continued by the next',
  async (_, before, inputs, version) => {
    await expectConvergence(before, inputs, version, operation => !/^(Describe|List)/.test(operation))
  },
)
