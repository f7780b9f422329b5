import type { ProbeView } from '../model/probe.ts'

/** Of so many failed requests it is known when they were sent; whoever allows more does not look at one of them. */
const mostKept = 10_000

interface Failed {
  /** When it ended. */
  readonly at: number
  readonly sentAt: number
  readonly kind: string
  readonly status?: number
  readonly message: string
}

/** What is told about failed requests, besides their number. */
export class Failures {
  readonly #by = new Map<string, number>()
  #sentAt: number[] = []
  #last: Failed | undefined

  add(failed: Failed): void {
    this.#last = failed
    this.#by.set(failed.kind, (this.#by.get(failed.kind) ?? 0) + 1)
    this.#sentAt.push(failed.sentAt)
    // Now and then, because each time would be a copy for each of them.
    if (this.#sentAt.length >= 2 * mostKept) this.#sentAt = this.#kept()
  }

  view(): Partial<ProbeView> {
    const last = this.#last
    if (last === undefined) return {}
    return {
      lastFailure: `${last.kind}: ${last.message}`,
      lastFailureAt: last.at,
      ...(last.status === undefined ? {} : { lastStatus: last.status }),
      failedBy: Object.fromEntries(this.#by),
      failedSentAt: this.#kept(),
    }
  }

  /** The first is never forgotten: it says whether requests failed already before a switch. */
  #kept(): number[] {
    const sentAt = this.#sentAt
    return sentAt.length <= mostKept ? [...sentAt] : [...sentAt.slice(0, 1), ...sentAt.slice(1 - mostKept)]
  }
}
