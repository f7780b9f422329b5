import type { Progress } from '../model/progress.ts'
import type { Step } from '../model/step.ts'

/**
 * The page on which people follow a run, outside of AWS. Nothing here fails or waits for anybody: a run goes on as if it were not
 * there.
 */
export interface RunPage {
  /** Loads what it needs, from this machine only: later, parsing would stand between a proof and its write. */
  ready(): Promise<void>
  /** The run has begun to do something for this candidate. Returns at once; a second call for the same one does nothing. */
  began(candidate: { readonly taskDefinition: string; readonly image: string }): void
}

/** The first of these begins something, which a run with nothing to do never does. */
const beginnings: readonly Step['kind'][] = ['stage', 'run-task', 'route', 'tag']

/** What a loop tells its page: only in a pause, after which it looks again, so that this never stands between a proof and its write. */
export async function openPage(page: RunPage | undefined) {
  let busy = false
  await page?.ready()
  return {
    did({ kind }: Step): void {
      busy ||= beginnings.includes(kind)
    },
    pause({ candidate }: Progress): void {
      if (busy && candidate !== undefined) page?.began(candidate)
    },
  }
}
