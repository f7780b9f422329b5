import type { Action, RedirectActionConfig } from '@aws-sdk/client-elastic-load-balancing-v2'
import type { Random } from '../../random.ts'
import type { Timeline } from '../../timeline.ts'
import type { Route } from '../ports.ts'
import { authenticate } from './authenticate.ts'
import { bindGroup, boundGroup } from './cookies.ts'
import type { ListenerVersion } from './listener-version.ts'
import { matcherFor, withoutPort } from './matching.ts'
import type { NodeGroup } from './node-group.ts'
import type { Router } from './router.ts'
import { withTransforms } from './transforms.ts'

export interface RoutingParts {
  readonly timeline: Timeline
  readonly random: Random
  /** This node's own view of a group; undefined when the version names a group that is gone. */
  group(arn: string): NodeGroup | undefined
}

/** Turns a listener's configuration into one function: what can be decided once is decided here, not per request. */
export function compileListener(version: ListenerVersion, parts: RoutingParts): Router {
  const fallback = compileActions(version.defaultActions, version, parts)
  if (version.rules.length === 0) return fallback
  const rules = version.rules.map(rule => ({
    matches: matcherFor(rule.conditions),
    route: withTransforms(rule.transforms, compileActions(rule.actions, version, parts)),
  }))
  return request => {
    for (const rule of rules) if (rule.matches(request)) return rule.route(request)
    return fallback(request)
  }
}

function compileActions(actions: readonly Action[], version: ListenerVersion, parts: RoutingParts): Router {
  const last = actions.at(-1)
  const route = last === undefined ? unavailable('the rule has no action') : compileRouting(last, version, parts)
  return actions.slice(0, -1).reduceRight((next, action) => authenticate(action, next), route)
}

function compileRouting(action: Action, version: ListenerVersion, parts: RoutingParts): Router {
  switch (action.Type) {
    case 'forward':
      return compileForward(action, parts)
    case 'redirect':
      return compileRedirect(action.RedirectConfig, version)
    case 'fixed-response': {
      const route: Route = {
        kind: 'fixed',
        status: Number(action.FixedResponseConfig?.StatusCode),
        contentType: action.FixedResponseConfig?.ContentType ?? 'text/plain',
        body: action.FixedResponseConfig?.MessageBody ?? '',
      }
      return () => route
    }
    default:
      return unavailable(`a node cannot end a rule with ${action.Type}`)
  }
}

function unavailable(because: string): Router {
  const route: Route = { kind: 'unavailable', because }
  return () => route
}

function compileForward(action: Action, parts: RoutingParts): Router {
  const groups = (action.ForwardConfig?.TargetGroups ?? []).flatMap(tuple => {
    const group = parts.group(tuple.TargetGroupArn ?? '')
    return group === undefined ? [] : [{ group, weight: tuple.Weight ?? 1 }]
  })
  const draw = compileDraw(groups, parts.random)
  const stickiness = action.ForwardConfig?.TargetGroupStickinessConfig
  if (stickiness?.Enabled !== true) {
    return request => draw()?.pick(request) ?? noWeight
  }
  const seconds = stickiness.DurationSeconds ?? 0
  const known = new Map(groups.map(({ group }) => [group.group.arn, group]))
  return request => {
    const now = parts.timeline.now()
    // A cookie is stronger than the weights, zero included: AWS documents no exception.
    const bound = known.get(boundGroup(request, now) ?? '')
    if (bound !== undefined) return bound.pick(request)
    const group = draw()
    if (group === undefined) return noWeight
    const route = group.pick(request)
    if (route.kind !== 'forward') return route
    return { ...route, cookies: [...route.cookies, ...bindGroup(group.group.arn, now, seconds)] }
  }
}

const noWeight: Route = { kind: 'unavailable', because: 'every target group of the rule has weight 0' }

/** A group by weight. An empty or ill group keeps its share: there is no failover between weighted groups. */
function compileDraw(
  groups: readonly { readonly group: NodeGroup; readonly weight: number }[],
  random: Random,
): () => NodeGroup | undefined {
  const weighted = groups.filter(({ weight }) => weight > 0)
  const [first, second] = weighted
  if (first === undefined) return () => undefined
  if (second === undefined) return () => first.group
  const total = weighted.reduce((sum, { weight }) => sum + weight, 0)
  return () => {
    let ticket = random() * total
    for (const { group, weight } of weighted) {
      ticket -= weight
      if (ticket < 0) return group
    }
    return first.group
  }
}

function compileRedirect(config: RedirectActionConfig | undefined, version: ListenerVersion): Router {
  const protocol = (config?.Protocol ?? '#{protocol}').toLowerCase()
  const template = `${protocol}://${config?.Host ?? '#{host}'}:${config?.Port ?? '#{port}'}${config?.Path ?? '/#{path}'}`
  const status = config?.StatusCode === 'HTTP_301' ? 301 : 302
  return request => {
    const values: Readonly<Record<string, string>> = {
      protocol: version.protocol.toLowerCase(),
      host: withoutPort(request.host),
      port: String(version.port),
      path: request.path.replace(/^\//, ''),
      query: request.query,
    }
    const fill = (text: string) => text.replace(/#\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole)
    const query = fill(config?.Query ?? '#{query}')
    return { kind: 'redirect', status, location: `${fill(template)}${query === '' ? '' : `?${query}`}` }
  }
}
