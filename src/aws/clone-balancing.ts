import {
  type Action,
  AddTagsCommand,
  CreateRuleCommand,
  DeleteRuleCommand,
  DescribeAccountLimitsCommand,
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  DescribeRulesCommand,
  type ElasticLoadBalancingV2Client,
  ModifyRuleCommand,
  type RuleTransform,
  type RuleCondition as SdkCondition,
  type Rule as SdkRule,
} from '@aws-sdk/client-elastic-load-balancing-v2'
import { type NewRule, type RuleSeen, type Settings, standardQuotas } from '../model/clone.ts'
import { Refusal } from '../model/outcome.ts'
import type { RoutingAction } from '../model/routing.ts'
import { call, describing, isAbsent, pages, tagList, writing } from './clone-calls.ts'
import { cloneGroups } from './clone-groups.ts'
import type { CloneBalancing } from './clone-ports.ts'
import type { Doing } from './doing.ts'
import { errorName, explain, isThrottled, isTransient } from './errors.ts'

/** AddTags takes more, but says nothing about which of them failed; a page of it is a page of DescribeTags. */
const tagsPerCall = 20

/** @param once makes a client that never repeats a call */
export function cloneBalancing(
  elb: ElasticLoadBalancingV2Client,
  once: () => ElasticLoadBalancingV2Client,
  signal: AbortSignal,
): CloneBalancing {
  const options = { abortSignal: signal }

  return {
    ...cloneGroups(elb, signal),

    async describeListeners(LoadBalancerArn) {
      const doing = describing(`the listeners of ${LoadBalancerArn}`, 'Listeners')
      const found = await pages(async Marker => {
        const command = new DescribeListenersCommand({ LoadBalancerArn, ...Marker })
        const page = await call(doing, () => elb.send(command, options))
        return { items: page.Listeners ?? [], next: page.NextMarker }
      })
      return found.map(listener => ({
        arn: listener.ListenerArn ?? '',
        loadBalancerArn: LoadBalancerArn,
        protocol: listener.Protocol ?? '',
        port: listener.Port ?? 0,
        actions: (listener.DefaultActions ?? []) as unknown as readonly RoutingAction[],
      }))
    },

    async describeRulesOf(ListenerArn) {
      const doing = describing(`the rules of ${ListenerArn}`, 'Rules')
      try {
        const found = await pages(async Marker => {
          const command = new DescribeRulesCommand({ ListenerArn, ...Marker })
          const page = await call(doing, () => elb.send(command, options))
          return { items: page.Rules ?? [], next: page.NextMarker }
        })
        return found.filter(rule => rule.IsDefault !== true).map(rule => ruleSeen(rule, ListenerArn))
      } catch (error) {
        if (isAbsent(error, 'ListenerNotFound')) return []
        throw error
      }
    },

    async createRule(rule, tags) {
      const { listenerArn: ListenerArn, priority: Priority } = rule
      const input = { ListenerArn, Priority, ...ruleInput(rule), Tags: tagList(tags) }
      try {
        await once().send(new CreateRuleCommand(input))
        return 'applied'
      } catch (error) {
        if (errorName(error) === 'PriorityInUse') return 'priority-in-use'
        if (isThrottled(error)) return 'throttled'
        if (isTransient(error)) return 'unanswered'
        throw quotaOr(error, writing(`make rule ${Priority}`, 'CreateRule', ListenerArn))
      }
    },

    async modifyRule({ arn: RuleArn, priority }, to) {
      const doing = writing(`change rule ${priority}`, 'ModifyRule', RuleArn)
      const reset = to.transforms.length === 0 ? { ResetTransforms: true } : {}
      await call(doing, () => elb.send(new ModifyRuleCommand({ RuleArn, ...ruleInput(to), ...reset })))
    },

    async deleteRule(RuleArn) {
      try {
        await elb.send(new DeleteRuleCommand({ RuleArn }))
      } catch (error) {
        if (errorName(error) !== 'RuleNotFound') {
          throw explain(error, writing(`delete the rule ${RuleArn}`, 'DeleteRule', RuleArn))
        }
      }
    },

    async quotas() {
      const found = await call(describing('the quotas', 'AccountLimits'), () =>
        pages(async Marker => {
          const page = await elb.send(new DescribeAccountLimitsCommand({ ...Marker }), options)
          return { items: page.Limits ?? [], next: page.NextMarker }
        }),
      )
      const most = (name: string, standard: number) => {
        const max = Number(found.find(limit => limit.Name === name)?.Max)
        return Number.isSafeInteger(max) && max > 0 ? max : standard
      }
      return {
        rules: most('rules-per-application-load-balancer', standardQuotas.rules),
        targetGroups: most('target-groups-per-application-load-balancer', standardQuotas.targetGroups),
      }
    },

    async hostOf(LoadBalancerArn) {
      const doing = describing(`the load balancer ${LoadBalancerArn}`, 'LoadBalancers')
      const command = new DescribeLoadBalancersCommand({ LoadBalancerArns: [LoadBalancerArn] })
      const answer = await call(doing, () => elb.send(command, options))
      return answer.LoadBalancers?.[0]?.DNSName ?? ''
    },

    async tagAll(arns, tags) {
      for (let at = 0; at < arns.length; at += tagsPerCall) {
        const ResourceArns = arns.slice(at, at + tagsPerCall)
        const doing = writing(`tag ${ResourceArns.join(' and ')}`, 'AddTags', ResourceArns[0] ?? '*')
        await call(doing, () => elb.send(new AddTagsCommand({ ResourceArns, Tags: tagList(tags) })))
      }
    },
  }
}

function ruleSeen(rule: SdkRule, listenerArn: string): RuleSeen {
  return {
    arn: rule.RuleArn ?? '',
    listenerArn,
    priority: Number(rule.Priority ?? 0),
    conditions: rule.Conditions ?? [],
    actions: (rule.Actions ?? []) as unknown as readonly RoutingAction[],
    ...(rule.Transforms?.length ? { transforms: rule.Transforms as unknown as readonly Settings[] } : {}),
  }
}

function ruleInput({ conditions, actions, transforms }: Pick<NewRule, 'conditions' | 'actions' | 'transforms'>) {
  return {
    Conditions: conditions as SdkCondition[],
    Actions: actions as unknown as Action[],
    ...(transforms.length === 0 ? {} : { Transforms: transforms as unknown as RuleTransform[] }),
  }
}

/** The count was right a moment ago: others have been faster. */
function quotaOr(error: unknown, doing: Doing): Refusal {
  const refusal = explain(error, doing)
  if (!/^TooMany(Rules|UniqueTargetGroups|TargetGroups)/.test(errorName(error))) return refusal
  const details = [
    'Others took the last place just now. Close pull requests, run `mode: preview-sweep`, then run again.',
  ]
  return new Refusal({ ...refusal.failure, code: 'QUOTA_EXCEEDED', details }, { cause: error })
}
