import type { Action } from '@aws-sdk/client-elastic-load-balancing-v2'
import {
  AddTagsCommand,
  DescribeListenersCommand,
  DescribeRulesCommand,
  DescribeTagsCommand,
  DescribeTargetGroupAttributesCommand,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  type ElasticLoadBalancingV2Client,
  type Listener,
  ModifyListenerCommand,
  ModifyRuleCommand,
  type Rule,
} from '@aws-sdk/client-elastic-load-balancing-v2'
import { type FailureCode, Refusal } from '../model/outcome.ts'
import type { RouteView, TargetGroupView } from '../model/routing.ts'
import type { Doing } from './doing.ts'
import { errorName, explain, isNotFound, isThrottled, isTransient } from './errors.ts'
import type { LoadBalancing } from './ports.ts'
import { listenerRoute, ruleRoute, targetGroupAttributes, targetGroupView, targetView } from './views.ts'

/** DescribeTags takes no more. */
const tagsPerCall = 20

/**
 * Elastic Load Balancing through the SDK. Aborting the signal ends reads; a write that is on its way may have been applied, so its
 * answer is waited for.
 *
 * @param once makes a client that never repeats a call
 */
export function loadBalancing(
  elb: ElasticLoadBalancingV2Client,
  once: () => ElasticLoadBalancingV2Client,
  signal: AbortSignal,
): LoadBalancing {
  const options = { abortSignal: signal }

  async function call<T>(doing: Doing, send: () => Promise<T>): Promise<T> {
    try {
      return await send()
    } catch (error) {
      throw isNotFound(error) ? notFound(error, doing) : explain(error, doing)
    }
  }

  async function listeners(input: { ListenerArns: string[] } | { LoadBalancerArn: string }): Promise<Listener[]> {
    const object = 'ListenerArns' in input ? input.ListenerArns.join(' and ') : `of ${input.LoadBalancerArn}`
    const doing = describing(`the listener ${object}`, 'Listeners')
    const found: Listener[] = []
    let Marker: string | undefined
    do {
      const page = await call(doing, () =>
        elb.send(new DescribeListenersCommand({ ...input, ...(Marker === undefined ? {} : { Marker }) }), options),
      )
      found.push(...(page.Listeners ?? []))
      Marker = page.NextMarker
    } while (Marker !== undefined)
    return found
  }

  async function rules(input: { RuleArns: string[] } | { ListenerArn: string }): Promise<Rule[]> {
    const object = 'RuleArns' in input ? input.RuleArns.join(' and ') : `of ${input.ListenerArn}`
    const doing = describing(`the rule ${object}`, 'Rules')
    const found: Rule[] = []
    let Marker: string | undefined
    do {
      const page = await call(doing, () =>
        elb.send(new DescribeRulesCommand({ ...input, ...(Marker === undefined ? {} : { Marker }) }), options),
      )
      found.push(...(page.Rules ?? []))
      Marker = page.NextMarker
    } while (Marker !== undefined)
    return found
  }

  return {
    async describeTargetGroups(arns) {
      const doing = describing(`the target groups ${arns.blue} and ${arns.green}`, 'TargetGroups')
      const answer = await call(doing, () =>
        elb.send(new DescribeTargetGroupsCommand({ TargetGroupArns: [arns.blue, arns.green] }), options),
      )
      const find = (arn: string): TargetGroupView => {
        const found = answer.TargetGroups?.find(group => group.TargetGroupArn === arn)
        if (found === undefined) throw notFound(new Error('it is missing in the answer'), { ...doing, resource: arn })
        return targetGroupView(found)
      }
      return { blue: find(arns.blue), green: find(arns.green) }
    },

    async describeAttributes(targetGroupArn) {
      const doing = describing(`the attributes of ${targetGroupArn}`, 'TargetGroupAttributes')
      const answer = await call(doing, () =>
        elb.send(new DescribeTargetGroupAttributesCommand({ TargetGroupArn: targetGroupArn }), options),
      )
      return targetGroupAttributes(answer.Attributes ?? [])
    },

    async describeTargets(targetGroupArn) {
      const doing = describing(`the targets of ${targetGroupArn}`, 'TargetHealth')
      const answer = await call(doing, () =>
        elb.send(new DescribeTargetHealthCommand({ TargetGroupArn: targetGroupArn }), options),
      )
      return (answer.TargetHealthDescriptions ?? []).map(targetView)
    },

    async describeRoutes(arns) {
      const ruleArns = arns.filter(arn => arn.includes(':listener-rule/'))
      const listenerArns = arns.filter(arn => !ruleArns.includes(arn))
      const [fromListeners, fromRules] = await Promise.all([
        present(listenerArns, ListenerArns => listeners({ ListenerArns })),
        present(ruleArns, RuleArns => rules({ RuleArns })),
      ])
      const routes = [...fromListeners.map(listenerRoute), ...fromRules.map(ruleRoute)]
      return arns.flatMap(arn => routes.find(route => route.arn === arn) ?? [])
    },

    async describeAllRoutes(loadBalancerArns) {
      const routes: RouteView[] = []
      for (const LoadBalancerArn of loadBalancerArns) {
        for (const listener of await listeners({ LoadBalancerArn })) {
          const route = listenerRoute(listener)
          routes.push(route)
          for (const rule of await rules({ ListenerArn: route.arn })) {
            // The default rule is the listener's default action again, and can only be changed through the listener.
            if (rule.IsDefault === true) continue
            routes.push({ ...ruleRoute(rule), label: `${route.label} rule ${rule.Priority ?? ''}` })
          }
        }
      }
      return routes
    },

    async writeRoute(route, actions) {
      const doing = {
        what: `change the weights of ${route.label} (${route.arn})`,
        action: route.kind === 'rule' ? 'elasticloadbalancing:ModifyRule' : 'elasticloadbalancing:ModifyListener',
        resource: route.arn,
      }
      // These are the actions that AWS itself described, with other weights.
      const written = actions as unknown as Action[]
      try {
        await (route.kind === 'rule'
          ? once().send(new ModifyRuleCommand({ RuleArn: route.arn, Actions: written }))
          : once().send(new ModifyListenerCommand({ ListenerArn: route.arn, DefaultActions: written })))
        return 'applied'
      } catch (error) {
        if (isThrottled(error)) return 'throttled'
        if (isTransient(error)) return 'unanswered'
        throw isNotFound(error) ? notFound(error, doing) : explain(error, doing)
      }
    },

    async describeTags(arns) {
      const byArn: Record<string, Record<string, string>> = {}
      for (let at = 0; at < arns.length; at += tagsPerCall) {
        const ResourceArns = arns.slice(at, at + tagsPerCall)
        const doing = describing(`the tags of ${ResourceArns.join(' and ')}`, 'Tags')
        const answer = await call(doing, () => elb.send(new DescribeTagsCommand({ ResourceArns }), options))
        for (const described of answer.TagDescriptions ?? []) {
          if (described.ResourceArn === undefined) continue
          byArn[described.ResourceArn] = Object.fromEntries(
            (described.Tags ?? []).map(tag => [tag.Key ?? '', tag.Value ?? '']),
          )
        }
      }
      return byArn
    },

    async writeTags(arn, tags) {
      const doing = { what: `tag ${arn}`, action: 'elasticloadbalancing:AddTags', resource: arn }
      const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }))
      await call(doing, () => elb.send(new AddTagsCommand({ ResourceArns: [arn], Tags })))
    },
  }
}

