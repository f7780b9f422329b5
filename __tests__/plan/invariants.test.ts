import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { FailureCode } from '../../src/model/outcome.ts'
import type { Progress } from '../../src/model/progress.ts'
import type { Strategy } from '../../src/model/strategy.ts'
import {
  decide,
  deploymentView,
  forwardTo,
  liveService,
  newRevision,
  now,
  oldRevision,
  routeWith,
  serviceView,
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
  digest: mostly<string | undefined>('sha256:aa', 'sha256:bb', undefined),
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
  /** How far each route is: at the step that all have reached, told the next one, or at something that nobody asked for. */
  routes: fc.array(mostly('reached' as const, 'next' as const, 'foreign' as const, 'stranger' as const), {
    minLength: 1,
    maxLength: 3,
  }),
  told: fc.boolean(),
  strategy: fc.constantFrom<Strategy>(
    { kind: 'all-at-once' },
    { kind: 'canary', share: 100, holdMs: 60_000 },
    { kind: 'linear', share: 400, holdMs: 60_000 },
  ),
  /** Steps done. */
  steps: fc.integer({ min: 0, max: 2 }),
  /** Since the last of them. */
  heldMs: fc.constantFrom(0, 59_999, 60_000, 300_000),
  age: mostly(0, 1_000, 5_000),
  minHealthyTargets: mostly<number | undefined>(undefined, 1, 2),
})

/** What each strategy may give to green, one after the other: written down once more, in percent. */
const ladders = { 'all-at-once': [0, 100], canary: [0, 10, 100], linear: [0, 40, 80, 100] }

test('nothing moves production to an unproven color, and none of it too early', () => {
  let shifts = 0
  let partly = 0
  fc.assert(
    fc.property(world, drawn => {
      const ladder = ladders[drawn.strategy.kind]
      const step = Math.min(drawn.steps, ladder.length - 2)
      const [reached = 0, next = 100] = ladder.slice(step)
      const split = (green: number) => ({ blue: 100 - green, green })
      const weightsOf = {
        reached: split(reached),
        next: split(next),
        foreign: split(55),
        stranger: { ...split(reached), stranger: 1 },
      }
      const routes = drawn.routes.map((how, index) => routeWith([forwardTo(weightsOf[how])], 80 + index))
      const green = { ...drawn.deployment, taskDefinition: newRevision }
      const tasks = drawn.tasks.map(({ number, digest, ...rest }) =>
        taskView(number, {
          ...rest,
          containers: [{ name: 'app', image: 'app:2', ...(digest === undefined ? {} : { digest }) }],
        }),
      )
      const targets = drawn.targets.map(({ number, ...rest }) => targetView(number, rest))
      const at = now - drawn.age
      const seen = {
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
      }
      const entries = routes.map((route, index) => {
        const ours = drawn.told && drawn.routes[index] === 'next'
        return [route.arn, ours ? split(next) : step > 0 ? split(reached) : undefined] as const
      })
      const told: Progress['told'] = Object.fromEntries(
        entries.flatMap(([arn, shares]) => (shares === undefined ? [] : [[arn, shares]])),
      )
      const reachedAt = now - drawn.heldMs
      const moved =
        step === 0
          ? {}
          : {
              provenAt: reachedAt,
              reached: ladder.slice(1, step + 1).map(share => ({ share: share * 10, at: reachedAt })),
            }
      const goal = {
        strategy: drawn.strategy,
        ...(drawn.minHealthyTargets === undefined ? {} : { minHealthyTargets: drawn.minHealthyTargets }),
      }
      const decision = decide({ goal, progress: { told, ...moved }, seen })
      if (decision.kind !== 'do' || decision.step.kind !== 'route' || decision.step.why !== 'shift') return
      shifts++

      expect(drawn.status).toBe('ACTIVE')
      expect(green).toMatchObject({ id: 'ecs-svc/2', status: 'PRIMARY', rollout: 'COMPLETED' })
      expect(green.running).toBe(green.desired)
      expect(green.running).toBeGreaterThanOrEqual(Math.max(1, drawn.liveRunning))
      const candidates = drawn.tasks.filter(
        task => task.taskDefinition === newRevision && task.startedBy === 'ecs-svc/2' && task.lastStatus === 'RUNNING',
      )
      const serving = new Set(
        candidates
          .map(task => task.number)
          .filter(number =>
            drawn.targets.some(
              target => target.number === number && target.port === 8080 && target.state === 'healthy',
            ),
          ),
      )
      const strangers = drawn.targets.filter(
        target =>
          target.state === 'healthy' &&
          !drawn.tasks.some(
            task => task.startedBy === 'ecs-svc/2' && task.number === target.number && target.port === 8080,
          ),
      )
      expect(strangers).toEqual([])
      const bits = candidates.flatMap(task => task.digest ?? [])
      expect(new Set(bits).size).toBeLessThanOrEqual(1)
      expect(serving.size).toBeGreaterThanOrEqual(drawn.minHealthyTargets ?? green.desired)
      expect(drawn.age).toBeLessThanOrEqual(2_000)
      for (const how of drawn.routes) expect(how === 'reached' || (how === 'next' && drawn.told)).toBe(true)
      // One step, never more, and not before the one before it has lasted.
      expect(decision.step.shares).toEqual(split(next))
      if (step > 0) expect(drawn.heldMs).toBeGreaterThanOrEqual(60_000)
      if (next < 100) partly++
    }),
    { numRuns: 20_000 },
  )
  // The property says nothing when nothing is ever shifted.
  expect(shifts).toBeGreaterThan(1_000)
  expect(partly).toBeGreaterThan(300)
})

