import { expect, test } from '@jest/globals'
import type { PreviewGoal, PreviewRule } from '../../src/model/preview.ts'
import { tagKeys } from '../../src/plan/preview-names.ts'
import { rivalStep } from '../../src/plan/preview-rivals.ts'
import { conditionsOf } from '../../src/plan/preview-rule.ts'

/** Two previews that want one host. */

const place = { kind: 'host', host: 'pr-7.preview.example.com' } as const
const goal = { place, tags: { [tagKeys.run]: 'now' }, owner: { id: 'pr-7' } } as unknown as PreviewGoal

const rule = (
  name: string,
  priority: number,
  created: string,
  run = 'before',
  at: string = place.host,
): PreviewRule => ({
  arn: name,
  listenerArn: 'listener',
  priority,
  conditions: conditionsOf({ kind: 'host', host: at }),
  actions: [],
  tags: {
    [tagKeys.preview]: 'pr-7',
    [tagKeys.of]: 'default/api',
    [tagKeys.repository]: 'octo-org/api',
    [tagKeys.created]: created,
    [tagKeys.run]: run,
  },
})
const rival = rule('rival', 41_000, '2026-01-01T12:00:00.000Z')
const { tags: _, ...untagged } = rival

function decided(own: readonly PreviewRule[], others: readonly PreviewRule[], waitedMs?: number): string {
  const since = waitedMs === undefined ? {} : { rivalSince: 100_000 - waitedMs }
  const decision = rivalStep(goal, since, own, { rules: { at: 0, value: [...own, ...others] } }, 100_000)
  switch (decision?.kind) {
    case 'finish':
      return 'failure' in decision.outcome
        ? `${decision.outcome.failure.code}: ${decision.outcome.failure.headline}`
        : '?'
    case 'do':
      return decision.step.kind === 'delete-rule' ? `delete ${decision.step.rule.arn}` : decision.step.kind
    case 'wait':
      return `wait: ${decision.because}`
    default:
      return 'go on'
  }
}

const [earlier, same, later] = ['11:59', '12:00', '12:01'].map(time => `2026-01-01T${time}:00.000Z`) as [
  string,
  string,
  string,
]

test.each<[string, string, RegExp]>([
  ['nobody else', decided([rule('own', 40_000, same)], []), /^go on$/],
  ['a rule of no preview, of which others speak', decided([], [untagged]), /^go on$/],
  ['a preview elsewhere', decided([], [rule('rival', 41_000, same, 'x', 'pr-8.preview.example.com')]), /^go on$/],
  [
    'a preview that was there first',
    decided([], [rival]),
    /^PREVIEW_SHADOWS: Rule 41000 .*pr-7 of default\/api from octo-org\/api/,
  ],
  ['an older one', decided([rule('own', 40_000, later, 'now')], [rival]), /^delete own$/],
  ['an older one, which a lost run has overlooked', decided([rule('own', 40_000, later)], [rival], 1), /^delete own$/],
  ['one of the same moment that comes first', decided([rule('own', 42_000, same, 'now')], [rival]), /^delete own$/],
  [
    'one of the same moment that comes last',
    decided([rule('own', 40_000, same, 'now')], [rival]),
    /^wait: .*came later$/,
  ],
  ['a younger one', decided([rule('own', 42_000, earlier, 'now')], [rival], 59_000), /^wait/],
  ['a younger one that stays', decided([rule('own', 42_000, earlier, 'now')], [rival], 60_000), /^delete own$/],
  [
    'a younger one that stays beside what was there',
    decided([rule('own', 42_000, earlier)], [rival], 60_000),
    /^PREVIEW_SHADOWS/,
  ],
  [
    'one at the place that this one is to move to',
    decided([rule('own', 40_000, earlier, 'now', 'old.example.com')], [rival]),
    /^PREVIEW_SHADOWS/,
  ],
  [
    'a rule whose age nobody knows',
    decided([rule('own', 40_000, earlier)], [{ ...rival, tags: { [tagKeys.preview]: 'x' } }]),
    /^delete own$/,
  ],
])('beside %s', (_, decision, expected) => {
  expect(decision).toMatch(expected)
})
