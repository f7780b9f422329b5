import { counted } from '../model/count.ts'
import type { Failure } from '../model/outcome.ts'
import type { Crowd, PreviewGoal, PreviewStanding } from '../model/preview.ts'

/** So many of the oldest are named: enough to see what to close. */
const named = 5

/**
 * Whether there is room for one more preview. Asked before the first part is made: AWS says no only when the rule is made, and then the
 * target group is there already.
 */
export function noRoom(goal: PreviewGoal, crowd: Crowd): Failure | undefined {
  const { previews, quotas } = crowd
  if (goal.limit !== undefined && previews.length >= goal.limit) {
    return {
      code: 'PREVIEW_LIMIT',
      headline: `${goal.owner.of} has ${counted(previews.length, 'preview')}, and \`preview-limit\` is ${goal.limit}: nothing was made for ${goal.owner.id}.`,
      details: [...oldest(previews), 'Close pull requests, run `mode: preview-sweep`, or raise `preview-limit`.'],
    }
  }
  const full =
    crowd.targetGroups >= quotas.targetGroups
      ? `${crowd.targetGroups} of ${quotas.targetGroups} target groups`
      : crowd.rules >= quotas.rules
        ? `${crowd.rules} of ${quotas.rules} rules`
        : undefined
  if (full === undefined) return undefined
  return {
    code: 'QUOTA_EXCEEDED',
    headline: `The load balancer has ${full}, which is all that AWS allows: nothing was made for ${goal.owner.id}.`,
    details: [
      ...oldest(previews),
      'Close pull requests, run `mode: preview-sweep`, or give previews a load balancer of their own (`preview-listener-arn`). AWS raises the quota of rules on request, that of target groups never.',
    ],
  }
}

function oldest(previews: readonly PreviewStanding[]): readonly string[] {
  if (previews.length === 0) return ['None of them is a preview of this service.']
  const sorted = previews.toSorted((one, two) => (one.createdAt ?? 0) - (two.createdAt ?? 0))
  const lines = sorted.slice(0, named).map(one => `${one.owner.id} (${one.name})`)
  return [`The oldest previews of this service: ${lines.join(', ')}.`]
}
