import type { RunReport, TrafficSeen } from '../model/report.ts'
import type { Weights } from '../model/routing.ts'
import { plain } from './markdown.ts'
import { previewOutputs } from './preview.ts'
import { reasonOf } from './reason.ts'
import { setupOutputs } from './setup.ts'

/** The outputs of action.yml, by name. Pure; all are text, and those that do not apply are empty. */
export function outputsOf(report: RunReport): Readonly<Record<string, string>> {
  const { outcome, sides, traffic } = report
  const failure = 'failure' in outcome ? outcome.failure : undefined
  const idle = sides?.idle
  // A job that promotes needs what was staged; what is live is before that.
  const staged = outcome.status === 'staged' ? sides?.candidate : undefined
  const shown = staged ?? sides?.after
  const switched = staged !== undefined || sides?.before.color !== sides?.after.color
  const previous = switched ? sides?.before : idle
  return {
    'deployment-status': outcome.status,
    'active-color': sides?.active ?? '',
    'previous-color': previous?.color ?? '',
    'active-service': sides?.after.service ?? '',
    'idle-service': idle?.service ?? '',
    image: shown?.image ?? '',
    'previous-image': previous?.image ?? '',
    version: shown?.version ?? '',
    'previous-version': previous?.version ?? '',
    'task-definition-arn': shown?.taskDefinition ?? '',
    'previous-task-definition-arn': previous?.taskDefinition ?? '',
    'rolled-back': String(outcome.status === 'rolled-back'),
    'failure-reason': failure === undefined ? '' : reasonOf(failure, report.logs),
    'traffic-weights': JSON.stringify(trafficWeights(report)),
    drift: json(report.standing?.drift),
    ...requestOutputs(traffic),
    'duration-seconds': String(Math.round((report.endedAt - report.startedAt) / 1_000)),
    'production-url': traffic?.url ?? '',
    // Until it is written.
    'report-path': '',
    ...previewOutputs(report.preview),
    ...setupOutputs(report.setup),
  }
}

/** Texts of AWS in it are cut off: they are for people. */
function json(value: unknown): string {
  const short = (_: string, one: unknown) => (typeof one === 'string' ? plain(one, longestText) : one)
  return value === undefined ? '' : JSON.stringify(value, short)
}

/** Longer than any ARN. */
const longestText = 2_000

/** Weights of the production routes after the run: of the first one, and of each by its ARN. */
function trafficWeights(report: RunReport): Readonly<Record<string, unknown>> {
  const production = report.routes.filter(route => route.audience === 'production')
  const routes: Record<string, Weights> = {}
  for (const route of production) routes[route.arn] = route.after
  return { ...production[0]?.after, routes }
}

function requestOutputs(traffic: TrafficSeen | undefined): Readonly<Record<string, string>> {
  const number = (value: number | undefined) => (value === undefined ? '' : String(Math.round(value)))
  return {
    requests: number(traffic?.requests),
    'failed-requests': number(traffic?.failed),
    'unanswered-requests': traffic === undefined ? '' : number(traffic.abandoned ?? 0),
    'flicker-ms': number(traffic?.mixedMs),
  }
}
