import { fileURLToPath } from 'node:url'
import type { RunResult } from '../../../sandbox/runner/result.ts'
import { type RunningAction, type RunOptions, startAction } from '../../../sandbox/runner/run-action.ts'

export function fixture(name: string): string {
  return fileURLToPath(new URL(`../../fixtures/actions/${name}`, import.meta.url))
}

/** Scripts for the fixture `scripted`: they know `say(line)`, `tell(FILE, text)` and `require`. */
export interface Scripts {
  readonly main?: string
  readonly post?: string
}

export function startScripted(scripts: Scripts, options: Partial<RunOptions> = {}): RunningAction {
  return startAction({
    actionDirectory: fixture('scripted'),
    env: {},
    ...options,
    inputs: { 'main-script': scripts.main ?? '', 'post-script': scripts.post ?? '', ...options.inputs },
  })
}

export async function runScripted(scripts: Scripts, options: Partial<RunOptions> = {}): Promise<RunResult> {
  return startScripted(scripts, options).result
}

/** What the action itself said: the log without the runner's first group and the line before post. */
export function said(result: RunResult): string[] {
  const start = result.log.findIndex(line => line.kind === 'end-group') + 1
  return result.log
    .slice(start)
    .filter(line => line.text !== 'Post job cleanup.')
    .map(line => (line.kind === 'text' ? line.text : `[${line.kind}]${line.text}`))
}
