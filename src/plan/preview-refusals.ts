import type { PreviewDecision, PreviewGoal, PreviewSeen } from '../model/preview.ts'
import { finish } from './preview-decisions.ts'
import { isOwn, tagKeys } from './preview-names.ts'
import { namesPlace, placeText, sendsTo } from './preview-rule.ts'

/** Nothing without our tags is changed, whatever it is called. */
export function refusedParts({ name, owner }: Pick<PreviewGoal, 'name' | 'owner'>, seen: PreviewSeen) {
  const service = seen.service.value
  const strange = [
    ...(seen.group.value !== undefined && !isOwn(seen.group.value.tags, owner)
      ? [`the target group ${seen.group.value.view.arn}`]
      : []),
    ...(service !== undefined && service.view.status !== 'INACTIVE' && !isOwn(service.tags, owner)
      ? [`the service ${service.view.arn}`]
      : []),
  ]
  if (strange.length === 0) return undefined
  return finish(
    'PREVIEW_NAME_TAKEN',
    `${name} is the name of this preview's parts, but ${strange.join(' and ')} has not its tags: it is somebody else's, and stays as it is.`,
    `It must have the tags ${tagKeys.preview} (${owner.id}), ${tagKeys.repository} and ${tagKeys.of}. Rename or delete it, or set \`preview-id\`.`,
  )
}

export function refusedPlace(goal: PreviewGoal, seen: PreviewSeen): PreviewDecision | undefined {
  const group = seen.group.value?.view.arn
  const other = seen.rules.value.find(
    rule => !(group !== undefined && sendsTo(rule, group)) && namesPlace(rule, goal.place),
  )
  if (other === undefined) return undefined
  return finish(
    'PREVIEW_SHADOWS',
    `Rule ${other.priority} already gets requests for ${placeText(goal.place)}: a rule of the preview would take some of them away, or get none.`,
    'Set `preview-domain`, `preview-path` or `preview-header` to what no other rule asks for, wildcards included; or give previews a listener of their own (`preview-listener-arn`).',
    other.arn,
  )
}
