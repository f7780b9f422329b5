import type { Slices } from '../model/probe.ts'

/** Slices that are shown before the first answer of the new version, and after the last of the old one. */
const leastMargin = 10

/**
 * The part of the slices in which a switch took place, with as much again on both sides, and when the new version first answered.
 * It begins early enough for every failure before that, and ends late enough for every one after.
 */
export function switchWindow(flip: Slices): { readonly slices: Slices; readonly zero: number } {
  const fresh = flip.versions.at(-1)
  const first = Math.max(0, fresh?.counts.findIndex(count => count > 0) ?? 0)
  const others = [...flip.versions.slice(0, -1).map(version => version.counts), flip.failed]
  const last = Math.max(first, ...others.map(counts => counts.findLastIndex(count => count > 0)))
  const margin = Math.max(leastMargin, last - first)
  const failedFrom = flip.failed.findIndex(count => count > 0)
  const from = Math.max(0, Math.min(first - margin, failedFrom < 0 ? first : failedFrom))
  const until = Math.min(complete(flip), last + margin + 1)
  return { slices: part(flip, from, until), zero: flip.startAt + first * flip.sliceMs }
}

/** A picture that leaves out failures says how many: a quiet one would be taken for proof that there were none. */
export function failedOutside(shown: Slices, failed: number): string {
  const outside = failed - total(shown.failed)
  return outside > 0 ? `${outside} more failed outside of this picture.` : ''
}

/** With the version that the run was to bring as the last one, in whatever order they answered. */
export function oldThenNew(slices: Slices, fresh: string): Slices {
  const { versions } = slices
  const last = versions.find(({ version }) => version === fresh) ?? versions.at(-1)
  return { ...slices, versions: versions.filter(one => one !== last).concat(last ?? []) }
}

/** Without the last slice, when that may not be whole. */
export function wholeSlices(slices: Slices): Slices {
  return part(slices, 0, complete(slices))
}

/** The last slice may have been cut off by the end of the run: it would look like a dip. A failure in it is shown all the same. */
function complete({ failed }: Slices): number {
  return failed.length > 1 && failed.at(-1) === 0 ? failed.length - 1 : failed.length
}

function part(slices: Slices, from: number, until: number): Slices {
  return mapped({ ...slices, startAt: slices.startAt + from * slices.sliceMs }, counts => counts.slice(from, until))
}

/**
 * So many slices in one. The first ones that would not fill one are left out: a slice that is not whole looks like a dip. With a failure
 * in them they are one all the same.
 */
export function merged(slices: Slices, factor: number): Slices {
  if (factor <= 1) return slices
  const { length } = slices.failed
  const rest = length % factor
  const from = rest > 0 && total(slices.failed.slice(0, rest)) > 0 ? rest - factor : rest
  const sums = (counts: readonly number[]) =>
    Array.from({ length: (length - from) / factor }, (_, index) =>
      total(counts.slice(Math.max(0, from + index * factor), from + (index + 1) * factor)),
    )
  const { startAt, sliceMs } = slices
  return mapped({ ...slices, startAt: startAt + from * sliceMs, sliceMs: sliceMs * factor }, sums)
}

function total(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0)
}

function mapped(slices: Slices, change: (counts: readonly number[]) => readonly number[]): Slices {
  return {
    ...slices,
    versions: slices.versions.map(({ version, counts }) => ({ version, counts: change(counts) })),
    failed: change(slices.failed),
  }
}
