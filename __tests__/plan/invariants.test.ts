import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { Progress } from '../../src/model/progress.ts'
import type { Snapshot } from '../../src/model/snapshot.ts'
import { nextDeployStep } from '../../src/plan/deploy.ts'
import {
  deploymentView,
  forwardTo,
  liveService,
  newRevision,
  now,
  oldRevision,
  progressOf,
  routeWith,
  serviceView,
  snapshotOf,
  targetView,
  taskView,
} from './builders.ts'

/**
 * Whatever the world looks like: no decision moves production to a color that is not proven (invariants 1, 2 and 5 of the
 * design). What "proven" means is written down here a second time, as plainly as it can be, and not by calling the code.
 */

/** Mostly what a proven candidate looks like: a world with many faults at once would never come near a shift. */
const mostly = <T>(good: T, ...others: readonly T[]) =>
  fc.oneof({ weight: 9, arbitrary: fc.constant(good) }, { weight: 1, arbitrary: fc.constantFrom(...others) })

const task = fc.record({
  number: fc.integer({ min: 1, max: 4 }),
  taskDefinition: mostly(newRevision, oldRevision),
  startedBy: mostly('ecs-svc/2', 'ecs-svc/1'),
  lastStatus: mostly('RUNNING', 'PENDING', 'DEACTIVATING'),
})

const target = fc.record({
  number: fc.integer({ min: 1, max: 4 }),
  port: mostly(8080, 9090),
  state: mostly('healthy', 'initial', 'unhealthy', 'draining', 'unused'),
})

/** Two, numbered 1 and 2, or any others; no number twice, because an address belongs to one task. */
function two<T extends { readonly number: number }>(one: fc.Arbitrary<T>): fc.Arbitrary<readonly T[]> {
  const numbered = fc
    .tuple(one, one)
    .map((pair): readonly T[] => pair.map((each, index): T => ({ ...each, number: index + 1 })))
  const any = fc.uniqueArray(one, { maxLength: 4, selector: each => each.number })
  return fc.oneof({ weight: 3, arbitrary: numbered }, { weight: 1, arbitrary: any })
}

const world = fc.record({
  status: mostly('ACTIVE', 'DRAINING'),
  deployment: fc.record({
    id: mostly('ecs-svc/2', 'ecs-svc/9'),
    status: mostly('PRIMARY', 'ACTIVE'),
    rollout: mostly('COMPLETED' as const, 'IN_PROGRESS' as const, 'FAILED' as const, 'unknown' as const),
    desired: mostly(2, 0, 1, 3),
    running: mostly(2, 0, 1, 3),
    failedTasks: mostly(0, 1, 3),
  }),
  liveRunning: mostly(2, 1, 0, 5),
  tasks: two(task),
  targets: two(target),
  routes: fc.array(
    mostly(
      { blue: 100, green: 0 },
      { blue: 0, green: 100 },
      { blue: 50, green: 50 },
      { blue: 100, green: 0, stranger: 1 },
    ),
    { minLength: 1, maxLength: 3 },
  ),
  told: fc.boolean(),
  age: mostly(0, 1_000, 5_000),
  minHealthyTargets: mostly<number | undefined>(undefined, 1, 2),
})

test('nothing moves production to an unproven color', () => {
  let shifts = 0
  fc.assert(
    fc.property(world, drawn => {
      const routes = drawn.routes.map((weights, index) => routeWith([forwardTo(weights)], 80 + index))
      const green = { ...drawn.deployment, taskDefinition: newRevision }
      const tasks = drawn.tasks.map(({ number, ...rest }) => taskView(number, rest))
      const targets = drawn.targets.map(({ number, ...rest }) => targetView(number, rest))
      const at = now - drawn.age
      const seen: Snapshot = snapshotOf({
        endedAt: at,
        services: {
          at,
          value: {
            blue: { ...liveService, running: drawn.liveRunning, desired: drawn.liveRunning },
            green: serviceView({
              status: drawn.status,
              running: green.running,
              desired: green.desired,
              deployments: [deploymentView(green)],
            }),
          },
        },
        production: { at, value: routes },
        targets: { at, value: targets },
        tasks: { at, value: tasks },
      })
      const told: Progress['told'] = drawn.told
        ? Object.fromEntries(
            routes.filter((_, index) => drawn.routes[index]?.green === 100).map(route => [route.arn, 'green' as const]),
          )
        : {}
      const goal = {
        image: 'app:2',
        container: 'app',
        version: '2',
        timeoutMs: 600_000,
        rollbackOnFailure: true,
        confirm: false,
        ...(drawn.minHealthyTargets === undefined ? {} : { minHealthyTargets: drawn.minHealthyTargets }),
      }
      const decision = nextDeployStep(goal, progressOf({ told }), seen, now)
      if (decision.kind !== 'do' || decision.step.kind !== 'route' || decision.step.why !== 'shift') return
      shifts++

      expect(drawn.status).toBe('ACTIVE')
      expect(green).toMatchObject({ id: 'ecs-svc/2', status: 'PRIMARY', rollout: 'COMPLETED' })
      expect(green.running).toBe(green.desired)
      expect(green.running).toBeGreaterThanOrEqual(Math.max(1, drawn.liveRunning))
      const serving = new Set(
        drawn.tasks
          .filter(
            task =>
              task.taskDefinition === newRevision && task.startedBy === 'ecs-svc/2' && task.lastStatus === 'RUNNING',
          )
          .map(task => task.number)
          .filter(number =>
            drawn.targets.some(
              target => target.number === number && target.port === 8080 && target.state === 'healthy',
            ),
          ),
      )
      expect(serving.size).toBeGreaterThanOrEqual(drawn.minHealthyTargets ?? green.desired)
      expect(drawn.age).toBeLessThanOrEqual(2_000)
      for (const [index, weights] of drawn.routes.entries()) {
        const ours = weights.green === 100 && told[routes[index]?.arn ?? ''] === 'green'
        expect(ours || (weights.blue === 100 && !('stranger' in weights))).toBe(true)
      }
    }),
    { numRuns: 20_000 },
  )
  // The property says nothing when nothing is ever shifted.
  expect(shifts).toBeGreaterThan(1_000)
})
