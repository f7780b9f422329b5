import { versionRequest } from '../simulated-client.ts'
import type { Simulation } from '../simulation.ts'

export interface ClientsSaw {
  readonly requests: number
  readonly failed: number
  /** The first failures: when, at which node, and why. */
  readonly failures: readonly string[]
}

const told = 5

/**
 * Clients of every node of the load balancer, at every production port: each asks right after anything has happened. So there is no
 * moment at which production could fail unseen.
 *
 * @param until something is stuck when it lasts longer
 */
export function watchClients(
  { cloud, timeline, runtime, topology }: Simulation,
  ports: readonly number[],
  until: number,
): () => ClientsSaw {
  const [loadBalancer] = cloud.elb.loadBalancers()
  if (loadBalancer === undefined) throw new Error(`${topology.loadBalancerArn} has gone`)
  const start = timeline.now()
  const asks = loadBalancer.nodes.flatMap(node => ports.map(port => ({ node, port, request: versionRequest(port) })))
  let requests = 0
  let failed = 0
  let next = 0
  let lastAt = 0
  const failures: string[] = []
  timeline.watch(() => {
    if (timeline.now() > until) throw new Error('it never ends')
    // In the same moment the clients take turns.
    const many = timeline.now() === lastAt ? 1 : asks.length
    lastAt = timeline.now()
    for (let count = 0; count < many; count++) ask(asks[next++ % asks.length])
  })
  return () => ({ requests, failed, failures })

  function ask(one: (typeof asks)[number] | undefined): void {
    if (one === undefined) return
    requests++
    const route = one.node.route(one.request)
    const answer = route.kind === 'forward' ? runtime.answer(route.target) : undefined
    if (answer?.status === 200) return
    failed++
    const said = route.kind === 'forward' ? `nobody listens at ${route.target.ip}` : route.kind
    const what = answer === undefined ? said : `status ${answer.status}`
    if (failures.length < told) failures.push(`${timeline.now() - start} ms: ${one.node.id}:${one.port} ${what}`)
  }
}
