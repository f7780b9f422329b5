import type { Clock } from '../deploy/clock.ts'
import type { ProductionProbe } from '../deploy/world.ts'
import type { ProbeView, VersionSource } from '../model/probe.ts'
import { Failures } from './failures.ts'
import { SwitchRecorder } from './slices.ts'
import { type EndedRequest, type FailedRequest, startTraffic, type Traffic, type TrafficReport } from './traffic.ts'

/** Requests per second: gentle enough for any production, and often enough to see a switch that takes a second. */
const usualRate = 20

/** Several connections: a load balancer's nodes learn of a change at different times. */
const fewest = 4

/** However many wait for an answer that does not come. */
const most = 100

export const timeoutMs = 10_000

/** A run that ends, perhaps because it was cancelled, does not wait long for answers that hang. */
const graceMs = 1_000

/** Enough for answers that take a fifth of a second; and at the most for those that take a whole one, or hang. */
export function connectionsFor(rate: number): { readonly connections: number; readonly mostConnections: number } {
  const connections = Math.max(fewest, Math.ceil(rate / 5))
  return { connections, mostConnections: Math.min(5 * connections, most) }
}

/** Asks `production-url` over real sockets while a deploy shifts traffic. */
export function startProductionProbe(
  url: string,
  versionFrom: VersionSource,
  clock: Clock,
  rate: number = usualRate,
): ProductionProbe {
  let traffic: Traffic | undefined
  let stoppedAt: number | undefined
  const failures = new Failures()
  const recorder = new SwitchRecorder()

  function view(report: TrafficReport | undefined): ProbeView {
    if (traffic === undefined || report === undefined) return { requests: 0, failed: 0, versions: [] }
    const { total, failed, versions, startedAt, endedAt, unsent, abandoned } = report
    const waiting = stoppedAt === undefined ? traffic.waitingSince() : []
    const sent = total + abandoned + waiting.length
    // A last wait for answers is no time between requests.
    const asked = (stoppedAt ?? endedAt) - startedAt
    return {
      requests: total,
      failed,
      versions,
      ...failures.view(),
      ...(waiting.length > 0 && { waitingSince: waiting }),
      ...(abandoned > 0 && { abandoned }),
      ...(unsent > 0 && { unsent }),
      ...(traffic.askedAgain > 0 && { askedAgain: traffic.askedAgain }),
      ...(sent > 0 && { everyMs: Math.max(1_000 / rate, asked / sent) }),
    }
  }

  return {
    start() {
      const onFailure = (failure: FailedRequest) => {
        failures.add(failure)
        recorder.failed(failure.sentAt)
      }
      const record = ({ at, kind, version }: EndedRequest) => {
        if (kind === 'ok' && version !== undefined) recorder.answered(at, version)
      }
      const asking = { rate, ...connectionsFor(rate), mode: 'renewed', timeoutMs } as const
      traffic ??= startTraffic({ url, ...asking, versionFrom, onFailure, record }, clock)
    },
    look: () => view(traffic?.snapshot()),
    async stop() {
      stoppedAt ??= clock.now()
      const seen = view(await traffic?.stop(graceMs))
      return seen.requests === 0 ? seen : { ...seen, ...recorder.view() }
    },
  }
}
