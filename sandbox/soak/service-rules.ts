import type { SeedColor } from '../cloud/topology-options.ts'
import type { WitnessedCall } from '../witness.ts'
import { bakeMsOf, type Known } from './known.ts'
import type { RouteState, ServiceState } from './look.ts'
import type { Breach } from './rules.ts'

/** What was there when a run changed a service. */
interface Seen {
  readonly now: number
  /** The service of the color that is changed. */
  readonly service: ServiceState
  /** Production's. */
  readonly routes: readonly RouteState[]
  /** Number of the event at which somebody else put a deployment on this color. */
  readonly foreign: number | undefined
}

/** The rules that an UpdateService breaks. */
export function updateBreaches(known: Known, color: SeedColor, input: WitnessedCall['input'], seen: Seen): Breach[] {
  const other = color === 'blue' ? 'green' : 'blue'
  const breaches: Breach[] = []
  const serving = seen.routes.filter(route => route.weights[color] > 0)
  // A candidate that live has outgrown gets more tasks of the same revision in the middle of a shift; nothing else may happen to it.
  const { taskDefinition, desiredCount } = seen.service
  const grows = input.taskDefinition === taskDefinition && Number(input.desiredCount) > desiredCount
  const candidate = known.changed.has(color) && grows && input.forceNewDeployment !== true
  if (serving.length > 0 && !candidate) {
    const says = `${color} is changed (${JSON.stringify(input)}) while ${serving.length} routes use it`
    breaches.push({ rule: 'live-service', says })
  }
  const since = known.wholeAt.get(other)
  const bakeMs = bakeMsOf(known)
  if (since !== undefined && known.changed.has(other) && seen.now < since + bakeMs) {
    breaches.push({ rule: 'bake', says: `${color} is changed ${seen.now - since} ms into the bake of ${bakeMs} ms` })
  }
  const staged = known.changed.get(color)
  if (seen.foreign !== undefined && staged !== undefined && staged < seen.foreign && known.serviceRead > seen.foreign) {
    const says = `${color} has a deployment of somebody else, and is changed all the same`
    breaches.push({ rule: 'foreign-service', says })
  }
  return breaches
}

/** The rules that a DeregisterTaskDefinition breaks. */
export function deregisterBreaches(
  revision: string,
  services: readonly (ServiceState & { readonly color: SeedColor })[],
): Breach[] {
  return services
    .filter(
      one =>
        one.taskDefinition === revision || one.deployments.some(({ taskDefinition }) => taskDefinition === revision),
    )
    .map(({ color }) => ({ rule: 'revision-in-use', says: `${revision} is deregistered, and ${color} uses it` }))
}
