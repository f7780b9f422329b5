import { test } from '@jest/globals'
import { expectConvergence, killed } from '../modes/preview-killed.ts'

test.each(killed)(
  'a run that is killed at any call while a preview is %s is continued by the next',
  async (_, before, inputs, version) => {
    await expectConvergence(before, inputs, version)
  },
)
