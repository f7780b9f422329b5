import { Connection, type ConnectionOwner } from './connection.ts'
import type { Destination } from './destination.ts'

/** So many connections at first, and more while none is free; those go again when they are not needed. */
export class Pool {
  /** Also for who renews them: the same list, whoever comes and goes. */
  readonly connections: readonly Connection[]
  readonly #connections: Connection[]
  readonly #usual: number
  readonly #most: number
  readonly #idle: Connection[]
  readonly #open: () => Connection
  /** Sockets of connections that are gone. */
  #openedBefore = 0

  constructor(where: Destination, owner: ConnectionOwner, usual: number, most: number) {
    this.#usual = usual
    this.#most = Math.max(usual, most)
    this.#open = () => new Connection(where, owner)
    this.#connections = Array.from({ length: usual }, this.#open)
    this.connections = this.#connections
    this.#idle = [...this.#connections]
  }

  get hasFree(): boolean {
    return this.#idle.length > 0 || this.#connections.length < this.#most
  }

  /** Sockets that connected, so far. */
  get opened(): number {
    return this.#connections.reduce((sum, each) => sum + each.opened, this.#openedBefore)
  }

  /** When each request was sent that has not ended. */
  waitingSince(): readonly number[] {
    return this.#connections.filter(({ busy }) => busy).map(({ sentAt }) => sentAt)
  }

  /** The one that has been idle for longest: all connections take part, at any rate. When none is, another one. */
  take(): Connection {
    const idle = this.#idle.shift()
    if (idle !== undefined) return idle
    const added = this.#open()
    this.#connections.push(added)
    return added
  }

  /** One that was taken on beyond the usual number goes when as many as that are free. */
  giveBack(connection: Connection): void {
    if (this.#connections.length <= this.#usual || this.#idle.length < this.#usual) {
      this.#idle.push(connection)
      return
    }
    this.#connections.splice(this.#connections.indexOf(connection), 1)
    this.#openedBefore += connection.opened
    connection.close()
  }

  close(): void {
    for (const connection of this.#connections) connection.close()
  }
}
