/** A part of a page, and what it is called when there is no room for it. */
export type Part = readonly [name: string, says: string]

/**
 * As many parts from the beginning on as there is room for: the first screen is never what goes. Empty ones are passed over.
 *
 * @param most bytes of UTF-8 of all of them together
 */
export function fitting(
  parts: readonly Part[],
  most: number,
): { readonly kept: readonly string[]; readonly left: readonly string[] } {
  const there = parts.filter(([, says]) => says !== '')
  let bytes = 0
  const end = there.findIndex(([, says]) => {
    bytes += Buffer.byteLength(says) + 2
    return bytes > most
  })
  const until = end < 0 ? there.length : end
  return { kept: there.slice(0, until).map(([, says]) => says), left: there.slice(until).map(([name]) => name) }
}

/** The line that says so; empty when all had room. */
export function leftOut(left: readonly string[], because: string): string {
  return left.length === 0 ? '' : `**Left out, because ${because}: ${left.join(', ')}.**`
}