const restoring = fc.record({
  /** What each production route has: what this run told it, all on blue again, or something that nobody asked for. */
  routes: fc.array(mostly('ours' as const, 'back' as const, 'foreign' as const, 'stranger' as const), {
    minLength: 1,
    maxLength: 3,
  }),
  code: mostly<FailureCode>(
    'ALARM',
    'TRAFFIC_MOVED',
    'CANDIDATE_SUPERSEDED',
    'SERVICE_NOT_ACTIVE',
    'WRITE_NOT_CONFIRMED',
  ),
  rollback: mostly(true, false),
  bakedAt: mostly<number | undefined>(undefined, now),
  desired: mostly(2, 0, 3),
  running: mostly(2, 0, 1),
  revision: mostly(oldRevision, newRevision),
  rollouts: mostly(1, 2),
  targets: two(target),
  liveTasks: two(
    fc.record({
      number: mostly(1, 2),
      taskDefinition: mostly(oldRevision, newRevision),
      startedBy: mostly('ecs-svc/1', 'ecs-svc/9'),
      lastStatus: mostly('RUNNING', 'STOPPED'),
    }),
  ),
  looked: mostly(true, false),
  doubtSince: mostly<number | undefined>(undefined, now - 120_000),
})

test('nothing moves production back to an old color that is not proven, or over somebody else', () => {
  let restores = 0
  fc.assert(
    fc.property(restoring, drawn => {
      const weightsOf = {
        ours: { blue: 90, green: 10 },
        back: { blue: 100, green: 0 },
        foreign: { blue: 45, green: 55 },
        stranger: { blue: 90, green: 10, stranger: 1 },
      }
      const routes = drawn.routes.map((how, index) => routeWith([forwardTo(weightsOf[how])], 80 + index))
      const old = deploymentView({ id: 'ecs-svc/1', taskDefinition: drawn.revision })
      const seen = {
        services: {
          at: now,
          value: {
            blue: {
              ...liveService,
              desired: drawn.desired,
              running: drawn.running,
              taskDefinition: drawn.revision,
              deployments: Array.from({ length: drawn.rollouts }, () => old),
            },
            green: serviceView(),
          },
        },
        production: { at: now, value: routes },
        ...(drawn.looked
          ? {
              liveTargets: { at: now, value: drawn.targets.map(({ number, ...rest }) => targetView(number, rest)) },
              liveTasks: { at: now, value: drawn.liveTasks.map(({ number, ...rest }) => taskView(number, rest)) },
            }
          : {}),
      }
      const progress = {
        failure: { code: drawn.code, headline: '', details: [] },
        previous: { image: 'app:1', version: '1', taskDefinition: oldRevision },
        provenAt: now - 60_000,
        reached: [{ share: 100, at: now - 60_000 }],
        told: Object.fromEntries(routes.map(route => [route.arn, { blue: 90, green: 10 }])),
        idleBefore: { service: 'app-green', taskDefinition: oldRevision, desired: 2 },
        ...(drawn.bakedAt === undefined ? {} : { bakedAt: drawn.bakedAt }),
        ...(drawn.doubtSince === undefined ? {} : { doubtSince: drawn.doubtSince }),
      }
      const goal = {
        rollbackOnFailure: drawn.rollback,
        strategy: { kind: 'canary', share: 100, holdMs: 60_000 } as const,
      }
      const decision = decide({ goal, progress, seen })
      if (decision.kind !== 'do') return
      expect(drawn.rollback).toBe(true)
      if (decision.step.kind === 'put-back') {
        for (const how of drawn.routes) expect(how).toBe('back')
        return
      }
      expect(decision.step).toMatchObject({ kind: 'route', why: 'restore', shares: { blue: 100, green: 0 } })
      restores++
      expect(drawn).toMatchObject({ bakedAt: undefined, looked: true, revision: oldRevision, rollouts: 1 })
      expect(drawn.code).not.toBe('TRAFFIC_MOVED')
      expect(drawn.desired).toBeGreaterThan(0)
      expect(drawn.running).toBe(drawn.desired)
      const serving = drawn.liveTasks.filter(
        task =>
          task.taskDefinition === oldRevision &&
          task.startedBy === 'ecs-svc/1' &&
          task.lastStatus === 'RUNNING' &&
          drawn.targets.some(one => one.number === task.number && one.port === 8080 && one.state === 'healthy'),
      )
      expect(serving.length).toBeGreaterThanOrEqual(drawn.desired)
      for (const how of drawn.routes) expect(['ours', 'back']).toContain(how)
    }),
    { numRuns: 20_000 },
  )
  expect(restores).toBeGreaterThan(1_000)
})
