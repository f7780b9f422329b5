import { type CommandFiles, readCommandFile, readPairs, readPaths, readSummary } from './command-files.ts'
import type { Job } from './job.ts'

// NODE_OPTIONS would let one step change what every later JavaScript action runs.
const blockedVariables: ReadonlySet<string> = new Set(['NODE_OPTIONS'])

export interface CollectedFiles {
  /** Masked Markdown. */
  readonly summary: string
  /** Whether a file was malformed: the step fails then. */
  readonly failed: boolean
}

/** Takes over what a step has written to its command files, also when it failed or was cancelled. */
export function collectFiles(files: CommandFiles, job: Job): CollectedFiles {
  let failed = false
  let summary = ''
  const attempt = (name: keyof CommandFiles, take: (path: string) => void) => {
    try {
      take(files[name])
    } catch (error) {
      job.log.annotate('error', `Unable to process file command '${name}' successfully.`)
      job.log.annotate('error', (error as Error).message)
      failed = true
    }
  }
  attempt('path', path => {
    for (const directory of readPaths(readCommandFile(path))) addPath(job.paths, directory)
  })
  attempt('env', path => {
    for (const [name, value] of readPairs(readCommandFile(path))) setVariable(job, name, value)
  })
  attempt('step_summary', path => {
    const read = readSummary(path)
    if (read.kind === 'refused') job.log.annotate('error', read.error)
    else summary = job.masks.apply(read.text)
  })
  attempt('state', path => {
    for (const [name, value] of readPairs(readCommandFile(path))) job.state.set(name, value)
  })
  attempt('output', path => {
    for (const [name, value] of readPairs(readCommandFile(path))) job.outputs.set(name, value)
  })
  return { summary, failed }
}

function addPath(paths: string[], directory: string): void {
  const before = paths.indexOf(directory)
  if (before >= 0) paths.splice(before, 1)
  paths.unshift(directory)
}

function setVariable(job: Job, name: string, value: string): void {
  if (blockedVariables.has(name.toUpperCase())) {
    job.log.annotate('error', `Can't store ${name.toUpperCase()} output parameter using '$GITHUB_ENV' command.`)
  } else job.env.set(name, value)
}
