import { type LookupAddress, type LookupOptions, lookup } from 'node:dns'
import type { LookupFunction } from 'node:net'

/** An address that goes away, or comes, is noticed after this. */
const goodForMs = 1_000

type Callback = (error: NodeJS.ErrnoException | null, addresses: readonly LookupAddress[]) => void

export type Resolve = (hostname: string, options: LookupOptions & { all: true }, callback: Callback) => void

interface Known {
  readonly at: number
  /** Undefined while the resolver is asked. */
  addresses?: readonly LookupAddress[]
  readonly waiting: Callback[]
}

/**
 * Each connection begins with another address of the host. The resolver may sort them the same way every time, and
 * then only one of a load balancer's nodes would ever be asked. It is asked once a second at most: nodes come and go,
 * but not as often as requests are sent, and asking costs more than a connection.
 */
export class RotatingLookup {
  #turn = 0
  readonly #known = new Map<string, Known>()
  readonly #now: () => number
  readonly #resolve: Resolve

  constructor(now: () => number, resolve: Resolve = lookup) {
    this.#now = now
    this.#resolve = resolve
  }

  /** Whatever failed may have had to do with the address. */
  forget(): void {
    this.#known.clear()
  }

  readonly lookup: LookupFunction = (hostname, options, callback) => {
    this.#addressesOf(hostname, options, (error, addresses) => {
      const first = addresses[this.#turn++ % Math.max(addresses.length, 1)]
      if (error !== null || first === undefined) callback(error ?? new Error(`${hostname} has no address`), [])
      else if (options.all) callback(null, [first, ...addresses.filter(address => address !== first)])
      else callback(null, first.address, first.family)
    })
  }

  #addressesOf(hostname: string, options: LookupOptions, callback: Callback): void {
    const key = JSON.stringify([hostname, options.family ?? 0, options.hints ?? 0])
    const known = this.#known.get(key)
    if (known !== undefined && this.#now() - known.at < goodForMs) {
      const { addresses } = known
      // Never before the caller has returned.
      if (addresses === undefined) known.waiting.push(callback)
      else queueMicrotask(() => callback(null, addresses))
      return
    }
    const asked: Known = { at: this.#now(), waiting: [callback] }
    this.#known.set(key, asked)
    this.#resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error === null) asked.addresses = addresses
      else if (this.#known.get(key) === asked) this.#known.delete(key)
      for (const one of asked.waiting.splice(0)) one(error, error === null ? addresses : [])
    })
  }
}
