import { type ByColor, type Color, colors, otherColor } from '../model/color.ts'
import type { ForwardConfig, RouteView, RouteWeights, RoutingAction, Weights } from '../model/routing.ts'
import { wholeShare } from '../model/strategy.ts'

/** Full share of one color. The other has 0. */
const fullWeight = 100

/** The weight that a target group has when an action names it without one. */
const impliedWeight = 1

/** Reads each color's share at one route. A route without a forward action has no weights at all. */
export function readWeights(route: RouteView, targetGroups: ByColor<{ readonly arn: string }>): RouteWeights {
  const config = forwardConfig(route.actions)
  const weights: { blue?: number; green?: number } = {}
  const strangers: string[] = []
  for (const group of config?.TargetGroups ?? []) {
    const weight = group.Weight ?? impliedWeight
    const color = colors.find(candidate => targetGroups[candidate].arn === group.TargetGroupArn)
    if (color !== undefined) weights[color] = weight
    else if (weight > 0) strangers.push(group.TargetGroupArn ?? 'unknown')
  }
  const stickiness = config?.TargetGroupStickinessConfig
  return {
    route,
    weights,
    strangers,
    ...(stickiness?.Enabled === true ? { stickySeconds: stickiness.DurationSeconds ?? 0 } : {}),
  }
}

/** The forward action's configuration; the scalar form with one target group is put into the same shape. */
export function forwardConfig(actions: readonly RoutingAction[]): ForwardConfig | undefined {
  const forward = actions.find(action => action.Type === 'forward')
  if (forward === undefined) return undefined
  if ((forward.ForwardConfig?.TargetGroups?.length ?? 0) > 0) return forward.ForwardConfig
  if (forward.TargetGroupArn === undefined) return undefined
  return { TargetGroups: [{ TargetGroupArn: forward.TargetGroupArn, Weight: impliedWeight }] }
}

export function fullShare(color: Color): ByColor<number> {
  return color === 'blue' ? { blue: fullWeight, green: 0 } : { blue: 0, green: fullWeight }
}

/**
 * The weights that give a color this share, in tenths of a percent: such as 10 and 90. Only shares that are no whole percent need
 * weights of a thousand, and 999 is the most that a weight can be.
 */
export function weightsFor(color: Color, share: number): ByColor<number> {
  if (share >= wholeShare) return fullShare(color)
  if (share <= 0) return fullShare(otherColor(color))
  const [own, other] = share % 10 === 0 ? [share / 10, 100 - share / 10] : [share, wholeShare - share]
  return color === 'blue' ? { blue: own, green: other } : { blue: other, green: own }
}

/** A color's part of what two weights give out, in tenths of a percent; 0 when they give out nothing. */
export function shareOf(color: Color, weights: Weights): number {
  const own = weights[color] ?? 0
  const total = own + (weights[otherColor(color)] ?? 0)
  return total === 0 ? 0 : (own * wholeShare) / total
}

/**
 * The actions to write so that the route gives the colors these shares. Only the forward action changes, and in it only
 * the weights: other actions, their order, stickiness and members that we do not know stay as they were read. A color
 * that was missing is added, so that an idle target group stays referenced and keeps being health-checked.
 */
export function withWeights(
  actions: readonly RoutingAction[],
  targetGroups: ByColor<{ readonly arn: string }>,
  shares: ByColor<number>,
): readonly RoutingAction[] {
  return actions.map(action => {
    if (action.Type !== 'forward') return action
    const before = forwardConfig([action])
    const shareOf = (arn: string | undefined) => colors.find(color => targetGroups[color].arn === arn)
    const groups = (before?.TargetGroups ?? []).map(group => {
      const color = shareOf(group.TargetGroupArn)
      return color === undefined ? group : { ...group, Weight: shares[color] }
    })
    for (const color of colors) {
      if (groups.some(group => group.TargetGroupArn === targetGroups[color].arn)) continue
      groups.push({ TargetGroupArn: targetGroups[color].arn, Weight: shares[color] })
    }
    // The scalar form may only accompany a configuration with that one target group, so it has to go.
    const { TargetGroupArn: _scalar, ...rest } = action
    return { ...rest, ForwardConfig: { ...before, TargetGroups: groups } }
  })
}

/**
 * A listener never gives an OIDC secret back; without this flag a write that repeats the action would be refused, and with a secret
 * beside it too.
 */
export function keepClientSecrets(actions: readonly RoutingAction[]): readonly RoutingAction[] {
  return actions.map(action => {
    const oidc = action.AuthenticateOidcConfig
    if (typeof oidc !== 'object' || oidc === null) return action
    const { ClientSecret: _never, ...shown } = oidc as { readonly ClientSecret?: unknown }
    return { ...action, AuthenticateOidcConfig: { ...shown, UseExistingClientSecret: true } }
  })
}

/** `blue 100, green 0`; a color that the route does not name is left out. */
export function describeWeights(weights: Weights): string {
  const parts = colors.filter(color => weights[color] !== undefined).map(color => `${color} ${weights[color]}`)
  return parts.length === 0 ? 'neither color' : parts.join(', ')
}

export type Live =
  | { readonly kind: 'live'; readonly color: Color; readonly idle: Color }
  /** Nothing may be written: `because` says which route disagrees, `hint` what to do. */
  | { readonly kind: 'unclear'; readonly because: string; readonly hint: string }

/**
 * Which color is live: the only one with weight above 0 at every production route. Anything else is not guessed.
 *
 * | blue | green | stranger | verdict |
 * |------|-------|----------|---------|
 * | > 0  | 0, –  | none     | blue    |
 * | 0, – | > 0   | none     | green   |
 * | > 0  | > 0   | any      | unclear |
 * | 0, – | 0, –  | any      | unclear |
 * | any  | any   | weight   | unclear |
 */
export function readLive(routes: readonly RouteView[], targetGroups: ByColor<{ readonly arn: string }>): Live {
  const found = new Map<Color, string>()
  for (const route of routes) {
    const { weights, strangers } = readWeights(route, targetGroups)
    const serving = colors.filter(color => (weights[color] ?? 0) > 0)
    if (strangers.length > 0) {
      return {
        kind: 'unclear',
        because: `${route.label} also sends requests to ${strangers.join(' and ')}, which is neither color`,
        hint: 'Take that target group out of the action, or name other `listener-arns`.',
      }
    }
    const [color] = serving
    if (color === undefined || serving.length > 1) {
      return {
        kind: 'unclear',
        because: `${route.label} has ${describeWeights(weights)}`,
        hint: 'Exactly one color must have a weight above 0. Set the weights by hand to the color that works, then run again.',
      }
    }
    found.set(color, route.label)
  }
  const [first, second] = [...found.entries()]
  if (first === undefined) {
    return { kind: 'unclear', because: 'no production listener or rule is known', hint: 'Set `listener-arns`.' }
  }
  if (second !== undefined) {
    return {
      kind: 'unclear',
      because: `${first[1]} sends production to ${first[0]}, but ${second[1]} to ${second[0]}`,
      hint: 'Point them all to the same color, then run again.',
    }
  }
  return { kind: 'live', color: first[0], idle: otherColor(first[0]) }
}
