import { expect, test } from '@jest/globals'
import { runScripted, said } from './scripted.ts'

test('Line feeds, carriage returns and both end a line, also when they come in pieces', async () => {
  const result = await runScripted({
    main: `
      const pieces = ['one\\ntwo\\r', '\\nthree\\r\\nfour\\r::notice::hid', 'den\\r', 'fi', 've\\r', '\\n\\nlast\\r']
      const timer = setInterval(() => {
        process.stdout.write(pieces.shift())
        if (pieces.length === 0) clearInterval(timer)
      }, 20)`,
  })
  expect(said(result)).toEqual(['one', 'two', 'three', 'four', '[notice]hidden', 'five', '', 'last'])
})
