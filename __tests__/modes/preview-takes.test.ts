import { describe, expect, test } from '@jest/globals'
import { simulate } from '../../sandbox/simulation.ts'
import { partsOf, previewInputs, versionsAt } from './preview-world.ts'

/** Production that is found by a default action, which says nothing of its hosts and paths. */

const at = (inputs: Readonly<Record<string, string>>) => ({ ...previewInputs, 'preview-domain': '', ...inputs })
const www = at({ 'preview-id': 'www', 'preview-domain': 'example.com' })
const v1 = at({ 'preview-id': 'v1', 'preview-path': '/api' })

describe('what production-url says is production has for sure', () => {
  test.each([
    ['its host', { ...www, 'production-url': 'https://WWW.example.com/version' }, '/version'],
    ['its path', { ...v1, 'production-url': 'http://shop.example.com/api/v1/version' }, '/api/v1/version'],
    ['the very path', { ...v1, 'production-url': 'http://shop.example.com/api/v1' }, '/api/v1'],
  ])('is refused: %s', async (_, inputs, path) => {
    const simulation = simulate({ seed: 1, unsigned: true })
    const before = partsOf(simulation)
    for (const mode of [{}, { mode: 'plan', 'plan-for': 'preview' }]) {
      const { report } = await simulation.act({ ...inputs, ...mode })
      expect(report.outcome).toMatchObject({
        failure: { code: 'PREVIEW_SHADOWS', headline: expect.stringContaining('production-url') },
      })
    }
    expect(partsOf(simulation)).toEqual(before)
    expect(versionsAt(simulation, { path })).toEqual(versionsAt(simulation, { path, host: 'other.example.com' }))
  })

  test('and a preview that has taken it gives it back', async () => {
    const simulation = simulate({ seed: 1, unsigned: true })
    await simulation.act(www)
    expect(versionsAt(simulation)).toEqual(['0.0.2', '0.0.2'])
    const { report } = await simulation.act({ ...www, 'production-url': 'https://www.example.com/version' })
    expect(report.outcome).toMatchObject({ failure: { code: 'PREVIEW_SHADOWS' } })
    simulation.timeline.advanceTo(simulation.timeline.now() + 60_000)
    expect(versionsAt(simulation)).toEqual(['0.0.1', '0.0.1'])
  })

  test.each([
    ['another host', { ...previewInputs, 'production-url': 'https://www.example.com/pr-12' }],
    ['a path beside it', at({ 'preview-path': '/api', 'production-url': 'http://shop.example.com/api/pr-123' })],
  ])('goes together with %s', async (_, inputs) => {
    const simulation = simulate({ seed: 1, unsigned: true })
    const { report } = await simulation.act(inputs)
    expect(report).toMatchObject({ outcome: { status: 'succeeded' }, warnings: [] })
  })
})

describe('what production may have', () => {
  test.each([
    ['a host', www, /The default action of .* should production have the host www\.example\.com, .* `preview-domain`/],
    ['a path', v1, /should production have the path \/api\/v1, .* `preview-path`/],
    ['another host than that of production-url', { ...www, 'production-url': 'https://shop.example.com' }, /www/],
  ])('is told: %s', async (_, inputs, says) => {
    const simulation = simulate({ seed: 1, unsigned: true })
    for (const mode of [{ mode: 'plan', 'plan-for': 'preview' }, {}]) {
      const { report, lines } = await simulation.act({ ...inputs, ...mode })
      expect('failure' in report.outcome).toBe(false)
      expect(report.warnings).toEqual([expect.stringMatching(says)])
      expect(lines.join('\n')).toMatch(says)
    }
  })

  test('by a rule for everything is told as well, and by rules with hosts of its own is not', async () => {
    for (const [rule, told] of [
      [{ priority: 50_000, pathPattern: '*' }, 1],
      [{ priority: 50_000, host: 'www.shop.example' }, 0],
    ] as const) {
      const simulation = simulate({
        seed: 1,
        unsigned: true,
        topology: { defaultForwards: false, rules: [rule] },
      })
      const { report } = await simulation.act(www)
      expect(report).toMatchObject({ outcome: { status: 'succeeded' } })
      expect(report.warnings.filter(line => line.includes('whatever no rule asks for'))).toHaveLength(told)
    }
  })
})
