import type { Color } from '../model/color.ts'
import { isPinned, parseImage } from '../model/image.ts'
import { failed } from '../model/outcome.ts'
import type { Candidate, Progress, RunningVersion, Staged } from '../model/progress.ts'
import type { RouteView } from '../model/routing.ts'
import type { Part, Snapshot } from '../model/snapshot.ts'
import type { Decision } from '../model/step.ts'
import { notesOf } from './noted.ts'
import { nextLook } from './pace.ts'
import { assessProduction } from './production.ts'
import { assess, type Evidence, type Verdict } from './proof.ts'
import { sickTargets, stoppedReasons } from './reasons.ts'
import { fullShare, readWeights } from './weights.ts'

/** What a deploy is asked for. Durations in milliseconds. */
export interface DeployGoal {
  readonly image: string
  readonly container: string
  /** What production must call the new version. */
  readonly version: string
  readonly desiredCount?: number
  readonly minHealthyTargets?: number
  readonly timeoutMs: number
  readonly pollIntervalMs?: number
  /** Ask `production-url` until only the new version answers. */
  readonly confirm: boolean
}

/** Knowledge older than this is looked up again before production is touched. */
const freshMs = 2_000

/** How often the answers of production are counted while the old version is still heard. */
const probeLookMs = 250

/**
 * What to do now, from what was seen. Asked again after every step and every wait; it never remembers, so that a fresh
 * run continues what a killed one began. The first row that applies is the decision:
 *
 * | what is so                                        | decision                                    |
 * |---------------------------------------------------|---------------------------------------------|
 * | no candidate yet                                  | register the live revision with the image   |
 * | live already runs the candidate, all tasks well   | finish: unchanged                           |
 * | the idle target group is in no listener or rule   | add it to production at weight 0            |
 * | the candidate is not on the idle service          | update the idle service                     |
 * | not proven                                        | wait for the gate that is closed, or fail   |
 * | proven, but what we know is older than 2 s        | look again                                  |
 * | proven, `production-url` given, nobody watching   | begin to ask it                             |
 * | a production route still sends to the old color   | shift that route                            |
 * | production still answers with the old version     | wait                                        |
 * | tags not written                                  | write them                                  |
 * | a test route does not send to the new idle color  | point it there                              |
 * | otherwise                                         | finish: succeeded                           |
 */
export function nextDeployStep(goal: DeployGoal, progress: Progress, seen: Snapshot, now: number): Decision {
  const { candidate, staged } = progress
  if (candidate === undefined) return register(goal, progress, seen)
  if (staged === undefined) return stage(goal, progress, candidate, seen)
  if (progress.shiftedAt === undefined) {
    return prove(goal, progress, candidate, staged, seen, now) ?? shift(goal, progress, seen, now)
  }
  return confirm(goal, progress, seen, progress.shiftedAt, now) ?? settle(goal, progress, candidate, seen)
}

function register(goal: DeployGoal, progress: Progress, seen: Snapshot): Decision {
  const live = seen.services.value[progress.from]
  const idle = seen.services.value[progress.to]
  return {
    kind: 'do',
    step: {
      kind: 'register',
      color: progress.to,
      from: live.taskDefinition,
      reusable: idle.taskDefinition,
      images: { [goal.container]: goal.image },
    },
  }
}

function stage(goal: DeployGoal, progress: Progress, candidate: Candidate, seen: Snapshot): Decision {
  const live = seen.services.value[progress.from]
  const idle = seen.services.value[progress.to]
  const settled = live.running === live.desired && live.running > 0 && live.deployments.length === 1
  if (live.taskDefinition === candidate.taskDefinition && settled) {
    return {
      kind: 'finish',
      outcome: { status: 'unchanged', because: `${live.name} already runs ${candidate.image} and has all the traffic` },
    }
  }
  if (live.running === 0 && goal.desiredCount === undefined) {
    return {
      kind: 'finish',
      outcome: failed(
        'LIVE_NOT_RUNNING',
        `${live.name} is live but runs no task, so its size says nothing about how many the new version needs.`,
        'Set `desired-count`.',
      ),
    }
  }
  const unreferenced = seen.targetGroups[progress.to].loadBalancerArns.length === 0 && progress.referenced.length === 0
  const [route] = seen.production.value
  if (unreferenced && route !== undefined) {
    return {
      kind: 'do',
      step: { kind: 'route', why: 'reference', route, shares: fullShare(progress.from), to: progress.from },
    }
  }
  return {
    kind: 'do',
    step: {
      kind: 'stage',
      color: progress.to,
      service: idle.name,
      taskDefinition: candidate.taskDefinition,
      // Never less capacity: a smaller wish would let the new color drown in the old one's traffic.
      desired: Math.max(goal.desiredCount ?? 0, live.running),
      force: idle.taskDefinition === candidate.taskDefinition && !isPinned(candidate.image),
    },
  }
}

