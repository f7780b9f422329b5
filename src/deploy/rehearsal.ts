import { roughDuration } from '../model/duration.ts'
import type { PlannedStep } from '../model/plan.ts'
import type { Snapshot } from '../model/snapshot.ts'
import type { DeployGoal } from '../plan/goal.ts'
import type { Clock } from './clock.ts'
import { jumpingClock } from './jumping-clock.ts'
import { imaginedBalancing } from './rehearsed-balancing.ts'
import { imaginedScaling } from './rehearsed-scaling.ts'
import { imaginedDefinitions, imaginedServices } from './rehearsed-services.ts'
import { noLock, type RunLock } from './run-lock.ts'
import type { World } from './world.ts'

export interface Rehearsal {
  /** Reads pass through to AWS, writes only change what is imagined here, and everything goes well at once. */
  readonly world: World
  steps(): readonly PlannedStep[]
  /** What would be registered; undefined when an existing revision would be used. */
  registration(): Readonly<Record<string, unknown>> | undefined
}

/** Shorter waits are those of the load balancer, not of the plan. */
const worthTellingMs = 30_000

/**
 * A world in which a run can be tried without consequences: the very same loop, decisions and acts, so that what is
 * printed as the plan is what would happen. By construction no write reaches AWS: none of its methods passes one on.
 */
export function rehearse(world: World, seen: Snapshot, goal: DeployGoal): Rehearsal {
  const steps: PlannedStep[] = []
  const clock = jumpingClock(world.clock.now())
  let said = clock.now()
  const say = (step: PlannedStep) => {
    if (clock.now() - said >= worthTellingMs) steps.push({ says: `Watch for ${roughDuration(clock.now() - said)}` })
    said = clock.now()
    steps.push(step)
  }
  const services = { ...seen.services.value }
  const imagined = imaginedDefinitions(world, seen, say)
  const elb = imaginedBalancing(world, seen, services, say)
  const scaling = imaginedScaling(world.scaling, say)
  const ecs = imaginedServices(services, imagined.ports, goal, say)
  const probe = {
    start: () => {
      say({ says: 'Ask production-url, from before the switch until only the new version answers' })
    },
    look: () => answersOf(goal.version, clock.now()),
    stop: async () => answersOf(goal.version, clock.now()),
  }
  const asked = new Set<string>()
  const { logs: _, page: __, ...rest } = world
  return {
    world: {
      ...rest,
      ecs,
      elb,
      scaling,
      elbAtEnd: () => elb,
      atEnd: () => ({ ecs, elb, scaling, signal: world.signal }),
      lock: imaginedLock(world.lock, clock, say),
      clock,
      // What would be logged is told by the steps.
      log: { ...world.log, info: () => {}, phase: () => {}, endPhase: () => {} },
      askUrl: async url => {
        if (!asked.has(url))
          say({ says: `Ask ${url} until ${goal.version} has answered as expected three times in a row` })
        asked.add(url)
        const { expectedStatus, expectedBody } = goal.tests?.url ?? {}
        return {
          kind: 'answered',
          at: clock.now(),
          status: expectedStatus?.[0]?.from ?? 200,
          version: goal.version,
          body: expectedBody ?? '',
        }
      },
      runCommand: async () => {
        say({ says: 'Run test-command on this runner' })
        return { kind: 'exited', exitCode: 0 }
      },
      ...(world.probe === undefined ? {} : { probe }),
      ...wellAlarms(world),
    },
    steps: () => steps,
    registration: imagined.registration,
  }
}

/** Taken once, and never in anybody's way. */
function imaginedLock(lock: RunLock, clock: Clock, say: (step: PlannedStep) => void): RunLock {
  let taken = false
  return {
    ...noLock(clock),
    async before(_, seen) {
      if (!taken && lock.enabled) say({ says: `Take the lock ${lock.nameOf(seen)} until the end` })
      taken = true
      return 'held'
    },
  }
}

/** Whatever is asked all the time is asked once: a plan must not draw on AWS's patience as a deploy does. */
function wellAlarms({ describeAlarms }: World): Pick<World, 'describeAlarms'> {
  if (describeAlarms === undefined) return {}
  let known: ReturnType<typeof describeAlarms> | undefined
  return {
    async describeAlarms() {
      known ??= describeAlarms()
      return (await known).map(alarm => ({ ...alarm, state: 'OK' }))
    },
  }
}

function answersOf(version: string, now: number) {
  return { requests: 1_000, failed: 0, versions: [{ version, count: 1_000, firstAt: now, lastAt: now }] }
}
