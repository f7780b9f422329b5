/**
 * The section of a version in CHANGELOG.md.
 *
 * @throws Error when there is none, or nothing in it
 */
export function notesOf(version: string, changelog: string): string {
  const sections = changelog.split(/^## /m).slice(1)
  const section = sections.find(text => text.split(/\s/, 1)[0] === version)
  const notes = section?.slice(section.indexOf('\n') + 1).trim() ?? ''
  if (notes === '') throw new Error(`CHANGELOG.md has no notes under "## ${version}".`)
  return notes
}

/** `v1` for the newest 1.x.y; undefined for a fix of an older one, which must not take everybody back. */
export function tagToMove(tag: string, tags: readonly string[]): string | undefined {
  const own = numbers(tag)
  if (own === undefined) return undefined
  const newer = tags.map(numbers).some(other => other !== undefined && other[0] === own[0] && compare(other, own) > 0)
  return newer ? undefined : `v${own[0]}`
}

type Numbers = readonly [major: number, minor: number, patch: number]

function numbers(tag: string): Numbers | undefined {
  const [, major, minor, patch] = /^v(\d+)\.(\d+)\.(\d+)$/.exec(tag) ?? []
  return patch === undefined ? undefined : [Number(major), Number(minor), Number(patch)]
}

function compare(a: Numbers, b: Numbers): number {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2]
}
