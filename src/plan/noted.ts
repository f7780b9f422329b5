import { parseImage, versionLabel } from '../model/image.ts'
import type { RunningVersion } from '../model/progress.ts'

/**
 * What an image is called and which bits it stood for. The tags of its target group are notes, written by the deploy that
 * put it there: they are believed only when they were written for this very image.
 */
export function noted(image: string, tags: Readonly<Record<string, string>> = {}): RunningVersion {
  const believed: Readonly<Record<string, string>> = tags.Image === image ? tags : {}
  const digest = parseImage(image)?.digest ?? believed.Digest
  return { image, version: believed.Version ?? versionLabel(image), ...(digest === undefined ? {} : { digest }) }
}

/** The tags that `noted` reads again. */
export function notesOf(running: RunningVersion): Readonly<Record<string, string>> {
  const { image, version, digest } = running
  return { Image: image, Version: version, ...(digest === undefined ? {} : { Digest: digest }) }
}
