import type { ProductionProbe } from '../src/deploy/world.ts'
import type { ProbeView, SeenVersion } from '../src/model/probe.ts'
import { SwitchRecorder } from '../src/probe/slices.ts'
import type { LoadBalancerView, RoutedRequest } from './cloud/ports.ts'
import type { SimulatedRuntime } from './cloud/simulated-runtime.ts'
import type { Timeline } from './timeline.ts'

/** A client of the simulated load balancer: asks `/version` at a steady pace, of each node in turn, in virtual time. */
export function simulatedClient(
  timeline: Timeline,
  loadBalancer: LoadBalancerView,
  runtime: SimulatedRuntime,
  options: { readonly listenerPort: number; readonly everyMs: number },
): ProductionProbe {
  const versions = new Map<string, SeenVersion>()
  const recorder = new SwitchRecorder()
  let requests = 0
  let failed = 0
  let lastFailure: string | undefined
  let lastFailureAt: number | undefined
  let lastStatus: number | undefined
  let cancel: (() => void) | undefined
  const request = versionRequest(options.listenerPort)

  function ask(): void {
    const at = timeline.now()
    const node = loadBalancer.nodes[requests++ % loadBalancer.nodes.length]
    const route = node?.route(request)
    const answer = route?.kind === 'forward' ? runtime.answer(route.target) : undefined
    if (route !== undefined) node?.record(route, answer?.status ?? 503, 1, answer === undefined)
    recorder.add(at, answer?.status === 200 ? answer.version : undefined)
    if (answer?.status === 200) {
      const seen = versions.get(answer.version)
      versions.set(answer.version, {
        version: answer.version,
        count: (seen?.count ?? 0) + 1,
        firstAt: seen?.firstAt ?? at,
        lastAt: at,
      })
    } else {
      failed++
      lastFailureAt = at
      lastStatus = answer?.status ?? 503
      lastFailure = answer === undefined ? `no answer: ${route?.kind ?? 'no node'}` : `status ${answer.status}`
    }
    cancel = timeline.at(at + options.everyMs, ask)
  }

  const look = (): ProbeView => ({
    requests,
    failed,
    versions: [...versions.values()],
    ...(lastFailure && { lastFailure }),
    ...(lastFailureAt && { lastFailureAt }),
    ...(lastStatus && { lastStatus }),
  })
  return {
    start() {
      if (cancel === undefined) ask()
    },
    look,
    async stop() {
      cancel?.()
      return requests === 0 ? look() : { ...look(), ...recorder.view() }
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
