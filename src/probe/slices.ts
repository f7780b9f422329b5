import type { Slices } from '../model/probe.ts'

/** Slices of a count, and versions that are told apart in it: 5 KiB, however long it goes on. */
const most = { slices: 120, versions: 8 }

/** Twice the time between two requests at the usual rate: finer ones would be empty every other time. */
const firstSliceMs = 100

/** How much of the slices around the flip lies before it. */
const leadSlices = 40

/** Answers of versions that came after the eighth, in one count: their name can be no version's. */
const others = ''

/** Answers of each version, and failures, per slice of time. When the slices are used up, two become one. */
export class SliceCounter {
  #startAt: number | undefined
  #sliceMs = firstSliceMs
  #used = 0
  readonly #failed = new Uint32Array(most.slices)
  readonly #byVersion = new Map<string, Uint32Array>()

  /** Where it belongs; slices that would not be there are not made. */
  indexOf(at: number): number {
    this.#startAt ??= at
    // A clock that was set back must not make an index below 0.
    return Math.max(0, Math.floor((at - this.#startAt) / this.#sliceMs))
  }

  isBefore(at: number): boolean {
    return this.#startAt !== undefined && at < this.#startAt
  }

  /** @param version undefined for a failed request */
  add(at: number, version: string | undefined): void {
    while (this.indexOf(at) >= most.slices) this.#pair()
    const index = this.indexOf(at)
    const counts = version === undefined ? this.#failed : this.#countsOf(version)
    counts[index] = (counts[index] ?? 0) + 1
    this.#used = Math.max(this.#used, index + 1)
  }

  /** Forgets the oldest slices, so that `at` comes right after `keep` of them. */
  slide(at: number, keep: number): void {
    const gone = this.indexOf(at) - keep
    if (gone <= 0 || this.#startAt === undefined) return
    for (const counts of this.#all()) {
      counts.copyWithin(0, gone)
      counts.fill(0, Math.max(0, most.slices - gone))
    }
    this.#startAt += gone * this.#sliceMs
    this.#used = Math.max(0, this.#used - gone)
  }

  view(): Slices {
    const used = (counts: Uint32Array) => [...counts.subarray(0, this.#used)]
    return {
      startAt: this.#startAt ?? 0,
      sliceMs: this.#sliceMs,
      versions: [...this.#byVersion].map(([version, counts]) => ({ version, counts: used(counts) })),
      failed: used(this.#failed),
    }
  }

  #countsOf(version: string): Uint32Array {
    const known = this.#byVersion.get(version)
    if (known !== undefined) return known
    if (this.#byVersion.size >= most.versions && version !== others) return this.#countsOf(others)
    const counts = new Uint32Array(most.slices)
    this.#byVersion.set(version, counts)
    return counts
  }

  #pair(): void {
    for (const counts of this.#all()) {
      for (let index = 0; index < most.slices; index++) {
        const [first = 0, second = 0] = counts.subarray(2 * index, 2 * index + 2)
        counts[index] = first + second
      }
    }
    this.#sliceMs *= 2
    this.#used = Math.ceil(this.#used / 2)
  }

  #all(): readonly Uint32Array[] {
    return [this.#failed, ...this.#byVersion.values()]
  }
}

/**
 * What a picture of a switch needs: a rough count of all the time, and a fine one around the first answer of the second version. The
 * fine one begins four seconds before, and ends when versions other than the newest have been silent for half of it.
 */
export class SwitchRecorder {
  readonly #whole = new SliceCounter()
  readonly #flip = new SliceCounter()
  #newest: string | undefined
  #flipped = false
  #ended = false
  #lastOldAt = 0
  readonly #seen = new Set<string>()

  answered(at: number, version: string): void {
    this.#whole.add(at, version)
    if (this.#ended) return
    if (!this.#flipped) this.#flip.slide(at, leadSlices)
    this.#note(at, version)
    if (this.#endsBy(at)) this.#ended = true
    else this.#flip.add(at, version)
  }

  /** @param sentAt whoever had the traffic then has not answered; when that was noticed says nothing of it */
  failed(sentAt: number): void {
    this.#whole.add(sentAt, undefined)
    if (!this.#ended && !this.#flipped) this.#flip.slide(sentAt, leadSlices)
    if (!this.#ended && this.#endsBy(sentAt)) this.#ended = true
    // It may have been sent before all that the fine slices show, or within them although they have ended.
    if (this.#flip.isBefore(sentAt) || (this.#ended && this.#flip.indexOf(sentAt) >= most.slices)) return
    this.#flip.add(sentAt, undefined)
  }

  /** `flip` only when a second version has answered. */
  view(): { readonly slices: Slices; readonly flip?: Slices } {
    return { slices: this.#whole.view(), ...(this.#flipped ? { flip: this.#flip.view() } : {}) }
  }

  #endsBy(at: number): boolean {
    return this.#flip.indexOf(at) >= most.slices && this.#flip.indexOf(this.#lastOldAt) < most.slices / 2
  }

  #note(at: number, version: string): void {
    if (version === this.#newest) return
    if (!this.#seen.has(version)) {
      if (this.#seen.size >= most.versions) return
      this.#flipped = this.#newest !== undefined
      this.#seen.add(version)
      this.#newest = version
    }
    // While a version is the only one, there is no old one; from then on the older ones count, and the flip itself.
    this.#lastOldAt = at
  }
}
