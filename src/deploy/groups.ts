import type { Progress } from '../model/progress.ts'
import type { Step } from '../model/step.ts'
import type { Log } from './log.ts'

/** Opens a group in the log when a run comes into another phase. The first one, staging, is opened by the mode, which has more to say. */
export function phaseGroups(log: Log): (progress: Progress, step?: Step) => void {
  let open: string | undefined
  return (progress, step) => {
    const title = groupOf(progress, step)
    if (title === undefined || title === open) return
    open = title
    log.phase(title)
  }
}

/** @param step what is about to be done; absent while the run waits */
function groupOf(progress: Progress, step: Step | undefined): string | undefined {
  const { from, to, failure, restoringSince, bakedAt, shiftedAt, provenAt, staged } = progress
  const moves = step?.kind === 'route' ? step.why : undefined
  if (failure !== undefined) {
    return restoringSince !== undefined || moves === 'restore' ? `Give the traffic back to ${from}` : 'Recover'
  }
  if (bakedAt !== undefined) return 'Settle: notes, the test listener and the old color'
  if (shiftedAt !== undefined) return `Watch ${to} under traffic`
  if (provenAt !== undefined || moves === 'shift') return `Shift traffic to ${to}`
  return staged === undefined ? undefined : `Prove ${to}`
}
