import type { Check } from '../model/check.ts'
import { type ByColor, type Color, colors } from '../model/color.ts'
import { roughDuration } from '../model/duration.ts'
import type { RouteView, TargetGroupView } from '../model/routing.ts'
import type { Snapshot } from '../model/snapshot.ts'
import { ng, ok } from './checks.ts'
import type { Span } from './span.ts'
import { describeCheck } from './targets.ts'
import { forwardConfig, readWeights } from './weights.ts'

/** A forward action takes no more target groups, and a target group no more targets (aws-facts 2.4, ALB quotas). */
const quotas = { targetGroupsPerAction: 5, targetsPerGroup: 1_000 }

export interface Planned {
  readonly seen: Snapshot
  readonly to: Color
  /** Tasks that the candidate gets. */
  readonly desired: number
  readonly timeoutMs: number
  /** How long all of it takes. */
  readonly span: Span
  readonly now: number
  /** Until when the credentials are valid, when they say so. */
  readonly credentialsUntil?: number
}

/** What can be known before the first write about a deploy of this size in this set-up, beyond that the set-up is one. */
export function preflight(planned: Planned): readonly Check[] {
  const { seen, to, desired } = planned
  const group = seen.targetGroups[to]
  return [
    ...(desired > quotas.targetsPerGroup
      ? [
          {
            section: 'Target groups' as const,
            mark: 'SKIP' as const,
            says: `${group.name} takes ${quotas.targetsPerGroup} targets unless AWS has raised that quota, which nobody can look up here; the new version needs ${desired} tasks`,
          },
        ]
      : []),
    ...[...seen.production.value, ...seen.test.value].flatMap(route => routeChecks(route, seen.targetGroups)),
    ...timeChecks(planned, group),
    credentialsCheck(planned),
  ]
}

function routeChecks(route: RouteView, groups: ByColor<TargetGroupView>): readonly Check[] {
  const named = forwardConfig(route.actions)?.TargetGroups ?? []
  const missing = colors.filter(color => !named.some(group => group.TargetGroupArn === groups[color].arn))
  const { stickySeconds } = readWeights(route, groups)
  const sticky = colors.filter(color => groups[color].attributes?.sticky === true)
  return [
    ...(named.length + missing.length > quotas.targetGroupsPerAction
      ? [
          ng(
            'Listeners and rules',
            'QUOTA_EXCEEDED',
            `${route.label} forwards to ${named.length} target groups, and AWS takes no more than ${quotas.targetGroupsPerAction}: there is no room for ${groups[missing[0] ?? 'green'].name}.`,
            'Take a target group that gets nothing out of the action.',
          ),
        ]
      : []),
    // With one target group alone AWS does not ask for it; the first weighted write would be refused (aws-facts 2.4).
    ...(sticky.length > 0 && stickySeconds === undefined && named.length < 2
      ? [
          ng(
            'Listeners and rules',
            'STICKINESS_CONFLICT',
            `${route.label} has no group stickiness, and target stickiness is on for ${sticky.map(color => groups[color].name).join(' and ')}: AWS refuses weights for that.`,
            'Turn `stickiness.enabled` of the target group off, or turn on group stickiness in the forward action.',
          ),
        ]
      : []),
    ...(stickySeconds === undefined
      ? []
      : [
          ok(
            'Listeners and rules',
            `${route.label}: clients that hold its cookie stay on the old color for up to ${roughDuration(stickySeconds * 1_000)} after the switch`,
          ),
        ]),
  ]
}

function timeChecks({ seen, to, timeoutMs }: Planned, group: TargetGroupView): readonly Check[] {
  const { healthCheck: check, attributes } = group
  const grace = seen.services.value[to].gracePeriodMs
  // One failed check more than the threshold, because the first may come at once.
  const toSick = check.intervalMs * check.unhealthyThreshold + check.timeoutMs
  const givenUp = grace + toSick
  const tight = givenUp > timeoutMs
  return [
    ok('Time', `${group.name}: ${describeCheck(check)} A new target counts as healthy after its first good answer.`),
    ok(
      'Time',
      `${seen.services.value[to].name}: ECS replaces a task that fails its checks after ${roughDuration(givenUp)}${grace === 0 ? '' : ` (${roughDuration(grace)} of them grace period)`}; \`timeout\` is ${roughDuration(timeoutMs)}${tight ? ', so a sick version is given up before ECS has replaced a task: raise it to see several attempts' : ''}`,
    ),
    ...(attributes === undefined
      ? []
      : [
          ok(
            'Time',
            `${group.name}: requests in flight get ${roughDuration(attributes.deregistrationMs)} to end when a task is stopped`,
          ),
          ...(attributes.slowStartMs === 0
            ? []
            : [
                ok(
                  'Time',
                  `${group.name}: slow start of ${roughDuration(attributes.slowStartMs)} spares new tasks only beside warmed-up ones, so not those of a color that starts empty`,
                ),
              ]),
        ]),
  ]
}

/** NG only where no deploy could end in time: `timeout` is a limit, which hardly any deploy comes near. */
function credentialsCheck({ credentialsUntil, now, span }: Planned): Check {
  const section = 'Roles and credentials'
  const { leastMs, mostMs, parts } = span
  const most = `${roughDuration(mostMs)} (${parts})`
  const raise = '`role-duration-seconds` of aws-actions/configure-aws-credentials'
  if (credentialsUntil === undefined) {
    const says = `The credentials do not say how long they are valid; the longest that this may take is ${most}: see ${raise}`
    return { section, mark: 'SKIP', says }
  }
  const left = credentialsUntil - now
  const valid = `The credentials are valid for ${roughDuration(Math.max(0, left))}`
  if (left >= mostMs) return ok(section, `${valid}, longer than this may take at most, ${most}`)
  if (left >= leastMs) {
    const says = `${valid}: enough for ${roughDuration(leastMs)}, which this takes at least, but not for the longest that it may take, ${most}. Should they end in the middle, nothing can be given back: raise ${raise}`
    return { section, mark: 'SKIP', says }
  }
  return ng(
    section,
    'CREDENTIALS',
    left <= 0
      ? 'The credentials have expired.'
      : `${valid} only, but this takes ${roughDuration(leastMs)} at least: they would end in the middle of it.`,
    `The longest that it may take is ${most}.`,
    `Raise ${raise} (and the maximum session duration of the role), or lower what it is made of.`,
  )
}
