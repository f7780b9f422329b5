import { describe, expect, test } from '@jest/globals'
import type { PreviewGoal, PreviewStanding } from '../../src/model/preview.ts'
import { noRoom } from '../../src/plan/preview-limits.ts'
import { type PullRequests, toSweep } from '../../src/plan/preview-sweep.ts'

const hour = 3_600_000
const now = 1_000 * hour
const standing = (more: Partial<PreviewStanding> = {}): PreviewStanding => ({
  owner: { repository: 'octo-org/shop', of: 'default/shop', id: 'pr-12' },
  name: 'shop-pr-12-0a1b2c3d',
  pullRequest: 12,
  createdAt: now - hour,
  expiresAt: now + hour,
  parts: ['target group', 'service', 'task definition'],
  ...more,
})
const open: PullRequests = { kind: 'known', open: new Set([12]) }
const closed: PullRequests = { kind: 'known', open: new Set([13]) }
const unknown: PullRequests = { kind: 'unknown' }
const { pullRequest: _, ...withoutPull } = standing()
const { createdAt: __, ...withoutTime } = standing({ parts: ['service'] })

describe('a preview is swept', () => {
  test.each<[string, PreviewStanding, PullRequests, RegExp | undefined]>([
    ['not while its pull request is open', standing(), open, undefined],
    ['when its pull request is closed', standing(), closed, /pull request 12 is closed/],
    ['not when nobody knows', standing(), unknown, undefined],
    ['not when it has no pull request', withoutPull, closed, undefined],
    ['when its time has passed', standing({ expiresAt: now }), open, /preview-ttl/],
    ['not while it is being made', standing({ parts: ['target group'] }), open, undefined],
    [
      'when it stays half made',
      standing({ parts: ['target group'], createdAt: now - 2 * hour }),
      open,
      /only its target/,
    ],
    [
      'not while a push makes it whole again',
      standing({ parts: ['target group'], createdAt: now - 9 * hour, pushedAt: now - hour }),
      open,
      undefined,
    ],
    ['when only revisions are left', standing({ parts: ['task definition'], createdAt: 0 }), open, /only its task def/],
    ['when half of it is there since nobody knows', withoutTime, open, /only its service is left/],
  ])('%s', (_name, preview, pulls, because) => {
    const { go, stay } = toSweep([preview], pulls, now)
    expect(go.length + stay.length).toBe(1)
    if (because === undefined) expect(go).toEqual([])
    else expect(go[0]?.because).toMatch(because)
  })
})

describe('there is no room', () => {
  const goal: PreviewGoal = {
    owner: { repository: 'octo-org/shop', of: 'default/shop', id: 'pr-99' },
    name: 'shop-pr-99-0a1b2c3d',
    place: { kind: 'host', host: 'pr-99.example.com' },
    seed: 0,
    priorities: { from: 1, to: 9 },
    desired: 1,
    limit: 7,
    tags: {},
    image: 'shop:1',
    container: 'app',
    moving: false,
    timeoutMs: 1,
  }
  const previews = Array.from({ length: 7 }, (_each, index) =>
    standing({ owner: { ...goal.owner, id: `pr-${index}` }, createdAt: now - index * hour }),
  )
  const crowd = { rules: 10, targetGroups: 12, quotas: { rules: 100, targetGroups: 100 }, previews }

  test('for one more than preview-limit, and the oldest are named first', () => {
    const failure = noRoom(goal, crowd)
    expect(failure?.code).toBe('PREVIEW_LIMIT')
    expect(failure?.details[0]).toMatch(/: pr-6 \(.*\), pr-5 .*pr-2 \([^,]*\)\.$/)
  })

  test.each([
    [{ targetGroups: 100 }, /100 of 100 target groups/],
    [{ rules: 100 }, /100 of 100 rules/],
    [{ rules: 200, quotas: { rules: 200, targetGroups: 100 } }, /200 of 200 rules/],
  ])('when AWS has none left: %j', (more, says) => {
    const failure = noRoom({ ...goal, limit: 50 }, { ...crowd, ...more })
    expect(failure?.code).toBe('QUOTA_EXCEEDED')
    expect(failure?.headline).toMatch(says)
  })

  test('but else there is', () => {
    expect(noRoom({ ...goal, limit: 8 }, crowd)).toBeUndefined()
    const { limit: _limit, ...unlimited } = goal
    expect(noRoom(unlimited, { ...crowd, rules: 99, targetGroups: 99 })).toBeUndefined()
  })
})
