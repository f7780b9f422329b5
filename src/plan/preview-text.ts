import type { RuleSeen, Settings } from '../model/clone.ts'
import { counted } from '../model/count.ts'
import type { PreviewOrigin, PreviewStep } from '../model/preview.ts'
import { placeText, sendsTo } from './preview-rule.ts'

const whyDeleted = {
  double: ', which another run has made at the same time',
  rival: ': another preview wants the same place, and keeps it',
  shadows: ': a rule of others that comes after it asks for the same requests',
  moved: ': the preview is found at another listener by now',
  destroy: '',
} as const

/** What a step does, for the log and for a plan: a verb, and the object's name. */
export function stepText(step: PreviewStep): string {
  switch (step.kind) {
    case 'create-group':
      return `Make the target group ${step.name}, which checks health like that of production`
    case 'modify-group':
      return `Change the health check of ${step.group.name} to that of production`
    case 'modify-attributes':
      return `Change attributes of ${step.group.name} to those of production: ${Object.keys(step.attributes).join(', ')}`
    case 'create-rule':
      return `Make rule ${step.priority} of ${step.listener.protocol}:${step.listener.port}: ${placeText(step.place)} goes to ${step.group.name}`
    case 'modify-rule':
      return `Change rule ${step.rule.priority}: ${placeText(step.place)} goes to ${step.group.name}`
    case 'delete-rule':
      return `Delete rule ${step.rule.priority}${whyDeleted[step.why]}`
    case 'register':
      return 'Register a revision of the task definition'
    case 'create-service':
      return `Make the service ${step.name} with ${revision(step.taskDefinition)}`
    case 'update-service':
      return `Update ${step.name} to ${revision(step.taskDefinition)} with ${counted(step.desired, 'task')}${step.force ? ', although the revision is the same' : ''}${follows(step.settings)}`
    case 'tag':
      return 'Note in the tags which run this was, and until when the preview stays'
    case 'delete-service':
      return `Delete the service ${step.service.name}`
    case 'delete-group':
      return `Delete the target group ${step.group.name}`
    case 'deregister':
      return `Deregister ${step.arns.map(revision).join(', ')}`
    case 'delete-revisions':
      return `Delete ${step.arns.map(revision).join(', ')}`
    default:
      return step satisfies never
  }
}

function follows(settings: Settings): string {
  const what = Object.keys(settings)
  return what.length === 0 ? '' : `; ${what.join(', ')} like production`
}

function revision(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1)
}

/** What production asks and a preview does not: the client secret of a log-in cannot be read, so its action cannot be copied. */
export function loginText(
  { group, listener, production }: Pick<PreviewOrigin, 'group' | 'listener' | 'production'>,
  rules: readonly RuleSeen[],
): string | undefined {
  const asks = ({ actions }: Pick<RuleSeen, 'actions'>) => actions.some(({ Type }) => Type?.startsWith('authenticate-'))
  const rule = rules.find(one => sendsTo(one, group.view.arn) && asks(one))
  const elsewhere = production.find(asks)
  const who =
    (rule && `Rule ${rule.priority}`) ?? (asks(listener) ? `${listener.protocol}:${listener.port}` : elsewhere?.label)
  if (who === undefined) return undefined
  return `${who} asks production's visitors to log in, and nobody asks those of the preview: whoever knows its URL gets in.`
}
