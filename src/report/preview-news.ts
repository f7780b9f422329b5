import type { PreviewNews } from '../model/preview.ts'
import type { RunReport } from '../model/report.ts'

/**
 * What pull requests are told of a run about previews: nothing of one that wrote nothing, nor of one that was cancelled, because the run
 * that took its place will tell.
 */
export function newsOf({ outcome, preview }: RunReport, pullRequest: number | undefined): readonly PreviewNews[] {
  if (preview === undefined || preview.dry || outcome.status === 'cancelled') return []
  const failure = 'failure' in outcome ? { failure: outcome.failure } : {}
  const { id, task, swept = [] } = preview
  const which = { id: id ?? '', ...(pullRequest === undefined ? {} : { pullRequest }) }
  switch (task) {
    case 'preview':
      return [{ ...which, state: 'failure' in outcome ? 'failed' : 'ready', preview, ...failure }]
    case 'preview-destroy':
      return [{ ...which, state: 'failure' in outcome ? 'stuck' : 'gone', preview, ...failure }]
    case 'preview-sweep':
      return swept.flatMap(({ ended, ...one }): readonly PreviewNews[] => {
        if (ended === 'gone') return [{ ...one, state: 'gone' }]
        return ended === 'failed' ? [{ ...one, state: 'stuck' }] : []
      })
    default:
      return task satisfies never
  }
}
