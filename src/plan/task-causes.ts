import type { HealthCheckView } from '../model/routing.ts'
import type { ContainerView, TaskView } from '../model/service.ts'
import { type Cause, launchCause } from './launch-causes.ts'

const logs = 'Look at what the container logged.'

/** What these exit codes mean on Linux: 128 and the signal's number, or the shell's own. */
const exits: Readonly<Record<number, readonly [what: string, todo: string]>> = {
  0: ['ended by itself as if its work were done (exit code 0)', 'The main program of a service has to keep running.'],
  1: ['gave up by itself (exit code 1)', logs],
  126: ['could not run its command (exit code 126)', 'Check `command` and `entryPoint`, and that the file may be run.'],
  127: ['did not find its command (exit code 127)', 'Check `command` and `entryPoint` against what the image has.'],
  134: ['aborted itself (exit code 134)', logs],
  137: [
    'was killed (exit code 137, SIGKILL)',
    'Either the task ran out of memory, or the program did not end within `stopTimeout`.',
  ],
  139: ['made a segmentation fault (exit code 139)', 'Suspect native code: was the image built for this platform?'],
  143: ['ended because it was asked to (exit code 143, SIGTERM)', 'See the events for who asked.'],
}

/** Ends that say nothing about the candidate: somebody wanted them, or the machine was taken away. */
const innocent = ['UserInitiated', 'SpotInterruption', 'TerminationNotice']

/** Why this task failed; undefined when it did not, but was stopped on purpose. */
export function causeOf(task: TaskView, check: Pick<HealthCheckView, 'protocol' | 'path'>): Cause | undefined {
  const said = (task.stoppedReason ?? '').replace(/\s+/g, ' ')
  if (/^Scaling activity/i.test(said) || innocent.includes(task.stopCode ?? '')) return undefined
  const launch = launchCause([said, ...task.containers.map(container => container.reason ?? '')].join(' '))
  if (launch !== undefined) return launch
  if (/failed ELB health checks/i.test(said)) {
    return {
      code: 'UNHEALTHY',
      what: `its tasks do not pass the health check ${check.protocol} ${check.path} of the load balancer`,
      todo: 'Look at what the tasks logged.',
    }
  }
  if (/failed container health checks/i.test(said)) {
    return {
      code: 'CONTAINER_UNHEALTHY',
      what: 'its tasks do not pass the health check of the container',
      todo: 'Run `healthCheck.command` of the task definition in the image; raise `startPeriod` when the program starts slowly.',
    }
  }
  return exitCause(task) ?? { code: 'TASKS_FAILED', what: `its tasks ended: ${said || 'no reason given'}`, todo: logs }
}

function exitCause(task: TaskView): Cause | undefined {
  const starved = task.containers.find(container => container.reason?.includes('OutOfMemory'))
  if (starved !== undefined) return memoryCause(task, starved)
  const ended = task.containers.filter(container => container.exitCode !== undefined)
  const guilty = ended.find(container => container.exitCode !== 0) ?? ended[0]
  if (guilty?.exitCode === undefined) return undefined
  const [what, todo] = exits[guilty.exitCode] ?? [`ended with exit code ${guilty.exitCode}`, logs]
  return { code: 'TASKS_CRASHED', what: `container ${guilty.name} ${what}`, todo }
}

function memoryCause(task: TaskView, container: ContainerView): Cause {
  const own = container.memory === undefined ? undefined : `container ${container.name} has ${container.memory} MiB`
  const whole = task.memory === undefined ? undefined : `the task has ${task.memory} MiB`
  const limits = [own, whole].filter(limit => limit !== undefined).join(', ')
  const raise = own === undefined ? 'of the task' : `of container ${container.name}`
  return {
    code: 'OUT_OF_MEMORY',
    what: `container ${container.name} was killed because it used more memory than it has (exit code ${container.exitCode ?? 137}, OutOfMemoryError)`,
    todo: `Raise \`memory\` ${raise} in the task definition${limits === '' ? '' : ` (${limits})`}, or let the program use less.`,
  }
}