/** Undefined when the candidate is proven, with knowledge fresh enough to act on. */
function prove(
  goal: DeployGoal,
  progress: Progress,
  candidate: Candidate,
  staged: Staged,
  seen: Snapshot,
  now: number,
): Decision | undefined {
  // Between two production routes the first is shifted already: the proof must still hold for the second.
  const evidence = evidenceOf(progress, seen)
  const verdict = assess(candidate, staged, evidence, goal.minHealthyTargets)
  switch (verdict.kind) {
    case 'broken':
      return (
        explain(seen, now) ?? {
          kind: 'finish',
          outcome: {
            status: 'failed',
            failure: { ...verdict.failure, details: [...verdict.failure.details, ...reasons(progress, seen)] },
          },
        }
      )
    case 'pending':
      return waitForProof(goal, progress, staged, verdict, seen, now)
    case 'proven': {
      const stale: Part[] = []
      if (now - seen.services.at > freshMs) stale.push('services')
      if (now - (seen.targets?.at ?? 0) > freshMs) stale.push('targets')
      if (now - seen.production.at > freshMs) stale.push('routes')
      return stale.length === 0
        ? undefined
        : { kind: 'wait', until: now, look: stale, because: `${progress.to}: ${describe(verdict)}` }
    }
    default:
      return verdict satisfies never
  }
}

function waitForProof(
  goal: DeployGoal,
  progress: Progress,
  staged: Staged,
  verdict: Extract<Verdict, { kind: 'pending' }>,
  seen: Snapshot,
  now: number,
): Decision {
  const service = seen.services.value[progress.to]
  const deadline = progress.startedAt + goal.timeoutMs
  if (now >= deadline) {
    return (
      explain(seen, now) ?? {
        kind: 'finish',
        outcome: failed(
          'NOT_HEALTHY_IN_TIME',
          `${service.name} did not become healthy in time: ${verdict.because}.`,
          ...reasons(progress, seen),
          'Look at what the tasks logged, or raise `timeout`.',
        ),
      }
    )
  }
  const look = nextLook(verdict, seen.tasks === undefined ? {} : { tasks: seen.tasks.value }, {
    now,
    stagedAt: staged.at,
    healthCheck: seen.targetGroups[progress.to].healthCheck,
    gracePeriodMs: service.gracePeriodMs,
    servicesAt: seen.services.at,
    ...(seen.targets === undefined ? {} : { targetsAt: seen.targets.at }),
    ...(seen.tasks === undefined ? {} : { tasksAt: seen.tasks.at }),
    oldTasksLeft: service.deployments.some(other => other.id !== staged.deploymentId && other.running > 0),
    throttled: progress.throttled,
    ...(goal.pollIntervalMs === undefined ? {} : { fixedMs: goal.pollIntervalMs }),
  })
  return {
    kind: 'wait',
    until: Math.min(look.until, deadline),
    look: look.look,
    because: `${progress.to}: ${verdict.because}`,
  }
}

/** Before a failure is told, its reasons are looked up once: what the stopped tasks said. */
function explain(seen: Snapshot, now: number): Decision | undefined {
  if (seen.stoppedTasks !== undefined) return undefined
  return { kind: 'wait', until: now, look: ['stopped-tasks', 'targets'], because: 'looking up why' }
}

function reasons(progress: Progress, seen: Snapshot): readonly string[] {
  return [
    ...stoppedReasons(seen.stoppedTasks?.value ?? [], progress.candidate?.taskDefinition ?? ''),
    ...sickTargets(seen.targets?.value ?? []),
    `Traffic never left ${progress.from}.`,
  ]
}

