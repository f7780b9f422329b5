import { parseImage } from '../model/image.ts'
import type { Failure } from '../model/outcome.ts'
import type { Candidate, Progress, Staged } from '../model/progress.ts'
import type { HealthCheckView, TargetView } from '../model/routing.ts'
import type { DeploymentView, ServiceView, TaskView } from '../model/service.ts'
import type { Snapshot } from '../model/snapshot.ts'
import { eventsSince, gaveUpOn } from './events.ts'
import { isHopeless } from './give-up.ts'

/** What is known about the candidate. `targets` and `tasks` are absent until somebody asked for them. */
export interface Evidence {
  readonly service: ServiceView
  readonly targets?: readonly TargetView[]
  readonly tasks?: readonly TaskView[]
  readonly stopped?: readonly TaskView[]
  readonly healthCheck: HealthCheckView
}

/** What the proof of the candidate rests on. */
export function evidenceOf(progress: Progress, seen: Snapshot): Evidence {
  return {
    service: seen.services.value[progress.to],
    healthCheck: seen.targetGroups[progress.to].healthCheck,
    ...(seen.stoppedTasks === undefined ? {} : { stopped: seen.stoppedTasks.value }),
    ...(seen.targets === undefined ? {} : { targets: seen.targets.value }),
    ...(seen.tasks === undefined ? {} : { tasks: seen.tasks.value }),
  }
}

export interface Counts {
  readonly desired: number
  readonly running: number
  /** Running tasks of the candidate with a healthy target: their own address, at the container's port. */
  readonly healthy: number
  /** Running tasks of the candidate with a target, healthy or not; draining ones are on their way out. */
  readonly listed: number
}

export type Verdict =
  | { readonly kind: 'proven'; readonly counts: Counts }
  /** Which gate is still closed: it tells where to look next. */
  | {
      readonly kind: 'pending'
      readonly gate: 'tasks' | 'identity' | 'targets' | 'rollout' | 'strangers'
      readonly because: string
      readonly counts: Counts
    }
  | { readonly kind: 'broken'; readonly failure: Failure }

/**
 * Is the candidate proven? Gates, in order; the first closed one is the answer:
 *
 * 1. the service is ACTIVE and still wants tasks
 * 2. the deployment that we started is PRIMARY and has not FAILED; when it is gone, the events tell ECS's rollback from somebody's update
 * 3. every task that is wanted runs
 * 4. no task runs other bits than the digest that was asked for, nor than its sisters
 * 5. enough healthy targets, each the address of a running task of that deployment and revision, and none unused
 * 6. ECS calls the rollout COMPLETED
 * 7. no healthy target is anybody else's: it would get a part of the traffic, whatever it runs
 *
 * "Service stable" is no gate: it is also true after a circuit breaker has put the old revision back.
 */
export function assess(candidate: Candidate, staged: Staged, evidence: Evidence, minHealthy?: number): Verdict {
  const { service } = evidence
  const broken = whyBroken(candidate, staged, evidence)
  if (broken !== undefined) return { kind: 'broken', failure: broken }
  const deployment = ours(staged, service) as DeploymentView

  // The revision alone would not do: when its tag stands for new bits, the old tasks have the same revision.
  const tasks = (evidence.tasks ?? []).filter(
    task =>
      task.taskDefinition === candidate.taskDefinition &&
      task.startedBy === staged.deploymentId &&
      task.lastStatus === 'RUNNING',
  )
  const strange = wrongBits(candidate, tasks, service.name)
  if (strange !== undefined) return { kind: 'broken', failure: strange }
  const port = service.loadBalancers[0]?.containerPort
  const targets = (evidence.targets ?? []).filter(target => target.port === port && target.state !== 'draining')
  // Tasks are counted, not targets: one task may be listed more than once.
  const listed = tasks.filter(task => targets.some(target => task.addresses.includes(target.id)))
  const healthy = listed.filter(task =>
    targets.some(target => task.addresses.includes(target.id) && target.state === 'healthy'),
  )
  const counts = {
    desired: deployment.desired,
    running: deployment.running,
    healthy: healthy.length,
    listed: listed.length,
  }
  const pending = (gate: Extract<Verdict, { kind: 'pending' }>['gate'], because: string): Verdict => ({
    kind: 'pending',
    gate,
    because,
    counts,
  })

  if (deployment.running !== deployment.desired) {
    return pending('tasks', describeCounts(counts, evidence))
  }
  if (evidence.tasks === undefined || tasks.length < deployment.running) {
    return pending('identity', describeCounts(counts, evidence))
  }
  if (isUnused(evidence, tasks) || healthy.length < Math.max(1, minHealthy ?? deployment.desired)) {
    return pending('targets', describeCounts(counts, evidence))
  }
  if (deployment.rollout !== 'COMPLETED') {
    return pending('rollout', `${describeCounts(counts, evidence)}, ECS has not completed the rollout yet`)
  }
  const [stranger] = strangers(staged, evidence, port)
  if (stranger !== undefined) {
    const where = `${stranger.id}:${stranger.port}`
    return pending(
      'strangers',
      `${describeCounts(counts, evidence)}, but the healthy target ${where} is none of its tasks`,
    )
  }
  return { kind: 'proven', counts }
}

/** Healthy targets that are not the address of a task of our deployment, at the port of its container. */
function strangers(staged: Staged, { targets = [], tasks = [] }: Evidence, port: number | undefined) {
  const own = tasks.filter(task => task.startedBy === staged.deploymentId)
  return targets.filter(
    ({ id, state, port: at }) => state === 'healthy' && !(at === port && own.some(task => task.addresses.includes(id))),
  )
}

