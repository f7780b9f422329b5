import { appendFileSync } from 'node:fs'
import { takesPlace } from './annotations.ts'

/** GitHub's toolkit: what speaks to the runner. */
export type Core = typeof import('@actions/core')

/**
 * The toolkit brings an HTTP client along that takes as long to load as a fifth of the way to the first call to AWS, so it is
 * loaded when there is something to say, from a file of its own (docs/adr/0007).
 */
export function loadCore(): Promise<Core> {
  return import(/* webpackIgnore: true */ '#toolkit')
}

/**
 * The text of one input, as the toolkit's getInput reads it: that would have to be loaded first.
 *
 * @returns trimmed; empty when it is not set
 */
export function inputText(env: Readonly<Record<string, string | undefined>>, name: string): string {
  return (env[`INPUT_${name.replace(/ /g, '_').toUpperCase()}`] ?? '').trim()
}

/**
 * Tells the post step how far main came, and what it needs to finish.
 *
 * @param statePath GITHUB_STATE; undefined outside a runner
 * @param state values of one line each
 */
export function saveState(statePath: string | undefined, state: Readonly<Record<string, string>>): void {
  if (statePath === undefined) return
  try {
    const lines = Object.entries(state).map(([name, value]) => `${name}=${value}\n`)
    appendFileSync(statePath, lines.join(''))
  } catch (error) {
    // Reporting never fails a deploy; the post step then reads the state and tells it, which does no harm.
    const said = `The state of this step could not be saved: ${String(error).replace(/\s+/g, ' ')}`
    process.stdout.write(`${takesPlace() ? '::warning::' : 'Warning: '}${said}\n`)
  }
}
