import type { ProductionProbe } from '../src/deploy/world.ts'
import type { ProbeView, SeenVersion } from '../src/model/probe.ts'
import { Failures } from '../src/probe/failures.ts'
import { connectionsFor, timeoutMs } from '../src/probe/production.ts'
import { SwitchRecorder } from '../src/probe/slices.ts'
import type { LoadBalancerView, RoutedRequest } from './cloud/ports.ts'
import type { SimulatedRuntime } from './cloud/simulated-runtime.ts'
import type { Timeline } from './timeline.ts'

/**
 * A client of the simulated load balancer: asks `/version` at a steady pace, of each node in turn, in virtual time. What answers does so
 * at once; what does not, keeps one of its connections until the time is over.
 */
export function simulatedClient(
  timeline: Timeline,
  loadBalancer: LoadBalancerView,
  runtime: SimulatedRuntime,
  options: { readonly listenerPort: number; readonly ratePerSecond: number },
): ProductionProbe {
  const everyMs = 1_000 / options.ratePerSecond
  const { mostConnections } = connectionsFor(options.ratePerSecond)
  const versions = new Map<string, SeenVersion>()
  const recorder = new SwitchRecorder()
  const failures = new Failures()
  /** When each request was sent that is still waited for, and what ends the wait. */
  const waiting = new Map<() => void, number>()
  let startedAt: number | undefined
  let stoppedAt: number | undefined
  let sent = 0
  let failed = 0
  let abandoned = 0
  let cancel: (() => void) | undefined
  const request = versionRequest(options.listenerPort)

  function ask(): void {
    const at = timeline.now()
    const node = loadBalancer.nodes[sent++ % loadBalancer.nodes.length]
    const route = node?.route(request)
    const answer = route?.kind === 'forward' ? runtime.answer(route.target) : undefined
    if (answer?.never) {
      wait(at)
      return
    }
    const status = answer?.status ?? 503
    if (route !== undefined) node?.record(route, status, 1, answer === undefined)
    if (answer !== undefined && status === 200) seen(answer.version, at)
    else fail(at, 'status', `answered ${status}${answer === undefined ? `: ${route?.kind ?? 'no node'}` : ''}`, status)
  }

  function seen(version: string, at: number): void {
    const known = versions.get(version)
    versions.set(version, { version, count: (known?.count ?? 0) + 1, firstAt: known?.firstAt ?? at, lastAt: at })
    recorder.answered(at, version)
  }

  function fail(sentAt: number, kind: string, message: string, status?: number): void {
    failed++
    failures.add({ at: timeline.now(), sentAt, kind, message, ...(status === undefined ? {} : { status }) })
    recorder.failed(sentAt)
  }

  function wait(sentAt: number): void {
    const end = timeline.at(sentAt + timeoutMs, () => {
      waiting.delete(end)
      fail(sentAt, 'timeout', `no complete answer within ${timeoutMs} ms`)
      // What came due meanwhile goes out late.
      if (cancel === undefined) sendDue()
    })
    waiting.set(end, sentAt)
  }

  const dueAt = () => (startedAt ?? 0) + sent * everyMs

  function sendDue(): void {
    cancel = undefined
    while (dueAt() <= timeline.now()) {
      if (waiting.size >= mostConnections) return
      ask()
    }
    cancel = timeline.at(dueAt(), sendDue)
  }

  function look(): ProbeView {
    const asked = (stoppedAt ?? timeline.now()) - (startedAt ?? 0)
    const unsent = stoppedAt === undefined ? 0 : Math.max(0, Math.floor(asked / everyMs) + 1 - sent)
    return {
      requests: sent - waiting.size - abandoned,
      failed,
      versions: [...versions.values()],
      ...failures.view(),
      ...(waiting.size > 0 && { waitingSince: [...waiting.values()] }),
      ...(abandoned > 0 && { abandoned }),
      ...(unsent > 0 && { unsent }),
      ...(sent > 0 && { everyMs: Math.max(everyMs, asked / sent) }),
    }
  }

  return {
    start() {
      if (startedAt !== undefined) return
      startedAt = timeline.now()
      sendDue()
    },
    look,
    async stop() {
      if (startedAt === undefined) return look()
      stoppedAt ??= timeline.now()
      cancel?.()
      for (const end of waiting.keys()) end()
      abandoned += waiting.size
      waiting.clear()
      return look().requests === 0 ? look() : { ...look(), ...recorder.view() }
    },
  }
}

export function versionRequest(listenerPort: number): RoutedRequest {
  return {
    listenerPort,
    method: 'GET',
    path: '/version',
    query: '',
    host: 'www.example.com',
    sourceIp: '203.0.113.7',
    header: () => undefined,
  }
}