export function describeCounts(counts: Counts, evidence: Evidence): string {
  const tasks = `${counts.running}/${counts.desired} tasks running`
  if (evidence.targets === undefined || evidence.tasks === undefined) return tasks
  return `${tasks}, ${counts.healthy}/${counts.desired} targets healthy`
}

/** A target that no load balancer node asks anything: its task would get no traffic, whatever the others say. */
function isUnused(evidence: Evidence, tasks: readonly TaskView[]): boolean {
  const unused = (evidence.targets ?? []).filter(target => target.state === 'unused')
  return unused.some(target => tasks.some(task => task.addresses.includes(target.id)))
}

/**
 * A digest that was asked for is the one that runs, and a tag has stood for the same bits in every task: `versionConsistency` may be
 * disabled, and then a tag that moves during a rollout gives two versions under one name. Of an image for several platforms ECS tells the
 * digest of the index, which is the one that people pin (aws/amazon-ecs-agent#3576).
 */
function wrongBits(candidate: Candidate, tasks: readonly TaskView[], service: string): Failure | undefined {
  const found = tasks.flatMap(({ containers }) => {
    const digest = containers.find(one => one.name === candidate.container)?.digest
    return digest === undefined ? [] : [digest]
  })
  const asked = parseImage(candidate.image)?.digest
  const expected = asked ?? candidate.digest ?? found[0]
  const other = found.find(digest => digest !== expected)
  if (other === undefined) return undefined
  if (asked === undefined && candidate.digest !== undefined)
    return otherThanNoted(candidate, candidate.digest, other, service)
  return {
    code: 'WRONG_DIGEST',
    headline:
      asked === undefined
        ? `The tasks of ${service} run different bits under the name ${candidate.image}: ${expected} and ${other}.`
        : `${service} runs ${other}, although ${candidate.image} was asked for.`,
    details: [
      asked === undefined
        ? 'The tag was moved during the rollout: deploy a digest, and leave `versionConsistency` of the container on.'
        : 'Somebody or something puts another image in the place of this one: look at the task definition, at a registry mirror, and at the platform that was built.',
    ],
  }
}

/** A deploy that failed cannot put bits back whose tag has moved: the revision is the same, and new tasks run what failed. */
function otherThanNoted({ image }: Candidate, noted: string, runs: string, service: string): Failure {
  return {
    code: 'WRONG_DIGEST',
    headline: `${service} runs ${runs} under the name ${image}, but what is noted on its target group was ${noted}.`,
    details: [
      `The tag was moved, and deployed again since, perhaps by a run that failed. To get those bits, deploy \`image: ${parseImage(image)?.repository ?? image}@${noted}\`.`,
    ],
  }
}

function ours(staged: Staged, service: ServiceView): DeploymentView | undefined {
  return service.deployments.find(deployment => deployment.id === staged.deploymentId)
}

function whyBroken(candidate: Candidate, staged: Staged, evidence: Evidence): Failure | undefined {
  const { service, stopped = [], healthCheck } = evidence
  if (service.status !== 'ACTIVE') {
    return {
      code: 'SERVICE_NOT_ACTIVE',
      headline: `The service ${service.name} is ${service.status}: somebody deleted it during the deploy.`,
      details: [service.arn],
    }
  }
  const deployment = ours(staged, service)
  const primary = service.deployments.find(other => other.status === 'PRIMARY')
  const gaveUp = gaveUpOn(staged.deploymentId, primary, eventsSince(staged, service))
  if (deployment?.rollout === 'FAILED' || (deployment === undefined && (isRollback(primary) || gaveUp !== undefined))) {
    return {
      code: 'CIRCUIT_BREAKER',
      headline: `The circuit breaker of ECS gave up on ${candidate.image} in ${service.name}`,
      details: [deployment?.rolloutReason || gaveUp || primary?.rolloutReason || ''].filter(reason => reason !== ''),
    }
  }
  if (deployment === undefined || deployment.status !== 'PRIMARY') {
    return {
      code: 'CANDIDATE_SUPERSEDED',
      headline: `Another deployment took over ${service.name}: ${primary?.id ?? 'none'} with ${primary?.taskDefinition ?? 'no revision'} is now PRIMARY instead of ours, ${staged.deploymentId}.`,
      details: ['Let one workflow at a time deploy to this pair of services (`concurrency`), then run again.'],
    }
  }
  if (deployment.desired === 0) {
    return {
      code: 'SCALED_TO_ZERO',
      headline: `Somebody scaled ${service.name} to 0 tasks during the deploy.`,
      details: [
        'Check who sets its desired count: a scheduled action of Application Auto Scaling, or another workflow.',
      ],
    }
  }
  if (deployment.desired < staged.desired) {
    return {
      code: 'SCALED_DOWN',
      headline: `Somebody scaled ${service.name} down to ${deployment.desired} tasks during the deploy; the new version needs ${staged.desired}.`,
      details: ['Check who sets its desired count: Application Auto Scaling, or another workflow.'],
    }
  }
  if (isHopeless(staged, service, deployment, stopped, healthCheck)) {
    return {
      code: 'TASKS_FAILED',
      headline: `${candidate.image} never became healthy in ${service.name}: its tasks fail one after the other.`,
      details: [],
    }
  }
  return undefined
}

function isRollback(primary: DeploymentView | undefined): boolean {
  return primary?.rolloutReason.includes('rolling back') === true
}
