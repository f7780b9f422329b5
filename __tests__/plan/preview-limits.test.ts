import { expect, test } from '@jest/globals'
import type { PreviewGoal, PreviewSeen, PreviewStanding } from '../../src/model/preview.ts'
import { limitStep, noteCrowd } from '../../src/plan/preview-limits.ts'

/** Too many previews, seen right after one more target group was made. */

const goal = { name: 'shop-pr-5', owner: { id: 'pr-5', of: 'default/shop' }, limit: 2 } as unknown as PreviewGoal
const arn = 'group'
const standing = (name: string, createdAt: number) => ({ name, createdAt, owner: { id: name } }) as PreviewStanding
const started = 1_000

function seenWith(previews: readonly PreviewStanding[], more: Partial<PreviewSeen> = {}): PreviewSeen {
  return {
    group: { at: 0, value: { view: { arn, name: goal.name } } },
    rules: { at: 0, value: [] },
    service: { at: 0, value: undefined },
    endedAt: 0,
    crowd: { rules: 1, targetGroups: 1, quotas: { rules: 100, targetGroups: 100 }, previews, own: { createdAt: 50 } },
    ...more,
  } as unknown as PreviewSeen
}

function decided(seen: PreviewSeen, waitedMs = 0): string {
  const decision = limitStep(goal, { crowdedSince: started }, seen, started + waitedMs)
  if (decision?.kind !== 'do') return decision?.kind ?? 'go on'
  return decision.step.kind === 'delete-group' ? `take back: ${decision.step.failure?.code}` : decision.step.kind
}

const older = standing('shop-pr-1', 10)
const oldest = standing('shop-pr-2', 9)
const younger = standing('shop-pr-7', 90)
const back = 'take back: PREVIEW_LIMIT'
const rule = { arn: 'rule', priority: 1, actions: [{ Type: 'forward', TargetGroupArn: arn }], conditions: [] }

test.each<[string, string, string]>([
  ['as many as allowed', decided(seenWith([older])), 'go on'],
  ['enough that are older', decided(seenWith([older, oldest])), back],
  ['one that is younger', decided(seenWith([older, younger])), 'wait'],
  ['… and is still there', decided(seenWith([older, younger]), 59_999), 'wait'],
  ['… and stays', decided(seenWith([older, younger]), 60_000), back],
  ['one of the same moment that comes first', decided(seenWith([older, standing('shop-pr-4', 50)])), back],
  ['one of the same moment that comes later', decided(seenWith([older, standing('shop-pr-6', 50)])), 'wait'],
  [
    'not counted again yet',
    decided(seenWith([], { crowd: { ...seenWith([]).crowd, own: undefined } as never })),
    'count',
  ],
  ['it has its rule', decided(seenWith([older, oldest], { rules: { at: 0, value: [rule] } as never })), 'go on'],
  [
    'it has its service',
    decided(seenWith([older, oldest], { service: { at: 0, value: { view: { status: 'ACTIVE' } } } as never })),
    'go on',
  ],
])('%s', (_, is, expected) => expect(is).toBe(expected))

test('since when is noted once', () => {
  const nothing = { startedAt: 0, changed: false, takenPriorities: [] }
  expect(noteCrowd(goal, nothing, seenWith([older]), 7)).toEqual(nothing)
  const noted = noteCrowd(goal, nothing, seenWith([older, younger]), 7)
  expect(noted).toEqual({ ...nothing, crowdedSince: 7 })
  expect(noteCrowd(goal, noted, seenWith([older, younger]), 9)).toEqual(noted)
})
