import type { World } from '../deploy/world.ts'
import type { Inputs } from '../inputs/inputs.ts'
import { type Color, colors } from '../model/color.ts'
import { Refusal } from '../model/outcome.ts'
import type { PreviewOrigin } from '../model/preview.ts'
import type { Snapshot } from '../model/snapshot.ts'
import { readLive, readWeights } from '../plan/weights.ts'

/** What a preview is made from: the color that customers are on, and the listener where it is found. */

/**
 * The live color; while traffic moves, the one with most of it: a preview does not wait for production.
 *
 * @throws Refusal LIVE_UNCLEAR when neither has any
 */
export function originColor(seen: Snapshot): Color {
  const live = readLive(seen.production.value, seen.targetGroups)
  if (live.kind === 'live') return live.color
  const share = (color: Color) =>
    seen.production.value.reduce((sum, route) => sum + (readWeights(route, seen.targetGroups).weights[color] ?? 0), 0)
  const [most] = colors.toSorted((one, two) => share(two) - share(one))
  if (most !== undefined && share(most) > 0) return most
  throw new Refusal({
    code: 'LIVE_UNCLEAR',
    headline: `Which color is live is unclear, so there is nothing to make a preview from: ${live.because}.`,
    details: [live.hint, 'Nothing was written.'],
  })
}

export async function readOrigin(inputs: Inputs, world: World, seen: Snapshot, color: Color): Promise<PreviewOrigin> {
  const { elb, ecs } = world.clone()
  const service = seen.services.value[color]
  const { arn, name } = seen.targetGroups[color]
  const [{ listener, otherListeners }, group, attributes, [described]] = await Promise.all([
    listenerOf(inputs, world, seen),
    elb.findGroup(name),
    elb.describeAllAttributes(arn),
    ecs.describe([service.name]),
  ])
  const [behind] = service.loadBalancers
  if (group === undefined || described === undefined || behind === undefined) {
    throw new Refusal({
      code: 'SERVICE_NOT_FOUND',
      headline: `${service.name} or its target group was deleted while this run began.`,
      details: ['Run again.'],
    })
  }
  const { containerName, containerPort } = behind
  const production = seen.production.value
  return {
    service,
    described: described.described,
    group,
    attributes,
    listener,
    otherListeners,
    production,
    containerName,
    containerPort,
  }
}

async function listenerOf(
  inputs: Inputs,
  world: World,
  seen: Snapshot,
): Promise<Pick<PreviewOrigin, 'listener' | 'otherListeners'>> {
  const { listenerArn } = inputs.preview
  const production = seen.production.value.map(route => listenerOfRoute(route.arn))
  const [first = ''] = production
  const wanted = listenerArn === undefined ? production : [listenerArn]
  const all = await world.clone().elb.describeListeners(loadBalancerOf(listenerArn ?? first))
  const found = all.filter(listener => wanted.includes(listener.arn))
  const listener = found.find(one => one.protocol === 'HTTPS') ?? found[0]
  if (listener !== undefined) {
    return { listener, otherListeners: all.flatMap(({ arn }) => (arn === listener.arn ? [] : arn)) }
  }
  throw new Refusal({
    code: 'LISTENER_NOT_FOUND',
    headline: `Not found: the listener ${wanted.join(' or ')}.`,
    details: ['Check `preview-listener-arn`, the account and the Region.'],
  })
}

/** `…:listener-rule/app/name/a/b/c` is a rule of `…:listener/app/name/a/b`. */
function listenerOfRoute(arn: string): string {
  if (!arn.includes(':listener-rule/')) return arn
  return arn.slice(0, arn.lastIndexOf('/')).replace(':listener-rule/', ':listener/')
}

function loadBalancerOf(listenerArn: string): string {
  return listenerArn.slice(0, listenerArn.lastIndexOf('/')).replace(':listener/', ':loadbalancer/')
}
