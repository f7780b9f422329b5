import { failed } from '../model/outcome.ts'
import type { Candidate, Progress } from '../model/progress.ts'
import type { ContainerView, TaskView } from '../model/service.ts'
import type { Snapshot } from '../model/snapshot.ts'
import type { Decision } from '../model/step.ts'
import type { DeployGoal } from './goal.ts'

/** A task needs tens of seconds to start, and a migration minutes: nothing is gained by asking more often. */
const calm = { shareOfElapsed: 0.15, minMs: 3_000, maxMs: 15_000 }

/** From a container's end until what it said last can be read; AWS promises nothing, some seconds are usual. */
const lateMs = 5_000

/**
 * `pre-deploy-command`: a task of the candidate's own revision, placed as the idle service places its tasks, runs it before
 * that service is touched. Undefined when there is nothing to run, or when it has passed.
 */
export function preDeploy(
  goal: DeployGoal,
  progress: Progress,
  candidate: Candidate,
  seen: Snapshot,
  now: number,
): Decision | undefined {
  if (goal.preDeploy === undefined) return undefined
  const idle = seen.services.value[progress.to]
  const { preDeploy: begun } = progress
  const task = seen.oneOff?.value
  if (begun === undefined || task === undefined) {
    return {
      kind: 'do',
      step: {
        kind: 'run-task',
        service: idle.name,
        taskDefinition: candidate.taskDefinition,
        container: candidate.container,
        command: goal.preDeploy,
        launch: idle.launch,
      },
    }
  }
  const deadline = progress.startedAt + goal.timeoutMs
  if (task.lastStatus === 'STOPPED') return lastLines(seen, deadline) ?? verdict(task, candidate, idle.name)
  if (now >= deadline) {
    return {
      kind: 'finish',
      outcome: failed(
        'PRE_DEPLOY_FAILED',
        `pre-deploy-command did not end in time: its task is still ${task.lastStatus}.`,
        task.arn,
        `The task is stopped. ${idle.name} was not touched.`,
        'Make the command quicker, or raise `timeout`.',
      ),
    }
  }
  const slower = Math.min(8, 2 ** progress.throttled)
  const spacing = Math.min(calm.maxMs, Math.max(calm.minMs, (now - begun.startedAt) * calm.shareOfElapsed)) * slower
  return {
    kind: 'wait',
    until: Math.min(deadline, now + (goal.pollIntervalMs ?? spacing)),
    look: ['one-off'],
    because: `pre-deploy-command: its task is ${task.lastStatus}`,
  }
}

/** Until what it said last can be read: mostly it can be when ECS calls its task STOPPED. */
function lastLines({ oneOff, oneOffLog }: Snapshot, deadline: number): Decision | undefined {
  if (oneOff === undefined || oneOffLog?.endedAt === undefined || oneOffLog.note !== undefined) return undefined
  const until = Math.min(oneOffLog.endedAt + lateMs, deadline)
  if (oneOff.at >= until) return undefined
  return {
    kind: 'wait',
    until,
    look: ['one-off'],
    because: 'pre-deploy-command has ended: its last lines are on their way',
  }
}

/** Its exit code is the verdict; a container that never started has none. */
function verdict(task: TaskView, candidate: Candidate, service: string): Decision | undefined {
  const container = task.containers.find(one => one.name === candidate.container)
  if (container?.exitCode === 0) return undefined
  const ended =
    container?.exitCode === undefined
      ? `its container ${candidate.container} never ran`
      : `exit code ${container.exitCode}`
  return {
    kind: 'finish',
    outcome: failed(
      'PRE_DEPLOY_FAILED',
      `pre-deploy-command failed: ${ended}.`,
      ...reasons(task, container),
      task.arn,
      `${service} was not touched. Look at what the task logged, mend the cause and run again.`,
    ),
  }
}

function reasons(task: TaskView, container: ContainerView | undefined): readonly string[] {
  const told = [task.stoppedReason, container?.reason].filter(reason => reason !== undefined)
  return [...new Set(told)].map(reason => `ECS says: ${reason}`)
}

/** A run that failed leaves no task behind that works on with nobody watching it. */
export function stopPreDeploy(progress: Progress, seen: Snapshot): Decision | undefined {
  const { preDeploy: begun } = progress
  if (begun === undefined || begun.stopAsked || seen.oneOff?.value.lastStatus === 'STOPPED') return undefined
  return {
    kind: 'do',
    step: { kind: 'stop-task', taskArn: begun.taskArn, reason: 'ecs-bluegreen: the deploy has failed' },
  }
}
