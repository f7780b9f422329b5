import type { PreviewOrigin, PreviewRule, PreviewSeen } from '../model/preview.ts'
import { ruleOf } from '../plan/preview-rule.ts'
import { stepText } from '../plan/preview-text.ts'
import type { PreviewActor, PreviewOrder } from './preview-loop.ts'
import { nameOf } from './revisions.ts'

/** That there is nothing more to foresee: ECS would have to start tasks. */
export class Rehearsed extends Error {}

/** Does every step in the mind only, until the service is made or updated, and says what it was. */
export function previewRehearsal(order: PreviewOrder): {
  readonly act: PreviewActor
  readonly steps: readonly string[]
} {
  const steps: string[] = []
  const { goal, origin, registration } = order
  const act: PreviewActor = async (step, progress, seen) => {
    if (step.kind === 'register') {
      const found = await registration.find()
      const taskDefinition = found ?? `${goal.name}:new`
      steps.push(found === undefined ? stepText(step) : `Use ${nameOf(found)} again`)
      const { image, container } = goal
      const candidate = { at: 0, taskDefinition, registered: found === undefined, container, image }
      return { seen, progress: { ...progress, candidate } }
    }
    steps.push(stepText(step))
    const { group } = seen
    switch (step.kind) {
      case 'create-group':
        return { progress, seen: withGroup(seen, origin, step.name, step.tags) }
      case 'modify-group': {
        const value = group.value && { ...group.value, settings: origin.group.settings }
        return { progress, seen: { ...seen, group: { ...group, value } } }
      }
      case 'modify-attributes': {
        const value = group.value && { ...group.value, attributes: origin.attributes }
        return { progress, seen: { ...seen, group: { ...group, value } } }
      }
      case 'create-rule': {
        const made = ruleOf(step.listener.arn, step.priority, step.place, step.group.arn)
        return { progress, seen: withRules(seen, rules => [...rules, { ...made, arn: 'new', tags: step.tags }]) }
      }
      case 'modify-rule': {
        const { conditions, actions } = ruleOf('', 0, step.place, step.group.arn)
        const change = (rule: PreviewRule) => (rule.arn === step.rule.arn ? { ...rule, conditions, actions } : rule)
        return { progress, seen: withRules(seen, rules => rules.map(change)) }
      }
      case 'delete-rule': {
        const left = (rules: readonly PreviewRule[]) => rules.filter(rule => rule.arn !== step.rule.arn)
        return { progress, seen: withRules({ ...seen, elsewhere: left(seen.elsewhere ?? []) }, left) }
      }
      case 'tag':
        return { seen, progress: { ...progress, taggedAt: 0 } }
      case 'create-service':
      case 'update-service':
        throw new Rehearsed()
      case 'delete-service':
        return { progress, seen: { ...seen, service: { ...seen.service, value: undefined } } }
      case 'delete-group':
      case 'deregister':
      case 'delete-revisions':
        throw new Error(`a preview that is made has no step ${step.kind}`)
      default:
        return step satisfies never
    }
  }
  return { act, steps }
}

function withGroup(
  seen: PreviewSeen,
  origin: PreviewOrigin,
  name: string,
  tags: Readonly<Record<string, string>>,
): PreviewSeen {
  const { settings, view } = origin.group
  const value = { settings, tags, attributes: origin.attributes, view: { ...view, name, arn: 'new' } }
  return { ...seen, group: { ...seen.group, value } }
}

function withRules(seen: PreviewSeen, change: (rules: readonly PreviewRule[]) => readonly PreviewRule[]): PreviewSeen {
  return { ...seen, rules: { ...seen.rules, value: change(seen.rules.value) } }
}