/** AWS describes several things all or none: one that was deleted must not hide the others. */
async function present<T>(arns: string[], describe: (arns: string[]) => Promise<T[]>): Promise<T[]> {
  if (arns.length === 0) return []
  try {
    return await describe(arns)
  } catch (error) {
    if (!(error instanceof Refusal) || error.failure.code !== 'LISTENER_NOT_FOUND') throw error
    if (arns.length === 1) return []
    return (await Promise.all(arns.map(arn => present([arn], describe)))).flat()
  }
}

/** Elastic Load Balancing's Describe calls know no resources: their statement needs `*` (aws-facts 1.11). */
function describing(object: string, things: string): Doing {
  return { what: `describe ${object}`, action: `elasticloadbalancing:Describe${things}`, resource: '*' }
}

function notFound(error: unknown, doing: Doing): Refusal {
  const targetGroup = errorName(error) === 'TargetGroupNotFound' || doing.action.endsWith('TargetGroups')
  const code: FailureCode = targetGroup ? 'TARGET_GROUP_NOT_FOUND' : 'LISTENER_NOT_FOUND'
  const object = doing.what.replace(/^describe /, '').replace(/^change the weights of /, '')
  return new Refusal(
    {
      code,
      headline: `Not found: ${object}.`,
      details: [
        error instanceof Error ? `AWS answered: ${error.message}` : 'AWS does not know it.',
        targetGroup
          ? 'The service still names a target group that was deleted: recreate it, or update the service.'
          : 'Check `listener-arns` and `test-listener-arns`, the account and the Region: ARNs change when a listener or rule is made anew.',
      ],
    },
    { cause: error },
  )
}
