import type { GroupSeen, RuleSeen, Tags } from '../model/clone.ts'
import type { Range } from '../model/preview.ts'
import { sendsTo } from '../plan/preview-rule.ts'
import { tagsOfPresent } from './present-tags.ts'
import type { World } from './world.ts'

/** Rules that others have pointed elsewhere: nothing of a preview leads to them any more. */

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
