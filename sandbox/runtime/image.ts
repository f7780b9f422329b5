import { createHash } from 'node:crypto'

export interface ImageName {
  /** With registry, without tag and digest. */
  readonly repository: string
  /** `latest` when neither tag nor digest is given. */
  readonly tag: string | undefined
  readonly digest: string | undefined
}

export function parseImage(image: string): ImageName {
  const at = image.indexOf('@')
  const digest = at < 0 ? undefined : image.slice(at + 1)
  const name = at < 0 ? image : image.slice(0, at)
  // A colon before the last slash belongs to the registry's port.
  const colon = name.indexOf(':', name.lastIndexOf('/') + 1)
  const tag = colon < 0 ? (digest === undefined ? 'latest' : undefined) : name.slice(colon + 1)
  return { repository: colon < 0 ? name : name.slice(0, colon), tag, digest }
}

/**
 * The registry of the sandbox: it has every image but those whose tag ends in `-missing`. A digest follows from the
 * name, so that it is the same in every run.
 */
export class ImageRegistry {
  readonly #tags = new Map<string, string>()

  /** `sha256:` and 64 hex digits; undefined when the registry does not have the image. */
  digest(image: string): string | undefined {
    const { repository, tag, digest } = parseImage(image)
    if (tag?.endsWith('-missing')) return undefined
    if (digest !== undefined) return digest
    const made = `sha256:${createHash('sha256').update(`${repository}:${tag}`).digest('hex')}`
    if (tag !== undefined) this.#tags.set(made, tag)
    return made
  }

  /** What the image calls its version: its tag, also when it is named by the digest that the tag was resolved to. */
  version(image: string): string {
    const { tag, digest } = parseImage(image)
    if (tag !== undefined) return tag
    const hex = (digest as string).replace('sha256:', '')
    return this.#tags.get(digest as string) ?? hex.slice(0, 12)
  }
}

/** What ECS says of an image that no registry has. */
export function cannotPull(image: string): string {
  const first = image.split('/')[0] as string
  const hasRegistry = image.includes('/') && /[.:]|^localhost$/.test(first)
  const library = image.includes('/') ? 'docker.io/' : 'docker.io/library/'
  const ref = hasRegistry ? image : library + image
  const why = `failed to resolve ref ${ref}: ${ref}: not found`
  return `CannotPullContainerError: pull image manifest has been retried 1 time(s): ${why}`
}

/** What ECS says of a task whose secrets its execution role may not read. It never gets as far as the image. */
export function cannotReadSecrets(): string {
  const user = 'arn:aws:sts::123456789012:assumed-role/sample-execution/0123456789abcdef'
  const denied = `AccessDeniedException: User: ${user} is not authorized to perform: ssm:GetParameters on resource: arn:aws:ssm:eu-central-1:123456789012:parameter/sample/api-key because no identity-based policy allows the ssm:GetParameters action`
  const why = `execution resource retrieval failed: unable to retrieve secrets from ssm: service call has been retried 1 time(s): ${denied}`
  return `ResourceInitializationError: unable to pull secrets or registry auth: ${why}`
}
