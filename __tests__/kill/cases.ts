import { createHash } from 'node:crypto'

/** One moment at which a run is killed. */
export interface KillCase {
  readonly scenario: string
  /** From 1. */
  readonly call: number
  readonly when: 'before' | 'after'
  /** Which of the runs that may follow does. */
  readonly follower: number
}

/**
 * Every call of every scenario, before and after it was carried out. The scenarios take turns, and each goes through its calls in strides, so that
 * a part of the list has something of everything.
 *
 * @param calls how many calls a run of the scenario makes that nobody kills
 * @param turn which of the runs that may follow is the first one's; another day has another
 */
export function casesOf(
  scenarios: readonly { readonly name: string; readonly calls: number; readonly followers: number }[],
  turn: number,
): readonly KillCase[] {
  const lists = scenarios.map(({ name, calls, followers }) =>
    strided(
      Array.from({ length: calls }, (_, index) => index + 1).flatMap(call =>
        (['before', 'after'] as const).map((when, side) => ({
          scenario: name,
          call,
          when,
          follower: (call + side + turn) % followers,
        })),
      ),
    ),
  )
  const longest = Math.max(0, ...lists.map(list => list.length))
  return Array.from({ length: longest }, (_, index) => lists.flatMap(list => list[index] ?? [])).flat()
}

/** A number that shares no factor with the length: every entry comes once. */
function strided<T>(list: readonly T[]): readonly T[] {
  const { length } = list
  let stride = Math.max(1, Math.round(length * 0.382))
  while (greatestCommonDivisor(stride, length) > 1) stride++
  return list.flatMap((_, index) => list[(index * stride) % length] ?? [])
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b)
}

/** The list from where `seed` says, round to there: who can run only some of it runs others the next time. */
export function rotated<T>(list: readonly T[], seed: string): readonly T[] {
  const start = list.length === 0 ? 0 : hash(seed) % list.length
  return [...list.slice(start), ...list.slice(0, start)]
}

/** Every `of`-th entry, from the `part`-th on; 1/1 is all of them. */
export function partOf<T>(list: readonly T[], part: number, of: number): readonly T[] {
  return list.filter((_, index) => index % of === part - 1)
}

export function hash(text: string): number {
  return createHash('sha256').update(text).digest().readUInt32BE()
}
