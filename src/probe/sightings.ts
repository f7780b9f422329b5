import type { SeenVersion } from '../model/probe.ts'

/** An answer named another version than the one before it, in the order in which answers arrived. */
export interface VersionChange {
  /** Milliseconds since the Unix epoch. */
  readonly at: number
  /** `first` of all answers; `new`: not seen before; `back`: older than the one before; `again`: newer, and seen before. */
  readonly kind: 'first' | 'new' | 'back' | 'again'
  /** Undefined for the first. */
  readonly from: string | undefined
  readonly to: string
}

export interface Boundary {
  readonly from: string
  readonly to: string
  /** Milliseconds since the Unix epoch. */
  readonly firstNewAt: number
  readonly lastOldAt: number
  /** From the one to the other; 0 when the old never answered again. */
  readonly mixedMs: number
}

interface Sighting {
  readonly version: string
  readonly order: number
  readonly firstAt: number
  lastAt: number
  count: number
}

/** More are no versions but something that changes by itself, such as a time of day. */
export const mostVersions = 256

/** Which versions answered, and when. "Newer" means: was first seen later. */
export class Sightings {
  readonly #sightings: Sighting[] = []
  #last: Sighting | undefined
  #wentBack = 0

  /** Times that an answer was older than the one that arrived just before it. */
  get wentBack(): number {
    return this.#wentBack
  }

  /** @returns whether that was a change; `too-many` when it would be one version more, and nothing is noted */
  note(version: string, at: number): VersionChange | 'same' | 'too-many' {
    const last = this.#last
    if (last !== undefined && last.version === version) {
      last.count++
      last.lastAt = at
      return 'same'
    }
    let sighting = this.#sightings.find(each => each.version === version)
    const seenBefore = sighting !== undefined
    if (sighting === undefined) {
      if (this.#sightings.length === mostVersions) return 'too-many'
      sighting = { version, order: this.#sightings.length, firstAt: at, lastAt: at, count: 0 }
      this.#sightings.push(sighting)
    }
    sighting.count++
    sighting.lastAt = at
    this.#last = sighting
    const kind = changeKind(last, sighting, seenBefore)
    if (kind === 'back') this.#wentBack++
    return { at, kind, from: last?.version, to: version }
  }

  /** In order of first appearance. */
  versions(): readonly SeenVersion[] {
    return this.#sightings.map(({ version, count, firstAt, lastAt }) => ({ version, count, firstAt, lastAt }))
  }

  /** One for each version that came after another. */
  boundaries(): readonly Boundary[] {
    const boundaries: Boundary[] = []
    let old: Sighting | undefined
    for (const fresh of this.#sightings) {
      if (old !== undefined) {
        const [firstNewAt, lastOldAt] = [fresh.firstAt, old.lastAt]
        const mixedMs = Math.max(0, lastOldAt - firstNewAt)
        boundaries.push({ from: old.version, to: fresh.version, firstNewAt, lastOldAt, mixedMs })
      }
      old = fresh
    }
    return boundaries
  }
}

function changeKind(last: Sighting | undefined, now: Sighting, seenBefore: boolean): VersionChange['kind'] {
  if (last === undefined) return 'first'
  if (!seenBefore) return 'new'
  return now.order < last.order ? 'back' : 'again'
}
