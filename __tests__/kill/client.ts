import { wallClock } from '../../sandbox/wall-clock.ts'
import { type EndedRequest, startTraffic } from '../../src/probe/traffic.ts'

/** Requests a second, of all listeners together. The promise is made for 200 and more. */
const rate = 250

/** What customers saw since they were asked last. */
export interface Seen {
  readonly requests: number
  readonly failed: number
  readonly versions: ReadonlySet<string>
  /** The first failed requests in words. */
  readonly failures: readonly string[]
  readonly perSecond: number
}

const failuresKept = 5

const lookMs = 20
/** As long as a request may take. */
const patienceMs = 10_000

/** A customer of every production listener who never stops asking. */
export class Client {
  readonly #traffic: readonly ReturnType<typeof startTraffic>[]
  #requests = 0
  #failed = 0
  #versions = new Set<string>()
  #failures: string[] = []
  #since = performance.now()

  constructor(urls: readonly string[]) {
    this.#traffic = urls.map(url =>
      startTraffic(
        {
          url,
          rate: rate / urls.length,
          connections: 8,
          mode: 'keep-alive',
          timeoutMs: patienceMs,
          versionFrom: { kind: 'json', member: 'version' },
          record: request => this.#record(request),
        },
        wallClock,
      ),
    )
  }

  /** Begins to count anew. */
  take(): Seen {
    const now = performance.now()
    const seen = {
      requests: this.#requests,
      failed: this.#failed,
      versions: this.#versions,
      failures: this.#failures,
      perSecond: (this.#requests * 1_000) / (now - this.#since),
    }
    this.#requests = 0
    this.#failed = 0
    this.#versions = new Set()
    this.#failures = []
    this.#since = now
    return seen
  }

  /** The next requests, so many at least. */
  async next(requests: number): Promise<Seen> {
    const deadline = performance.now() + patienceMs
    while (this.#requests < requests && performance.now() < deadline) {
      await new Promise(resolve => setTimeout(resolve, lookMs))
    }
    return this.take()
  }

  async stop(): Promise<void> {
    await Promise.all(this.#traffic.map(traffic => traffic.stop(0)))
  }

  #record({ kind, version, message, status, at }: EndedRequest): void {
    this.#requests++
    if (version !== undefined) this.#versions.add(version)
    if (kind === 'ok') return
    this.#failed++
    if (this.#failures.length < failuresKept) {
      this.#failures.push(`${new Date(at).toISOString()} ${kind} ${status ?? ''} ${message ?? ''}`)
    }
  }
}
