import type { Failure } from '../model/outcome.ts'
import type { Progress, Staged } from '../model/progress.ts'
import type { TargetView } from '../model/routing.ts'
import type { TaskView } from '../model/service.ts'
import type { Snapshot } from '../model/snapshot.ts'
import { eventsSince, refusedChecks, tellingEvents, unplaced } from './events.ts'
import { failedTasks } from './give-up.ts'
import { type Cause, launchCause } from './launch-causes.ts'
import { codesIn, describeCheck, healthCause, sickTargets } from './targets.ts'
import { causeOf } from './task-causes.ts'

/** More lines of one kind would push the others off the first screen. */
const limits = { groups: 3, events: 3 }

/** Why a deployment did not come right: the main cause, and lines that show it, the most telling first. */
export interface Dossier {
  readonly cause?: Cause
  readonly lines: readonly string[]
  /** The one that shows the cause best: how tasks ended, or else what targets answer, or what ECS said. */
  readonly evidence?: string
}

interface Group {
  readonly cause: Cause
  readonly said: string
  count: number
}

/** Everything known about the tasks of our deployment, read for people. */
export function dossier(progress: Progress, staged: Staged, seen: Snapshot): Dossier {
  const service = seen.services.value[progress.to]
  const check = seen.targetGroups[progress.to].healthCheck
  const events = eventsSince(staged, service)
  const targets = seen.targets?.value ?? []
  const groups = grouped(failedTasks(staged, seen.stoppedTasks?.value ?? [], check), task => causeOf(task, check))
  const [first] = groups
  const answers = [...refusedChecks(events), ...answersOf(targets)]
  const [refused] = unplaced(events)
  const cause = first === undefined || first.cause.code === 'UNHEALTHY' ? undefined : first.cause
  const port = service.loadBalancers[0]?.containerPort ?? 0
  const main =
    cause ??
    (refused === undefined ? undefined : launchCauseOf(refused)) ??
    (first === undefined && answers.length === 0 ? undefined : healthCause(answers, check, port, service.gracePeriodMs))
  const unhealthy = main?.code === 'UNHEALTHY' || main?.code === 'HEALTH_PATH_NOT_FOUND'
  const ends = groups.slice(0, limits.groups).map(group => `${group.count} × ${group.said}`)
  const sick = sickTargets(targets, check)
  const told = tellingEvents(events)
    .filter(message => !groups.some(group => message.includes(group.said)))
    .slice(0, limits.events)
    .map(message => `ECS said: ${message}`)
  const [evidence] = [...ends, ...sick, ...told]
  return {
    ...(main === undefined ? {} : { cause: main }),
    ...(evidence === undefined ? {} : { evidence }),
    lines: [
      ...(main === undefined ? [] : [main.todo]),
      ...ends,
      ...sick,
      ...(unhealthy || targets.some(isUnwell) ? [describeCheck(check)] : []),
      ...told,
      ...unreadReasons(seen),
    ],
  }
}

/** What AWS did not show, and what would let it: last, because the failure itself is another. Two parts may lack the same call. */
function unreadReasons({ unread = {} }: Snapshot): readonly string[] {
  const refused = Object.values(unread).map(({ value }) => value)
  return [...new Set(refused.flatMap(({ headline, details }) => [`More would be known here. ${headline}`, ...details]))]
}

/** The failure with its cause: in the headline, and as its code when the failure only says that tasks failed. */
export function withCause(failure: Failure, image: string, service: string, found: Dossier): Failure {
  const { cause, lines, evidence } = found
  const shown = { ...failure, details: [...failure.details, ...lines] }
  if (cause === undefined) return shown
  const proven = { ...shown, ...(evidence === undefined ? {} : { telling: evidence }) }
  switch (failure.code) {
    case 'TASKS_FAILED':
      return { ...proven, code: cause.code, headline: `${image} never became healthy in ${service}: ${cause.what}.` }
    case 'CIRCUIT_BREAKER':
      return { ...proven, headline: `${failure.headline.replace(/\.?$/, '')}: ${cause.what}.` }
    case 'NOT_HEALTHY_IN_TIME':
      return {
        ...proven,
        code: healsWithTime(cause) ? failure.code : cause.code,
        headline: `${failure.headline.replace(/\.$/, '')}: ${cause.what}.`,
      }
    default:
      return shown
  }
}

/** A slow start looks like this until it is over; all else would not have gone away with more time. */
function healsWithTime(cause: Cause): boolean {
  return cause.code === 'UNHEALTHY' || cause.code === 'CONTAINER_UNHEALTHY'
}

function launchCauseOf(said: string): Cause {
  return (
    launchCause(said) ?? {
      code: 'NO_CAPACITY',
      what: 'ECS could not place its tasks',
      todo: 'Read what ECS said: it names what it did not find.',
    }
  )
}

/** The most frequent first. */
function grouped(tasks: readonly TaskView[], cause: (task: TaskView) => Cause | undefined): readonly Group[] {
  const groups = new Map<string, Group>()
  for (const task of tasks) {
    const why = cause(task)
    if (why === undefined) continue
    const said = saidBy(task)
    const group = groups.get(said) ?? { cause: why, said, count: 0 }
    group.count++
    groups.set(said, group)
  }
  return [...groups.values()].sort((one, two) => two.count - one.count)
}

/** AWS's own words about one task: `Essential container in task exited (app: exit code 1)`. */
function saidBy(task: TaskView): string {
  const reason = task.stoppedReason ?? 'No reason given'
  // How a task ends that ECS itself has stopped says nothing.
  if (task.stopCode === 'ServiceSchedulerInitiated') return reason
  const ends = task.containers.flatMap(({ name, exitCode, reason: why }) => {
    const parts = [
      ...(exitCode === undefined ? [] : [`exit code ${exitCode}`]),
      ...(why === undefined || why === reason ? [] : [why]),
    ]
    return parts.length === 0 ? [] : [`${name}: ${parts.join(', ')}`]
  })
  return ends.length === 0 ? reason : `${reason} (${ends.join('; ')})`
}

function isUnwell(target: TargetView): boolean {
  return target.state === 'unhealthy'
}

/** Only failed checks are answers: a target that is new or unused was asked nothing yet. */
function answersOf(targets: readonly TargetView[]): readonly string[] {
  const said = targets.filter(isUnwell).map(target => target.description ?? '')
  // A status code tells more than a refused connection of a task that is still starting.
  return [...said].sort((one, two) => codesIn(two).length - codesIn(one).length)
}
