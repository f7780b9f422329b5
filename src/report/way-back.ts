import { type Color, colors } from '../model/color.ts'
import type { RouteChange, RunReport } from '../model/report.ts'
import { code, link, text } from './markdown.ts'

/** Where people go on from the summary. */
export interface Ways {
  /** The page of the workflow that rolls back, with its button. */
  readonly rollback?: string
}

export function wayBack(report: RunReport, { rollback }: Ways): string {
  const { outcome, sides } = report
  if (report.mode === 'status' || report.mode === 'plan' || sides === undefined) return ''
  switch (outcome.status) {
    case 'rolled-back':
      return `Production is back on ${sides.before.color}, all of it. Mend the cause and run again.`
    case 'staged':
      return `**To go on**: run this action with ${code('mode: promote')} and ${code(`task-definition-arn: ${sides.candidate?.taskDefinition ?? ''}`)}.`
    case 'succeeded':
      if (sides.before.color === sides.after.color) return ''
      if (report.mode === 'rollback') {
        return `To deploy ${text(sides.before.version)} again once it is mended, run this action with ${code(`image: ${sides.before.image}`)}.`
      }
      return `**To go back**: ${
        rollback === undefined
          ? `run this action with ${code('mode: rollback')}.`
          : `${link('run the rollback workflow', rollback)}.`
      } ${
        sides.before.desired === 0
          ? `${text(sides.before.version)} is parked on ${sides.before.color}, and started again first.`
          : `${text(sides.before.version)} still runs on ${sides.before.color}.`
      }`
    case 'failed':
    case 'cancelled':
      if (!allOn(report.routes, sides.before.color)) {
        return `**To go back**: run this action with ${code(`image: ${sides.before.image}`)}, or set the weights by hand.`
      }
      return [
        report.left
          ? `Production is on ${sides.before.color}, all of it.`
          : `Production never left ${sides.before.color}.`,
        ...(outcome.status === 'cancelled' ? [] : ['Mend the cause and run again.']),
      ].join(' ')
    case 'unchanged':
      return ''
    default:
      return outcome satisfies never
  }
}

/** Whether every production route sends to this color only, by its weights at the end. */
function allOn(routes: readonly RouteChange[], color: Color): boolean {
  return routes
    .filter(route => route.audience === 'production')
    .every(route => colors.every(one => (route.after[one] ?? 0) > 0 === (one === color)))
}
