import { createHash } from 'node:crypto'
import type { PreviewOwner } from '../model/preview.ts'
import { digestText, previewName } from '../plan/preview-names.ts'

/**
 * Name of target group, service and family of this preview. Anybody may copy tags: only this name beside them tells that a part is ours.
 *
 * @param service base name of the two colors
 */
export function nameFor(service: string, owner: PreviewOwner): string {
  const digest = createHash('sha256').update(digestText(owner)).digest('hex')
  return previewName(service, owner.id, digest)
}
