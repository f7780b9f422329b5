import { createHash } from 'node:crypto'

/** How a simulated task behaves; `well` is every image that does not ask for trouble. */
export type Behavior = 'well' | (typeof troubles)[number]

const troubles = [
  'crash',
  'unhealthy',
  '404',
  'missing',
  'nosecret',
  'nocapacity',
  'slow',
  'oom',
  'errors',
  'degrades',
  'wrong',
] as const

/** The trouble that a tag such as `0.0.2-crash` asks for. */
export function behaviorOf(tag: string): Behavior {
  return troubles.find(trouble => tag.endsWith(`-${trouble}`)) ?? 'well'
}

/** The tag of `registry:5000/team/app:0.0.1`; `latest` when there is none. Without digest. */
export function tagOf(image: string): string {
  const colon = image.lastIndexOf(':')
  return colon > image.lastIndexOf('/') ? image.slice(colon + 1) : 'latest'
}

/** The image registry. */
export interface Registry {
  /** The digest of an image; undefined when there is no such image. */
  resolve(image: string): string | undefined
  /** The tag that the bits were pushed under, also for an image that is named by digest alone. */
  tagOf(image: string): string
  /** Puts new bits behind a tag. */
  push(image: string): void
}

/** Tags and their digests: the same tag has the same digest in every run, until somebody pushes over it. */
export function createRegistry(): Registry {
  const pushes = new Map<string, number>()
  const digests = new Map<string, string>()
  const tags = new Map<string, string>()

  return {
    resolve(image: string): string | undefined {
      const at = image.indexOf('@')
      const name = at < 0 ? image : image.slice(0, at)
      if (behaviorOf(tagOf(name)) === 'missing') return undefined
      if (at >= 0) return image.slice(at + 1)
      const known = digests.get(name)
      if (known !== undefined) return known
      const bits = createHash('sha256')
        .update(`${name}#${pushes.get(name) ?? 0}`)
        .digest('hex')
      const digest = `sha256:${bits}`
      digests.set(name, digest)
      tags.set(digest, tagOf(name))
      return digest
    },
    tagOf(image: string): string {
      const at = image.indexOf('@')
      const name = at < 0 ? image : image.slice(0, at)
      if (at < 0 || name.lastIndexOf(':') > name.lastIndexOf('/')) return tagOf(name)
      return tags.get(image.slice(at + 1)) ?? image.slice(at + 1)
    },
    push(image: string): void {
      pushes.set(image, (pushes.get(image) ?? 0) + 1)
      digests.delete(image)
    },
  }
}