function shift(goal: DeployGoal, progress: Progress, seen: Snapshot, now: number): Decision {
  if (goal.confirm && progress.watchingSince === undefined) return { kind: 'do', step: { kind: 'watch' } }
  const next = seen.production.value.find(route => !sendsOnlyTo(route, progress.to, seen))
  if (next === undefined) {
    return { kind: 'wait', until: now, look: ['routes'], because: `${progress.to} has all the traffic` }
  }
  if (progress.told[next.arn] === progress.to) {
    return {
      kind: 'finish',
      outcome: failed(
        'WRITE_NOT_CONFIRMED',
        `${next.label} was told to send everything to ${progress.to}, but reads back otherwise.`,
        next.arn,
        'Somebody else writes to this listener at the same time: another workflow, CodeDeploy, or an infrastructure tool. Let one of them own it, then run `mode: status`.',
      ),
    }
  }
  return {
    kind: 'do',
    step: { kind: 'route', why: 'shift', route: next, shares: fullShare(progress.to), to: progress.to },
  }
}

function confirm(
  goal: DeployGoal,
  progress: Progress,
  seen: Snapshot,
  shiftedAt: number,
  now: number,
): Decision | undefined {
  if (!goal.confirm || progress.confirmedAt !== undefined) return undefined
  const verdict = assessProduction(seen.probe?.value, goal.version, shiftedAt, now)
  switch (verdict.kind) {
    case 'confirmed':
      return undefined
    case 'pending':
      return { kind: 'wait', until: now + probeLookMs, look: ['probe'], because: verdict.because }
    case 'not-seen':
      return {
        kind: 'finish',
        outcome: failed(
          'VERSION_NOT_SEEN',
          `Production does not answer with ${goal.version} alone although ${progress.to} has all the traffic: ${verdict.because}.`,
          'If the application calls this image something else, set `version`; if it says its version in another place, set `version-from`. Sticky sessions also keep clients on the old color.',
        ),
      }
    default:
      return verdict satisfies never
  }
}

function settle(goal: DeployGoal, progress: Progress, candidate: Candidate, seen: Snapshot): Decision {
  const { previous } = progress
  if (progress.taggedAt === undefined) {
    return {
      kind: 'do',
      step: {
        kind: 'tag',
        changes: [
          {
            color: progress.to,
            targetGroupArn: seen.targetGroups[progress.to].arn,
            tags: { IsProduction: 'true', ...notesOf(candidateVersion(goal.version, candidate, seen)) },
          },
          {
            color: progress.from,
            targetGroupArn: seen.targetGroups[progress.from].arn,
            tags: {
              IsProduction: 'false',
              ...(previous && notesOf(previous)),
            },
          },
        ],
      },
    }
  }
  const astray = seen.test.value.find(
    route => !sendsOnlyTo(route, progress.from, seen) && progress.told[route.arn] === undefined,
  )
  if (astray !== undefined) {
    return {
      kind: 'do',
      step: { kind: 'route', why: 'test', route: astray, shares: fullShare(progress.from), to: progress.from },
    }
  }
  return {
    kind: 'finish',
    outcome: {
      status: 'succeeded',
      because: `${goal.version} is live on ${progress.to}`,
    },
  }
}

/** The candidate with its digest: for a tag, only its tasks know which bits it stood for. */
export function candidateVersion(version: string, candidate: Candidate, seen: Snapshot): RunningVersion {
  const digest =
    parseImage(candidate.image)?.digest ??
    seen.tasks?.value
      .filter(task => task.taskDefinition === candidate.taskDefinition)
      .flatMap(task => task.containers)
      .find(container => container.name === candidate.container)?.digest
  return { image: candidate.image, version, ...(digest === undefined ? {} : { digest }) }
}

function evidenceOf(progress: Progress, seen: Snapshot): Evidence {
  return {
    service: seen.services.value[progress.to],
    ...(seen.targets === undefined ? {} : { targets: seen.targets.value }),
    ...(seen.tasks === undefined ? {} : { tasks: seen.tasks.value }),
  }
}

/** Whether every production route gives all its requests to this color: the moment at which a shift is complete. */
export function allSendTo(color: Color, seen: Snapshot): boolean {
  return seen.production.value.every(route => sendsOnlyTo(route, color, seen))
}

function sendsOnlyTo(route: RouteView, color: Color, seen: Snapshot): boolean {
  const { weights } = readWeights(route, seen.targetGroups)
  const rest = Object.entries(weights).filter(([other]) => other !== color)
  return (weights[color] ?? 0) > 0 && rest.every(([, weight]) => weight === 0)
}

function describe(verdict: Extract<Verdict, { kind: 'proven' }>): string {
  const { counts } = verdict
  return `${counts.running}/${counts.desired} tasks running, ${counts.healthy}/${counts.desired} targets healthy`
}
