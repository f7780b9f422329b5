import { inRange, invalid } from './faults.ts'

/** AWS does not publish its default; a hundred rules plus the default rule then take two pages, as they may there. */
const DEFAULT_PAGE = 100

/** @throws AwsFault for a bad size or marker */
export function page<T>(
  items: readonly T[],
  input: { readonly Marker?: string | undefined; readonly PageSize?: number | undefined },
): { readonly items: readonly T[]; readonly NextMarker?: string } {
  const size = input.PageSize ?? DEFAULT_PAGE
  inRange(size, 1, 400, 'pageSize')
  const start = input.Marker === undefined ? 0 : readMarker(input.Marker)
  const end = start + size
  const shown = items.slice(start, end)
  return end < items.length ? { items: shown, NextMarker: btoa(`from:${end}`) } : { items: shown }
}

function readMarker(marker: string): number {
  const match = /^[A-Za-z0-9+/=]+$/.test(marker) ? /^from:(\d+)$/.exec(decode(marker)) : null
  if (match === null) throw invalid(`The marker '${marker}' is not valid`)
  return Number(match[1])
}

function decode(marker: string): string {
  return Buffer.from(marker, 'base64').toString('latin1')
}
