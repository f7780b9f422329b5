import type { Parts } from '../modes/preview-world.ts'

/** What stands beside production: nothing of it may be there that nobody wants, and nothing of others may be missing. */

const kinds = ['groups', 'rules', 'services', 'revisions'] as const

interface Difference {
  readonly more: readonly string[]
  readonly missing: readonly string[]
}

export function differences(before: Parts, now: Parts): Readonly<Record<(typeof kinds)[number], Difference>> {
  const one = (kind: (typeof kinds)[number]): Difference => ({
    more: now[kind].filter(text => !before[kind].includes(text)),
    missing: before[kind].filter(text => !now[kind].includes(text)),
  })
  return { groups: one('groups'), rules: one('rules'), services: one('services'), revisions: one('revisions') }
}

/** @param after what has taken everything away */
export function problemsOfRest(before: Parts, now: Parts, after: string): readonly string[] {
  const found = differences(before, now)
  return kinds.flatMap(kind => [
    ...found[kind].more.map(text => `after ${after}, of ${kind} there is still ${text}`),
    ...found[kind].missing.map(text => `after ${after}, of ${kind} there is no more ${text}`),
  ])
}

/** One group, one rule, one service and what it runs: and all of it of this preview. */
export function problemsOfOnly(before: Parts, now: Parts, id: string): readonly string[] {
  const found = differences(before, now)
  return kinds.flatMap(kind => {
    const { more, missing } = found[kind]
    const few = kind === 'revisions' ? more.length > 0 : more.length === 1
    return [
      ...(few ? [] : [`beside production there are ${more.length} ${kind}: ${more.join(' ')}`]),
      ...more.filter(text => !text.includes(`-${id}-`)).map(text => `of ${kind} there is a stranger: ${text}`),
      ...missing.map(text => `of ${kind} there is no more ${text}`),
    ]
  })
}
