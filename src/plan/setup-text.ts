import { counted } from '../model/count.ts'
import type { SetupStep } from '../model/setup.ts'
import { revisionOf } from './setup.ts'

/** What a step does, for the log and for a plan: a verb, and the object's name. */
export function setupStepText(step: SetupStep): string {
  switch (step.kind) {
    case 'create-group':
      return `Make the target group ${step.name}, with the health check, attributes and tags of ${step.like.name}`
    case 'modify-group':
      return `Change the health check of ${step.group.name} to that of the original`
    case 'modify-attributes':
      return `Change attributes of ${step.group.name} to those of the original: ${Object.keys(step.attributes).join(', ')}`
    case 'attach':
      return `Name ${step.group.name} at ${step.route.label} with weight 0, and nothing else: all of the traffic stays where it is`
    case 'create-test-rule':
      return `Make rule ${step.rule.priority} beside ${step.of.label}: requests with the header ${step.header.name}: ${step.header.value} go to ${step.group.name}`
    case 'delete-test-rule':
      return `Delete rule ${step.rule.priority}, which another run has made at the same time`
    case 'create-service':
      return `Make the service ${step.name} with ${counted(step.desired, 'task')} of ${revisionOf(step.taskDefinition)}`
    default:
      return step satisfies never
  }
}
