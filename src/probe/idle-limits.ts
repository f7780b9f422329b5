/** Sooner than the server's own time is over: a request that it has not read when it closes is lost. */
const marginMs = 1_000

/**
 * How long servers say that they keep a connection without a request: `Keep-Alive: timeout=5`. Who sends later than that meets a
 * connection that is being closed, and a request that is lost there says nothing about the server's health. Without the hint
 * there is no limit: many servers and load balancers do not give it.
 */
export class IdleLimits<Connection extends object> {
  readonly #until = new WeakMap<Connection, number>()

  /** @param hint what the header `Keep-Alive` of an answer says that has just come */
  answered(connection: Connection, hint: string | undefined, now: number): void {
    const keptMs = hint === undefined ? undefined : limitOf(hint)
    if (keptMs === undefined) this.#until.delete(connection)
    else this.#until.set(connection, now + keptMs)
  }

  /** Whether the connection must not take another request, before one is sent. */
  isOver(connection: Connection, now: number): boolean {
    const until = this.#until.get(connection)
    return until !== undefined && now >= until
  }
}

/** Milliseconds in which a connection can be used; of a second, half of it. */
function limitOf(hint: string): number | undefined {
  const [, seconds] = /(?:^|[,;\s])timeout\s*=\s*"?(\d{1,9})(?!\d)/i.exec(hint) ?? []
  if (seconds === undefined) return undefined
  const keptMs = Number(seconds) * 1_000
  return keptMs - Math.min(marginMs, keptMs / 2)
}
