import type { WorkflowResult } from '../../../sandbox/workflows/act.ts'
import type { StepSeen } from '../../../sandbox/workflows/act-log.ts'

/** @throws Error with the end of the log, when the workflow has failed */
export function succeeded(result: WorkflowResult): WorkflowResult {
  const failed = Object.entries(result.jobs).filter(([, job]) => job.result !== 'success')
  if (result.exitCode === 0 && failed.length === 0) return result
  throw new Error(
    `The workflow ended with ${result.exitCode}; not well: ${failed.map(([id]) => id)}\n${tail(result.log)}`,
  )
}

/** A step by its id, or by its place in the job when it has none. */
export function step(result: WorkflowResult, job: string, id: string): StepSeen {
  const seen = result.jobs[job]?.steps[id]
  if (seen === undefined) throw new Error(`No step ${id} of job ${job} in:\n${tail(result.log)}`)
  return seen
}

function tail(log: string): string {
  return log.split('\n').slice(-60).join('\n')
}
