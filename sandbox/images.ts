import { createHash } from 'node:crypto'
import { parseImage, versionLabel } from '../src/model/image.ts'

/** The image registry of the sandbox: which images there are, and what is wrong with them. */

/** What the last word of a tag asks for, such as `0.0.2-crash`. The sample app plays those that need a program. */
export const troubles = [
  ['crash', 'the process exits with 1'],
  ['oom', 'the process is killed as if it had used too much memory'],
  ['missing', 'the image cannot be pulled'],
  ['nosecret', 'its secrets cannot be read, so no task gets as far as the image'],
  ['nocapacity', 'no task finds a place to run'],
  ['unhealthy', 'runs, and answers health checks with 503'],
  ['404', 'runs, and answers health checks with 404'],
  ['slow', 'listens only after 45 s'],
  ['errors', 'healthy, but every fifth /version answers 500'],
  ['degrades', 'healthy, but /version answers 500 after 500 requests'],
  ['hangs', 'healthy, but every 30th /version is never answered'],
  ['wrong', 'says that it is version 0.0.0'],
] as const

/** How an image behaves; `well` is every one that does not ask for trouble. */
export type Behavior = 'well' | (typeof troubles)[number][0]

export interface ImageRegistry {
  /** `sha256:` and 64 hex digits; undefined when there is no such image. */
  digest(image: string): string | undefined
  /** What the image calls its version: its tag, also when it is named by the digest that the tag was resolved to. */
  version(image: string): string
  behavior(image: string): Behavior
  /** Why no task of this image can start, in the words of ECS; undefined when it can. */
  refusal(image: string): string | undefined
  /** Puts new bits behind a tag. */
  push(image: string): void
}

/** A digest follows from the name and the number of pushes: it is the same in every run. */
export function createImageRegistry(): ImageRegistry {
  const pushes = new Map<string, number>()
  const tags = new Map<string, string>()

  function digest(image: string): string | undefined {
    const name = parseImage(image)
    if (name === undefined || behaviorOf(name.tag ?? '') === 'missing') return undefined
    if (name.digest !== undefined) return name.digest
    const tagged = taggedName(image)
    const bits = createHash('sha256').update(`${tagged}#${pushes.get(tagged) ?? 0}`)
    const made = `sha256:${bits.digest('hex')}`
    tags.set(made, versionLabel(image))
    return made
  }

  function version(image: string): string {
    const name = parseImage(image)
    const pushedAs = name?.tag === undefined ? tags.get(name?.digest ?? '') : undefined
    return pushedAs ?? versionLabel(image)
  }

  const behavior = (image: string) => behaviorOf(version(image))

  return {
    digest,
    version,
    behavior,
    refusal(image) {
      if (behavior(image) === 'nosecret') return cannotReadSecrets()
      return digest(image) === undefined ? cannotPull(image) : undefined
    },
    push(image) {
      const tagged = taggedName(image)
      pushes.set(tagged, (pushes.get(tagged) ?? 0) + 1)
    },
  }
}

/** The trouble that the image's own tag asks for, as everybody can tell who sees its name. */
export function namedBehavior(image: string): Behavior {
  return behaviorOf(versionLabel(image))
}

function behaviorOf(tag: string): Behavior {
  return troubles.find(([word]) => tag.endsWith(`-${word}`))?.[0] ?? 'well'
}

/** `app` and `app:latest` are one. */
function taggedName(image: string): string {
  return `${parseImage(image)?.repository ?? ''}:${versionLabel(image)}`
}

function cannotPull(image: string): string {
  const first = image.split('/')[0] ?? ''
  const hasRegistry = image.includes('/') && /[.:]|^localhost$/.test(first)
  const library = image.includes('/') ? 'docker.io/' : 'docker.io/library/'
  const ref = hasRegistry ? image : library + image
  const why = `failed to resolve ref ${ref}: ${ref}: not found`
  return `CannotPullContainerError: pull image manifest has been retried 1 time(s): ${why}`
}

/** The execution role may not read them. */
function cannotReadSecrets(): string {
  const user = 'arn:aws:sts::123456789012:assumed-role/sample-execution/0123456789abcdef'
  const denied = `AccessDeniedException: User: ${user} is not authorized to perform: ssm:GetParameters on resource: arn:aws:ssm:eu-central-1:123456789012:parameter/sample/api-key because no identity-based policy allows the ssm:GetParameters action`
  const why = `execution resource retrieval failed: unable to retrieve secrets from ssm: service call has been retried 1 time(s): ${denied}`
  return `ResourceInitializationError: unable to pull secrets or registry auth: ${why}`
}
