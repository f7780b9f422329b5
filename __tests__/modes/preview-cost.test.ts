import { expect, test } from '@jest/globals'
import { previewCosts, promised, sweepCost } from '../../bench/previews.ts'

/** What `npm run bench` prints of previews. */

test('a preview costs so many calls', async () => {
  for (const [what, calls] of Object.entries(await previewCosts())) {
    expect([what, calls]).toEqual([what, expect.any(Number)])
    expect(calls).toBeLessThanOrEqual(promised[what as keyof typeof promised])
  }
})

test('a sweep that finds nothing to do grows with pages and batches only', async () => {
  for (const previews of [1, 20, 90]) {
    // Names come in pages that hold them all; tags of target groups by 20, services by 10. Rules that lead to no preview any more are
    // looked for at the load balancer of the colors, which is one call each for these, its listeners, and the rules of both of them.
    const calls = 8 + Math.ceil(previews / 20) + Math.ceil(previews / 10)
    expect([previews, await sweepCost(previews, 0)]).toEqual([previews, calls])
  }
})

test('so does one beside as many previews of others, whose names begin alike', async () => {
  for (const previews of [1, 20, 90]) {
    // The tags of their rules are read, too: none of our previews is behind these.
    const calls = 8 + 2 * Math.ceil(previews / 20) + Math.ceil(previews / 10)
    const owner = { repository: 'octo-org/other', repositoryId: '2' }
    expect([previews, await sweepCost(previews, 0, { owner })]).toEqual([previews, calls])
  }
})

test('what a sweep deletes costs as much as if it were alone', async () => {
  const each = ((await sweepCost(5, 5)) - (await sweepCost(5, 0))) / 5
  expect(each).toBeGreaterThan(5)
  expect(each).toBeLessThanOrEqual(promised.each)
})
