/**
 * From one new connection to the next: five a second, at the usual rate each connection within a second. Names, nodes of a load
 * balancer and certificates are looked at that often, and what only new connections meet is met that often. More would cost more than
 * all else about a request: a TLS handshake takes 2 ms of a processor (docs/traffic.md).
 */
const everyMs = 200

interface Retiring {
  retire(): void
}

/** Replaces one connection after the other, so that none becomes old and new ones do not come all at once. */
export class Renewal {
  readonly #connections: readonly Retiring[]
  #turn = 0
  #doneAt: number

  constructor(connections: readonly Retiring[], startedAt: number) {
    this.#connections = connections
    this.#doneAt = startedAt
  }

  /** Retires those whose turn has come, before a request is sent. */
  keepUp(now: number): void {
    // A clock that was set back must not stop it.
    if (now < this.#doneAt) this.#doneAt = now
    const due = Math.floor((now - this.#doneAt) / everyMs)
    this.#doneAt += due * everyMs
    for (let count = Math.min(due, this.#connections.length); count > 0; count--) {
      this.#connections[this.#turn]?.retire()
      this.#turn = (this.#turn + 1) % this.#connections.length
    }
  }
}
