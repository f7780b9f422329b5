import {
  type Action,
  AddTagsCommand,
  CreateRuleCommand,
  CreateTargetGroupCommand,
  type CreateTargetGroupCommandInput,
  DeleteRuleCommand,
  DeleteTargetGroupCommand,
  DescribeAccountLimitsCommand,
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  DescribeRulesCommand,
  DescribeTargetGroupAttributesCommand,
  DescribeTargetGroupsCommand,
  type ElasticLoadBalancingV2Client,
  ModifyRuleCommand,
  ModifyTargetGroupAttributesCommand,
  ModifyTargetGroupCommand,
  type RuleTransform,
  type RuleCondition as SdkCondition,
  type Rule as SdkRule,
  type TargetGroup,
} from '@aws-sdk/client-elastic-load-balancing-v2'
import {
  type GroupSeen,
  type NewRule,
  type RuleSeen,
  type Settings,
  standardQuotas,
  type Tags,
} from '../model/clone.ts'
import { Refusal } from '../model/outcome.ts'
import type { RoutingAction } from '../model/routing.ts'
import { groupSettings } from '../plan/clone.ts'
import type { CloneBalancing } from './clone-ports.ts'
import { type Doing, errorName, explain, isThrottled, isTransient } from './errors.ts'
import { targetGroupView } from './views.ts'

/** AddTags takes more, but says nothing about which of them failed; a page of it is a page of DescribeTags. */
const tagsPerCall = 20

/** @param once makes a client that never repeats a call */
export function cloneBalancing(
  elb: ElasticLoadBalancingV2Client,
  once: () => ElasticLoadBalancingV2Client,
  signal: AbortSignal,
): CloneBalancing {
  const options = { abortSignal: signal }

  async function call<T>(doing: Doing, send: () => Promise<T>): Promise<T> {
    try {
      return await send()
    } catch (error) {
      throw explain(error, doing)
    }
  }

  async function groups(input: { readonly Names?: string[] }, doing: Doing): Promise<GroupSeen[]> {
    const found = await pages(async Marker => {
      const page = await call(doing, () => elb.send(new DescribeTargetGroupsCommand({ ...input, ...Marker }), options))
      return { items: page.TargetGroups ?? [], next: page.NextMarker }
    })
    return found.map(groupSeen)
  }

  return {
    async findGroup(name) {
      try {
        return (await groups({ Names: [name] }, describing(`the target group ${name}`, 'TargetGroups')))[0]
      } catch (error) {
        if (isAbsent(error, 'TargetGroupNotFound')) return undefined
        throw error
      }
    },

    allGroups: () => groups({}, describing('all target groups', 'TargetGroups')),

    async describeAllAttributes(TargetGroupArn) {
      const doing = describing(`the attributes of ${TargetGroupArn}`, 'TargetGroupAttributes')
      const command = new DescribeTargetGroupAttributesCommand({ TargetGroupArn })
      const answer = await call(doing, () => elb.send(command, options))
      return Object.fromEntries((answer.Attributes ?? []).map(({ Key = '', Value = '' }) => [Key, Value]))
    },

    async createGroup(Name, settings, tags) {
      const doing = writing(`make the target group ${Name}`, 'CreateTargetGroup', Name)
      // What AWS itself described goes back as it is.
      const input = { ...settings, Name, Tags: tagList(tags) } as CreateTargetGroupCommandInput
      const answer = await call(doing, () => elb.send(new CreateTargetGroupCommand(input)))
      const [made] = answer.TargetGroups ?? []
      if (made === undefined) throw explain(new Error('the answer has no target group'), doing)
      return groupSeen(made)
    },

    async modifyGroup(TargetGroupArn, settings) {
      const doing = writing('change the health check', 'ModifyTargetGroup', TargetGroupArn)
      await call(doing, () => elb.send(new ModifyTargetGroupCommand({ ...settings, TargetGroupArn })))
    },

    async modifyAttributes(TargetGroupArn, attributes) {
      const doing = writing('change the attributes', 'ModifyTargetGroupAttributes', TargetGroupArn)
      const Attributes = tagList(attributes)
      await call(doing, () => elb.send(new ModifyTargetGroupAttributesCommand({ TargetGroupArn, Attributes })))
    },

    async deleteGroup(TargetGroupArn) {
      try {
        await elb.send(new DeleteTargetGroupCommand({ TargetGroupArn }))
        return 'gone'
      } catch (error) {
        if (errorName(error) === 'ResourceInUse') return 'in-use'
        if (errorName(error) === 'TargetGroupNotFound') return 'gone'
        throw explain(error, writing(`delete ${TargetGroupArn}`, 'DeleteTargetGroup', TargetGroupArn))
      }
    },

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

async function pages<T>(
  read: (marker: { readonly Marker?: string }) => Promise<{ items: readonly T[]; next: string | undefined }>,
): Promise<readonly T[]> {
  const all: T[] = []
  let marker: string | undefined
  do {
    const { items, next } = await read(marker === undefined ? {} : { Marker: marker })
    all.push(...items)
    marker = next
  } while (marker !== undefined)
  return all
}

function groupSeen(group: TargetGroup): GroupSeen {
  return { view: targetGroupView(group), settings: groupSettings(group as Settings) }
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

function isAbsent(error: unknown, name: string): boolean {
  return error instanceof Refusal && errorName(error.cause) === name
}

function tagList(tags: Tags): { Key: string; Value: string }[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }))
}

function describing(object: string, things: string): Doing {
  return { what: `describe ${object}`, action: `elasticloadbalancing:Describe${things}`, resource: '*' }
}

function writing(what: string, action: string, resource: string): Doing {
  return { what, action: `elasticloadbalancing:${action}`, resource }
}
