import type { GroupSeen, ListenerSeen, RuleSeen, Tags } from '../model/clone.ts'
import type { PreviewGroup, PreviewOwner, PreviewPlace, PreviewRule, Range } from '../model/preview.ts'
import { isAt, placeIn, sendsTo } from '../plan/preview-rule.ts'
import { tagsOfPresent } from './present-tags.ts'
import type { World } from './world.ts'

/** Which rules there are, and whose they are; also those that others have pointed elsewhere, to which nothing of a preview leads. */

/** With their tags, where they may be those of this preview or want its place. */
export async function rulesAt(
  world: World,
  { place, owner }: { readonly owner: PreviewOwner; readonly place?: PreviewPlace },
  group: PreviewGroup | undefined,
  arns: readonly string[],
): Promise<readonly PreviewRule[]> {
  const { elb } = world.clone()
  const rules: RuleSeen[] = []
  for (const arn of arns) rules.push(...(await elb.describeRulesOf(arn)))
  const concerned = rules.filter(
    rule =>
      (group !== undefined && sendsTo(rule, group.view.arn)) ||
      (place !== undefined && isAt(rule, place)) ||
      placeIn(rule, owner.id) !== undefined,
  )
  if (concerned.length === 0) return rules
  const tags = await tagsOfPresent(
    world,
    concerned.map(rule => rule.arn),
  )
  return rules.flatMap(rule => {
    if (!concerned.includes(rule)) return rule
    const known = tags[rule.arn]
    // Somebody has deleted it in this moment: it is nobody's any more.
    return known === undefined ? [] : { ...rule, tags: known }
  })
}

export async function listenersOf(world: World, group: PreviewGroup | undefined): Promise<readonly ListenerSeen[]> {
  const { elb } = world.clone()
  const found: ListenerSeen[] = []
  const { loadBalancerArns = [] } = group?.view ?? {}
  // No rule leads to it: one that did may lead elsewhere by now.
  for (const arn of loadBalancerArns.length > 0 ? loadBalancerArns : await productionLoadBalancers(world)) {
    found.push(...(await elb.describeListeners(arn)))
  }
  return found
}

export interface StrayRule {
  readonly rule: RuleSeen
  readonly tags: Tags
}

/** Load balancers of the two colors, as far as there are any; no preview has a rule at another one without its target group being there. */
export async function productionLoadBalancers(world: World, groups?: readonly GroupSeen[]): Promise<readonly string[]> {
  const { elb, ecs } = world.clone()
  const services = await ecs.describe([world.names.blue, world.names.green])
  const arns = services.flatMap(({ view }) => view.loadBalancers.map(({ targetGroupArn }) => targetGroupArn))
  if (arns.length === 0) return []
  const own = (groups ?? (await elb.allGroups())).filter(({ view }) => arns.includes(view.arn))
  return [...new Set(own.flatMap(({ view }) => view.loadBalancerArns))]
}

/**
 * Rules with a priority of previews that send requests to none of them, with their tags. Calls grow with listeners and batches: what
 * leads to a preview is found with that.
 */
export async function strayRules(
  world: World,
  priorities: Range,
  groups: readonly GroupSeen[],
  previews: readonly GroupSeen[],
): Promise<readonly StrayRule[]> {
  const { elb } = world.clone()
  const strays: RuleSeen[] = []
  for (const loadBalancer of await productionLoadBalancers(world, groups)) {
    for (const { arn } of await elb.describeListeners(loadBalancer)) {
      const rules = await elb.describeRulesOf(arn)
      strays.push(
        ...rules.filter(
          rule =>
            rule.priority >= priorities.from &&
            rule.priority <= priorities.to &&
            !previews.some(({ view }) => sendsTo(rule, view.arn)),
        ),
      )
    }
  }
  const tags = await tagsOfPresent(
    world,
    strays.map(rule => rule.arn),
  )
  return strays.map(rule => ({ rule, tags: tags[rule.arn] ?? {} }))
}
