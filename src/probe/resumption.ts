import { createSecureContext, type SecureContext, type TLSSocket } from 'node:tls'

/** For how long a full handshake is good: then the certificate is looked at again. */
const goodForMs = 1_000

/**
 * What makes many TLS connections to one server cheap: one context for all of them, and the session of the last full handshake, offered
 * again on new connections. A server that takes it shows no certificate, so none is checked: hence only for a second, and not after an
 * error. Sessions that a resumed connection brings are not kept: they would make that second as long as they like.
 */
export class Resumption {
  #context: SecureContext | undefined
  #session: { readonly ticket: Buffer; readonly at: number } | undefined
  readonly #now: () => number

  constructor(now: () => number) {
    this.#now = now
  }

  options(): { readonly secureContext: SecureContext; readonly session?: Buffer } {
    // Not before it is needed: it reads all the certificates that are trusted.
    this.#context ??= createSecureContext()
    const { ticket, at } = this.#session ?? {}
    const good = ticket !== undefined && at !== undefined && this.#now() - at < goodForMs
    return { secureContext: this.#context, ...(good ? { session: ticket } : {}) }
  }

  keepSessionOf(socket: TLSSocket): void {
    socket.on('session', ticket => {
      if (!socket.isSessionReused()) this.#session = { ticket, at: this.#now() }
    })
  }

  forget(): void {
    this.#session = undefined
  }
}
