import { appendFileSync } from 'node:fs'

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
 * Tells the post step whether main came to its end.
 *
 * @param statePath GITHUB_STATE; undefined outside a runner
 */
export function savePhase(statePath: string | undefined, phase: 'running' | 'done'): void {
  if (statePath === undefined) return
  try {
    appendFileSync(statePath, `phase=${phase}\n`)
  } catch (error) {
    // Reporting never fails a deploy; the post step then reads the state and tells it, which does no harm.
    process.stdout.write(
      `::warning::The state of this step could not be saved: ${String(error).replace(/\s+/g, ' ')}\n`,
    )
  }
}
