import type { Clock } from '../deploy/clock.ts'
import type { VersionSource } from '../model/probe.ts'
import { Connection, type FailureKind } from './connection.ts'
import { destination } from './destination.ts'
import { Alarm } from './timers.ts'
import { versionReader } from './version.ts'

export type Answer =
  | {
      readonly kind: 'answered'
      /** Any status: judging it is left to the caller. */
      readonly status: number
      /** Undefined when the answer names none. */
      readonly version: string | undefined
      /** As text; of long ones the first 64 KiB. */
      readonly body: string
      /** From the request to the last byte of its answer, connecting included. */
      readonly latencyMs: number
    }
  | { readonly kind: 'failed'; readonly failure: Exclude<FailureKind, 'status'>; readonly message: string }

export interface AskOptions {
  readonly timeoutMs: number
  readonly versionFrom: VersionSource
  /** Ends the request. */
  readonly signal?: AbortSignal
}

/**
 * One GET over a connection of its own. Redirects are not followed.
 * Rejects with the reason of a signal that aborts.
 * @throws TypeError when `url` is not http or https
 */
export async function askOnce(url: string, options: AskOptions, clock: Clock): Promise<Answer> {
  const { timeoutMs, versionFrom, signal } = options
  signal?.throwIfAborted()
  const where = destination(url, 'fresh')
  const readVersion = versionReader(versionFrom)
  const { promise, resolve, reject } = Promise.withResolvers<Answer>()
  const askedAt = clock.now()
  const connection = new Connection(where, {
    answered: (_, answer) =>
      resolve({
        kind: 'answered',
        status: answer.status,
        version: readVersion(answer),
        body: answer.body().toString('utf8'),
        latencyMs: clock.now() - askedAt,
      }),
    failed: (_, kind, message) =>
      // A connection does not judge statuses.
      resolve({ kind: 'failed', failure: kind === 'status' ? 'unparsable' : kind, message }),
  })
  const alarm = new Alarm(() => connection.timeOut(timeoutMs))
  alarm.set(timeoutMs)
  const abort = () => {
    connection.close()
    reject(signal?.reason)
  }
  signal?.addEventListener('abort', abort, { once: true })
  connection.send()
  try {
    return await promise
  } finally {
    alarm.clear()
    signal?.removeEventListener('abort', abort)
  }
}
