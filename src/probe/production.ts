import type { Clock } from '../deploy/clock.ts'
import type { ProductionProbe } from '../deploy/world.ts'
import type { ProbeView, VersionSource } from '../model/probe.ts'
import { SwitchRecorder } from './slices.ts'
import { type EndedRequest, type FailedRequest, startTraffic, type Traffic, type TrafficReport } from './traffic.ts'

/** Requests per second: gentle enough for any production, and often enough to see a switch that takes a second. */
const usualRate = 20

/** Several connections: a load balancer's nodes learn of a change at different times. */
const fewest = 4

const timeoutMs = 10_000

/** A run that ends, perhaps because it was cancelled, does not wait long for answers that hang. */
const graceMs = 1_000

/** Asks `production-url` over real sockets while a deploy shifts traffic. */
export function startProductionProbe(
  url: string,
  versionFrom: VersionSource,
  clock: Clock,
  rate: number = usualRate,
): ProductionProbe {
  let traffic: Traffic | undefined
  let last: FailedRequest | undefined
  const recorder = new SwitchRecorder()
  // Enough for answers that take a fifth of a second.
  const connections = Math.max(fewest, Math.ceil(rate / 5))
  return {
    start() {
      const onFailure = (failure: FailedRequest) => {
        last = failure
      }
      const record = ({ at, kind, version }: EndedRequest) => recorder.add(at, kind === 'ok' ? version : undefined)
      const options = { url, rate, connections, mode: 'renewed', timeoutMs, versionFrom, onFailure, record } as const
      traffic ??= startTraffic(options, clock)
    },
    look: () => view(traffic?.snapshot(), last),
    async stop() {
      const seen = view(await traffic?.stop(graceMs), last)
      return seen.requests === 0 ? seen : { ...seen, ...recorder.view() }
    },
  }
}

function view(report: TrafficReport | undefined, last: FailedRequest | undefined): ProbeView {
  if (report === undefined) return { requests: 0, failed: 0, versions: [] }
  const { total, failed, versions, lastFailure } = report
  return {
    requests: total,
    failed,
    versions,
    ...(lastFailure && { lastFailure }),
    ...(last && { lastFailureAt: last.at }),
    ...(last?.status !== undefined && { lastStatus: last.status }),
  }
}
