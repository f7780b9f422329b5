import { Refusal } from '../model/outcome.ts'
import type { Described } from '../model/task-definition.ts'

/** What our tags begin with, apart from the notes on target groups, whose names are older. */
export const ownPrefix = 'ecs-bluegreen:'

/** Every part of a preview has it. */
export const previewTag = `${ownPrefix}preview`

/** A registration is no part of what it was made from: with the tags of a preview it would go with the preview. */
export function withoutOwnTags({ definition, tags }: Described): Described {
  return { definition, tags: tags.filter(tag => tag.key?.startsWith(ownPrefix) !== true) }
}

/**
 * For a revision that is to serve in production.
 *
 * @throws Refusal PREVIEW_REVISION when it is that of a preview, and goes when the preview goes
 */
export function checkNoPreview(arn: string, { tags }: Described): void {
  const preview = tags.find(tag => tag.key === previewTag)
  if (preview === undefined) return
  throw new Refusal({
    code: 'PREVIEW_REVISION',
    headline: `${arn} is the revision of the preview ${preview.value ?? ''}: it is deleted together with the preview, and has its settings.`,
    details: ['Deploy its `image` instead: that makes a revision of production.', 'No traffic was moved.'],
  })
}
