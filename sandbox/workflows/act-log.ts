/** What `act --json` has told of a run. */

export interface StepSeen {
  /** `success`, `failure` or `skipped`; undefined when it was never reached. */
  readonly result?: string
  readonly outputs: Readonly<Record<string, string>>
}

export interface JobSeen {
  readonly result?: string
  /** By their id; those without one by their place, from 0. */
  readonly steps: Readonly<Record<string, StepSeen>>
}

interface Line {
  readonly jobID?: string
  readonly jobResult?: string
  readonly stage?: string
  readonly stepID?: readonly string[]
  readonly stepResult?: string
  readonly command?: string
  readonly name?: string
  readonly arg?: string
  readonly msg?: string
}

export class ActLog {
  readonly #jobs = new Map<
    string,
    { result?: string; steps: Record<string, { result?: string; outputs: Record<string, string> }> }
  >()
  #text = ''

  line(json: string): void {
    const line = parse(json)
    this.#text += `${line.jobID ?? ''}: ${(line.msg ?? json).trimEnd()}\n`
    if (line.jobID === undefined) return
    const job = this.#jobs.get(line.jobID) ?? { steps: {} }
    this.#jobs.set(line.jobID, job)
    if (line.jobResult !== undefined) job.result = line.jobResult
    const id = line.stepID?.length === 1 ? line.stepID[0] : undefined
    if (id === undefined || line.stage !== 'Main') return
    const step = job.steps[id] ?? { outputs: {} }
    job.steps[id] = step
    if (line.stepResult !== undefined) step.result = line.stepResult
    if (line.command === 'set-output' && line.name !== undefined) step.outputs[line.name] = line.arg ?? ''
  }

  get jobs(): Readonly<Record<string, JobSeen>> {
    return Object.fromEntries(this.#jobs)
  }

  /** For people who look why it failed. */
  get text(): string {
    return this.#text
  }
}

/** A line that is not JSON is the program's own, such as its last words. */
function parse(json: string): Line {
  try {
    return JSON.parse(json) as Line
  } catch {
    return { msg: json }
  }
}
