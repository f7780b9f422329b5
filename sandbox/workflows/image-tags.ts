/** What docker/metadata-action makes of those of its rules that the examples use. */

export interface Ref {
  /** Such as `refs/heads/main`. */
  readonly ref: string
  readonly sha: string
  readonly today: Date
}

/** @throws Error at a rule that is not known here */
export function imageTags(images: string, rules: string, where: Ref): readonly string[] {
  return rules
    .split('\n')
    .map(rule => rule.trim())
    .filter(rule => rule !== '')
    .flatMap(rule => tagsOf(rule, where))
    .map(tag => `${images}:${tag}`)
}

function tagsOf(rule: string, where: Ref): readonly string[] {
  const { type, ...given } = Object.fromEntries(rule.split(',').map(pair => pair.split('=', 2)))
  if (given.enable === 'false') return []
  const [, kind = '', name = ''] = /^refs\/(heads|tags)\/(.+)$/.exec(where.ref) ?? []
  const safe = name.replaceAll(/[^A-Za-z0-9._-]/g, '-')
  if (type === 'sha' && given.format === 'long') return [`${given.prefix ?? 'sha-'}${where.sha}`]
  if (type === 'ref' && given.event === 'branch') return kind === 'heads' ? [`${given.prefix ?? ''}${safe}`] : []
  if (type === 'ref' && given.event === 'tag') return kind === 'tags' ? [`${given.prefix ?? ''}${safe}`] : []
  if (type === 'raw' && given.value !== undefined) return [given.value.replace("{{date 'YYYYMMDD'}}", day(where.today))]
  throw new Error(`The rehearsal does not know this rule of docker/metadata-action: ${rule}`)
}

function day(date: Date): string {
  return date.toISOString().slice(0, 10).replaceAll('-', '')
}
