import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import type { WorkflowResult } from '../../../sandbox/workflows/act.ts'
import type { StepSeen } from '../../../sandbox/workflows/act-log.ts'
import { repositoryPath } from '../../e2e/stage.ts'

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

interface Workflow {
  readonly jobs: Readonly<
    Record<string, { readonly steps: readonly { readonly id?: string; readonly run?: string }[] }>
  >
}

/**
 * What the script of a step says, by itself. act runs scripts in a terminal of its own, and on a busy machine it may lose the words of one that
 * ends at once: that a step has run, and how it ended, is in its log; what it has said may not be.
 */
export function scriptAlone(workflow: string, job: string, id: string, env: Readonly<Record<string, string>>) {
  const { jobs } = parse(readFileSync(repositoryPath('examples', workflow), 'utf8')) as Workflow
  const script = jobs[job]?.steps.find((one, index) => (one.id ?? String(index)) === id)?.run
  if (script === undefined) throw new Error(`Step ${id} of job ${job} in ${workflow} has no script.`)
  const { PATH = '' } = process.env
  const { status, stdout } = spawnSync('bash', ['-e', '-c', script], { env: { PATH, ...env }, encoding: 'utf8' })
  return { status, said: stdout }
}

function tail(log: string): string {
  return log.split('\n').slice(-60).join('\n')
}
