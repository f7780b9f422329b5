/** An image reference taken apart: `registry/repository:tag@sha256:…`. */
export interface ImageName {
  readonly repository: string
  readonly tag?: string
  readonly digest?: string
}

// The grammar of the distribution project, without its length rules: hosts with ports, lower-case path parts.
const pattern =
  /^((?:[a-zA-Z0-9.-]+(?::[0-9]+)?\/)?[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*)(?::([A-Za-z0-9_][A-Za-z0-9_.-]{0,127}))?(?:@(sha256:[a-f0-9]{64}))?$/

export function parseImage(text: string): ImageName | undefined {
  if (text.length > 1024) return undefined
  const match = pattern.exec(text)
  if (match?.[1] === undefined) return undefined
  return {
    repository: match[1],
    ...(match[2] === undefined ? {} : { tag: match[2] }),
    ...(match[3] === undefined ? {} : { digest: match[3] }),
  }
}

/** What people call this image: its tag, else its digest cut short, else `latest`, which is what a registry assumes. */
export function versionLabel(image: string): string {
  const name = parseImage(image)
  if (name === undefined) return image
  return name.tag ?? name.digest?.slice('sha256:'.length, 'sha256:'.length + 12) ?? 'latest'
}

/** Whether the reference can only ever mean one set of bits. */
export function isPinned(image: string): boolean {
  return parseImage(image)?.digest !== undefined
}

/** Words for what moves: the default, branches, stages, and builds that are made again under one number. */
const movingWords: ReadonlySet<string> = new Set([
  'latest',
  'main',
  'master',
  'dev',
  'develop',
  'staging',
  'stable',
  'edge',
  'nightly',
  'snapshot',
  'prod',
  'production',
])

/**
 * Whether the same text may mean other bits from one day to the next. Asking for such an image again is asking for what it stands for
 * now, so it is never `unchanged`. No registry tells whether a tag has ever been moved, but its shape tells what people mean by it: a
 * version of three numbers and a commit are given once. Without a tag, a registry assumes `latest`; a digest pins.
 */
export function mayMove(image: string): boolean {
  const name = parseImage(image)
  if (name === undefined || name.digest !== undefined) return false
  const tag = name.tag ?? 'latest'
  return !isVersion(tag) && !endsInCommit(tag)
}

/** `1.2.3`, `v1.2.3`, `1.2.3-rc.1`, `1.2.3_build7`; not `1.2`, which stands for the newest of many, nor `1.2.3-SNAPSHOT`. */
function isVersion(tag: string): boolean {
  const rest = /^v?\d+\.\d+\.\d+(?:[-._+](.+))?$/.exec(tag)
  return rest !== null && !(rest[1] ?? '').split(/[-._+]/).some(word => movingWords.has(word.toLowerCase()))
}

/** `0a1b2c3`, `sha-0a1b2c3`, `main-0a1b2c3`: at least seven hex digits. A short one of figures alone may be a date or a counter. */
function endsInCommit(tag: string): boolean {
  const commit = /(?:^|[-._])([0-9a-f]{7,64})$/.exec(tag)?.[1]
  if (commit === undefined) return false
  return commit.length >= 40 || (/\d/.test(commit) && /[a-f]/.test(commit))
}
