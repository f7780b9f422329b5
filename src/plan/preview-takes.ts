import type { PreviewDecision, PreviewGoal, PreviewOrigin, PreviewSeen } from '../model/preview.ts'
import { finish } from './preview-decisions.ts'
import { isForAll } from './preview-refusals.ts'
import { isAt, placeText, sendsTo } from './preview-rule.ts'

/**
 * Requests that production answers by a default action, or by a rule for everything. Such a place says nothing of the hosts and paths that
 * production has, and the rule of a preview comes before it.
 */

type Asked = Pick<PreviewGoal, 'owner' | 'place' | 'productionUrl'>
type From = Pick<PreviewOrigin, 'group' | 'listener' | 'production'>
type Rules = Pick<PreviewSeen, 'group' | 'rules'>

/** What `production-url` says is production's, for sure. */
export function productionsPlace(goal: Asked, origin: From, seen: Rules): PreviewDecision | undefined {
  if (!isProductions(goal, origin)) return undefined
  const group = seen.group.value?.view.arn
  const rule = seen.rules.value.find(own => group !== undefined && sendsTo(own, group) && isAt(own, goal.place))
  if (rule !== undefined) return { kind: 'do', step: { kind: 'delete-rule', rule, why: 'shadows' } }
  return finish(
    'PREVIEW_SHADOWS',
    `\`production-url\` is ${goal.productionUrl}, and the preview would get all requests for ${placeText(goal.place)}: they are production's.`,
    'Set `preview-id`, `preview-domain` or `preview-path` to what production never has, such as preview.example.com; or give previews a listener of their own (`preview-listener-arn`).',
  )
}

/** What nobody can know: whether production has this host or path. Numbers of pull requests are none of its. */
export function takesText(goal: Asked, origin: From, seen: Rules): string | undefined {
  const { owner, place } = goal
  if (place.kind === 'header' || /^pr-\d+$/.test(owner.id) || isProductions(goal, origin)) return undefined
  const where = forEverything(origin, seen)
  if (where === undefined) return undefined
  return `${where} gives production whatever no rule asks for: should production have ${placeText(place)}, the preview takes these requests away from it. Set ${place.kind === 'host' ? '`preview-domain` to a domain' : '`preview-path` to a path'} that production never has.`
}

function isProductions({ place, productionUrl }: Asked, { listener, production }: From): boolean {
  const rules = `${listener.arn.replace(':listener/', ':listener-rule/')}/`
  if (!production.some(({ arn }) => arn === listener.arn || arn.startsWith(rules))) return false
  if (productionUrl === undefined || !URL.canParse(productionUrl)) return false
  const { hostname, pathname } = new URL(productionUrl)
  switch (place.kind) {
    case 'host':
      return hostname.replace(/\.$/, '') === place.host
    case 'path':
      return pathname === place.path || pathname.startsWith(`${place.path}/`)
    case 'header':
      return false
    default:
      return place satisfies never
  }
}

function forEverything({ group, listener, production }: From, { rules }: Rules): string | undefined {
  const route = production.find(({ arn }) => arn === listener.arn)
  if (route !== undefined) return `The default action of ${route.label}`
  const rule = rules.value.find(one => sendsTo(one, group.view.arn) && isForAll(one))
  return rule && `Rule ${rule.priority}`
}
