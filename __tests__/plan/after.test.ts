import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { nextDeployStep } from '../../src/plan/deploy.ts'
import { forwardTo, liveService, newRevision, now, progressOf, routeWith, serviceView, snapshotOf } from './builders.ts'

const goal = {
  image: 'app:2',
  container: 'app',
  version: '2',
  timeoutMs: 600_000,
  rollbackOnFailure: true,
  confirm: false,
  idleCount: 0,
}

test('the old color is only parked when nobody is sent there, and nobody was for two minutes', () => {
  let parked = 0
  fc.assert(
    fc.property(
      fc.record({
        routes: fc.array(fc.constantFrom(0, 0, 0, 1, 50), { minLength: 1, maxLength: 3 }),
        testers: fc.constantFrom<'blue' | 'green'>('blue', 'green'),
        shiftedAgo: fc.constantFrom(0, 119_999, 120_000, 3_600_000),
        seenAgo: fc.constantFrom(0, 1_000, 600_000),
        stickySeconds: fc.constantFrom(undefined, 60, 600),
        liveDesired: fc.constantFrom(0, 2),
      }),
      drawn => {
        const routes = drawn.routes.map((blue, index) => {
          const action = forwardTo({ blue, green: 100 - blue })
          const sticky =
            drawn.stickySeconds === undefined
              ? {}
              : { TargetGroupStickinessConfig: { Enabled: true, DurationSeconds: drawn.stickySeconds } }
          return routeWith([{ ...action, ForwardConfig: { ...action.ForwardConfig, ...sticky } }], 80 + index)
        })
        const testers = forwardTo(drawn.testers === 'blue' ? { blue: 100, green: 0 } : { blue: 0, green: 100 })
        const at = now - drawn.seenAgo
        const old = { ...liveService, desired: drawn.liveDesired, running: drawn.liveDesired }
        const seen = snapshotOf({
          services: { at, value: { blue: old, green: serviceView({ taskDefinition: newRevision }) } },
          production: { at, value: routes },
          test: { at, value: [routeWith([testers], 8080)] },
        })
        const shiftedAt = now - drawn.shiftedAgo
        const settled = { provenAt: shiftedAt, shiftedAt, bakedAt: shiftedAt, taggedAt: shiftedAt }
        const decision = nextDeployStep(goal, progressOf(settled), seen, now)
        if (decision.kind !== 'do' || decision.step.kind !== 'park') return
        parked++
        expect(decision.step).toMatchObject({ color: 'blue', service: 'app-blue', desired: 0 })
        expect(drawn.routes.every(blue => blue === 0)).toBe(true)
        const quietMs = Math.max(120_000, (drawn.stickySeconds ?? 0) * 1_000)
        expect(drawn.shiftedAgo).toBeGreaterThanOrEqual(quietMs)
        // Seen after the last moment at which anybody could have needed it.
        expect(at).toBeGreaterThanOrEqual(shiftedAt + quietMs)
        expect(drawn.liveDesired).toBeGreaterThan(0)
      },
    ),
    { numRuns: 3_000 },
  )
  expect(parked).toBeGreaterThan(20)
})
