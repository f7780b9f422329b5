import type {
  CreateRuleInput,
  DeleteRuleInput,
  DescribeRulesInput,
  DescribeRulesOutput,
  ModifyRuleInput,
  SetRulePrioritiesInput,
  Rule as ShownRule,
} from '@aws-sdk/client-elastic-load-balancing-v2'
import { readActions } from './actions.ts'
import { readConditions } from './conditions.ts'
import { type Core, listener, rule } from './core.ts'
import { inRange, invalid, refused, required } from './faults.ts'
import { placeIn } from './listeners.ts'
import { page } from './paging.ts'
import { checkTargetGroupQuota, commit } from './references.ts'
import type { Listener, LoadBalancer, Rule } from './state.ts'
import { readTags } from './tags.ts'
import { readTransforms } from './transforms.ts'

const RULES_PER_LOAD_BALANCER = 100

/** Not idempotent: a repeat of the same call meets its own first attempt, as PriorityInUse. */
export function createRule(core: Core, input: CreateRuleInput): DescribeRulesOutput {
  const owner = listener(core, input.ListenerArn)
  const priority = required(input.Priority, 'Priority')
  inRange(priority, 1, 50_000, 'priority')
  const conditions = readConditions(input.Conditions)
  const actions = readActions(input.Actions, placeIn(core, owner.loadBalancer, owner.protocol, []))
  if ([...owner.rules].some(other => other.priority === priority)) throw priorityInUse(priority)
  checkRuleQuota(owner.loadBalancer)
  checkTargetGroupQuota(core, owner.loadBalancer, undefined, actions)
  const made: Rule = {
    kind: 'listener rule',
    arn: core.arns.rule(owner.arn),
    listener: owner,
    priority,
    conditions,
    actions,
    transforms: readTransforms(input.Transforms ?? []),
    tags: readTags(input.Tags),
  }
  owner.rules.add(made)
  core.state.rules.set(made.arn, made)
  commit(core, made, [], actions)
  return { Rules: [show(made)] }
}

/** By priority, the default rule last. */
export function describeRules(core: Core, input: DescribeRulesInput): DescribeRulesOutput {
  const arns = input.RuleArns ?? []
  if (arns.length > 0) {
    if (input.ListenerArn !== undefined) throw invalid('You cannot specify both rule ARNs and a listener ARN')
    return { Rules: arns.map(arn => show(rule(core, arn))) }
  }
  if (input.ListenerArn === undefined) throw invalid('You must specify either listener rule ARNs or a listener ARN')
  const owner = listener(core, input.ListenerArn)
  const sorted = [...owner.rules].toSorted((a, b) => a.priority - b.priority)
  const { items, ...more } = page([...sorted, owner], input)
  return { Rules: items.map(show), ...more }
}

/**
 * What is not given stays; lists are replaced whole. Transforms are taken away by `ResetTransforms` alone: an empty list is as
 * good as none.
 */
export function modifyRule(core: Core, input: ModifyRuleInput): DescribeRulesOutput {
  const found = ownRule(core, input.RuleArn, 'modified')
  const owner = found.listener
  const conditions = input.Conditions === undefined ? found.conditions : readConditions(input.Conditions)
  const before = found.actions
  const actions =
    input.Actions === undefined
      ? before
      : readActions(input.Actions, placeIn(core, owner.loadBalancer, owner.protocol, before))
  const transforms = changedTransforms(found, input)
  checkTargetGroupQuota(core, owner.loadBalancer, found, actions)
  found.conditions = conditions
  found.actions = actions
  found.transforms = transforms
  commit(core, found, before, actions)
  return { Rules: [show(found)] }
}

function changedTransforms(found: Rule, { Transforms = [], ResetTransforms }: ModifyRuleInput): Rule['transforms'] {
  if (Transforms.length > 0 && ResetTransforms !== undefined) {
    throw invalid('You cannot specify both Transforms and ResetTransforms')
  }
  if (ResetTransforms === true) return []
  return Transforms.length === 0 ? found.transforms : readTransforms(Transforms)
}

/** All or nothing: the given rules may swap their priorities with each other. */
export function setRulePriorities(core: Core, input: SetRulePrioritiesInput): DescribeRulesOutput {
  const pairs = required(input.RulePriorities, 'RulePriorities').map(pair => {
    const priority = required(pair.Priority, 'RulePriorities.Priority')
    inRange(priority, 1, 50_000, 'rulePriorities.priority')
    return { found: ownRule(core, pair.RuleArn, 'modified'), priority }
  })
  const moved = new Set(pairs.map(pair => pair.found))
  const owners = new Set(pairs.map(pair => pair.found.listener))
  for (const owner of owners) {
    const taken = new Set([...owner.rules].filter(other => !moved.has(other)).map(other => other.priority))
    for (const { found, priority } of pairs) {
      if (found.listener !== owner) continue
      if (taken.has(priority)) throw priorityInUse(priority)
      taken.add(priority)
    }
  }
  for (const { found, priority } of pairs) found.priority = priority
  for (const owner of owners) core.deliveries.publish(owner)
  return { Rules: pairs.map(({ found }) => show(found)) }
}

export function deleteRule(core: Core, input: DeleteRuleInput): object {
  const found = ownRule(core, input.RuleArn, 'deleted')
  found.listener.rules.delete(found)
  core.state.rules.delete(found.arn)
  commit(core, found, found.actions, [])
  return {}
}

function ownRule(core: Core, arn: string | undefined, done: string): Rule {
  const found = rule(core, arn)
  if (found.kind === 'listener') throw refused('OperationNotPermitted', `Default rule '${arn}' cannot be ${done}`)
  return found
}

function priorityInUse(priority: number): Error {
  return refused('PriorityInUse', `Priority '${priority}' is currently in use`)
}

function checkRuleQuota({ listeners }: LoadBalancer): void {
  const rules = [...listeners].reduce((sum, each) => sum + each.rules.size, 0)
  if (rules >= RULES_PER_LOAD_BALANCER) {
    throw refused('TooManyRules', `The maximum number of rules per load balancer is ${RULES_PER_LOAD_BALANCER}`)
  }
}

/** A copy: what a caller does to it must not reach the nodes. */
function show(found: Rule | Listener): ShownRule {
  if (found.kind === 'listener') {
    return structuredClone({
      RuleArn: found.defaultRuleArn,
      Priority: 'default',
      Conditions: [],
      Actions: [...found.actions],
      IsDefault: true,
    })
  }
  return structuredClone({
    RuleArn: found.arn,
    Priority: String(found.priority),
    Conditions: [...found.conditions],
    Actions: [...found.actions],
    IsDefault: false,
    ...(found.transforms.length === 0 ? {} : { Transforms: [...found.transforms] }),
  })
}
