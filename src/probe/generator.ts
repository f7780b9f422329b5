import type { Clock } from '../deploy/clock.ts'
import { Connection, type ConnectionOwner, type FailureKind } from './connection.ts'
import { destination } from './destination.ts'
import type { ResponseReader } from './http1.ts'
import { IdleLimits } from './idle-limits.ts'
import { Renewal } from './renewal.ts'
import { Schedule } from './schedule.ts'
import { mostVersions } from './sightings.ts'
import { type FailedRequest, Tally, type TrafficReport } from './tally.ts'
import { Alarm, every } from './timers.ts'
import type { TrafficOptions } from './traffic-options.ts'
import { missingVersion, type ReadVersion, versionReader, versionSourceText } from './version.ts'

/** Nobody listens: to knock again at once would only burn both machines. */
const restMs = 10

/** Looks for timeouts come this often: often enough for a short timeout, and seldom enough to cost nothing. */
function sweepEvery(timeoutMs: number): number {
  return Math.min(Math.max(timeoutMs / 20, 10), 100)
}

/** Sends requests by a schedule over a fixed number of connections, and counts how each of them ends. */
export class Generator implements ConnectionOwner {
  readonly ended: Promise<TrafficReport>
  readonly #options: TrafficOptions
  readonly #clock: Clock
  readonly #tally: Tally
  readonly #readVersion: ReadVersion
  readonly #connections: Connection[]
  readonly #renewal: Renewal | undefined
  readonly #schedule: Schedule
  readonly #idle: Connection[]
  readonly #idleLimits = new IdleLimits<Connection>()
  readonly #alarm = new Alarm(() => this.#pump())
  readonly #endSweep: () => void
  readonly #resolve: (report: TrafficReport) => void
  readonly #mostRequests: number
  /** Requests given to connections; the number of the next one. */
  #sent = 0
  #inFlight = 0
  #stopping = false
  #sweptAt: number
  #sweptLate = false
  #giveUpAt = Number.POSITIVE_INFINITY
  #abandoned = 0
  #unsent = 0
  #report: TrafficReport | undefined

  constructor(options: TrafficOptions, clock: Clock) {
    this.#options = options
    this.#mostRequests = options.requests ?? Number.POSITIVE_INFINITY
    this.#clock = clock
    this.#readVersion = versionReader(options.versionFrom)
    const where = destination(options.url, options.mode)
    this.#connections = Array.from({ length: options.connections }, () => new Connection(where, this))
    this.#idle = [...this.#connections]
    this.#schedule = new Schedule(options.rate, clock.now(), options.durationMs)
    this.#renewal = options.mode === 'renewed' ? new Renewal(this.#connections, this.#schedule.startedAt) : undefined
    this.#tally = new Tally(this.#schedule.startedAt)
    const { promise, resolve } = Promise.withResolvers<TrafficReport>()
    this.ended = promise
    this.#resolve = resolve
    this.#sweptAt = this.#schedule.startedAt
    this.#endSweep = every(sweepEvery(options.timeoutMs), () => this.#sweep())
    this.#pump()
  }

  snapshot(): TrafficReport {
    return this.#report ?? this.#reportAt(this.#clock.now())
  }

  stop(graceMs = Number.POSITIVE_INFINITY): Promise<TrafficReport> {
    const now = this.#clock.now()
    this.#giveUpAt = Math.min(this.#giveUpAt, now + graceMs)
    this.#stopSending(now)
    return this.ended
  }

  answered(connection: Connection, answer: ResponseReader): void {
    const now = this.#clock.now()
    this.#inFlight--
    const { status } = answer
    const latencyMs = now - connection.intendedAt
    const version = isSuccess(status) ? this.#readVersion(answer) : undefined
    this.#idleLimits.answered(connection, answer.header('keep-alive'), now)
    const failure = this.#judge(now, latencyMs, answer, version)
    if (failure !== undefined) this.#count(failure)
    this.#options.record?.({
      at: now,
      latencyMs,
      kind: failure?.kind ?? 'ok',
      status,
      version,
      message: failure?.message,
    })
    this.#free(connection, now)
  }

  failed(connection: Connection, kind: FailureKind, message: string): void {
    const now = this.#clock.now()
    this.#inFlight--
    this.#count({ at: now, kind, message })
    const latencyMs = now - connection.intendedAt
    this.#options.record?.({ at: now, latencyMs, kind, status: undefined, version: undefined, message })
    if (kind === 'refused' && this.#options.rate === 'max') this.#rest(connection, now)
    else this.#free(connection, now)
  }

  /** Counts a good answer; says what is wrong with any other. */
  #judge(at: number, latencyMs: number, answer: ResponseReader, version?: string): FailedRequest | undefined {
    const { status } = answer
    if (!isSuccess(status)) return { at, kind: 'status', status, message: `answered ${status}` }
    if (version === undefined) return this.#unparsable(at, missingVersion(this.#options.versionFrom, answer))
    if (this.#tally.answered(at, latencyMs, version, this.#options.onVersionChange)) return undefined
    return this.#unparsable(at, `more than ${mostVersions} different versions`)
  }

  #unparsable(at: number, what: string): FailedRequest {
    const source = versionSourceText(this.#options.versionFrom)
    return { at, kind: 'unparsable', message: `${what} (looked for ${source})` }
  }

  #count(failure: FailedRequest): void {
    this.#tally.failed(failure)
    this.#options.onFailure?.(failure)
  }

  /** The request of this connection has ended. */
  #free(connection: Connection, now: number): void {
    if (this.#stopping || this.#allSent(now)) {
      this.#idle.push(connection)
      this.#stopSending(now)
    } else if (this.#schedule.flatOut) {
      this.#send(connection, now, now)
    } else {
      this.#idle.push(connection)
      this.#sendDue(now)
    }
  }

  #rest(connection: Connection, now: number): void {
    this.#idle.push(connection)
    if (this.#stopping || this.#allSent(now)) this.#stopSending(now)
    else this.#alarm.set(restMs)
  }

  #allSent(now: number): boolean {
    return now >= this.#schedule.endAt || this.#sent >= this.#mostRequests
  }

  #send(connection: Connection, intendedAt: number, now: number): void {
    this.#renewal?.keepUp(now)
    if (this.#idleLimits.isOver(connection, now)) connection.retire()
    connection.intendedAt = intendedAt
    connection.sentAt = now
    this.#sent++
    this.#inFlight++
    connection.send()
  }

  #pump(): void {
    const now = this.#clock.now()
    if (now >= this.#schedule.endAt) this.#stopSending(now)
    else this.#sendDue(now)
  }

  /** Sends what is due as far as connections are free, and wakes again when the next is due. */
  #sendDue(now: number): void {
    while (this.#idle.length > 0 && this.#sent < this.#mostRequests) {
      const dueAt = this.#schedule.dueAt(this.#sent, now)
      if (dueAt > now) {
        if (dueAt < this.#schedule.endAt) this.#alarm.set(Math.max(1, Math.ceil(dueAt - now)))
        return
      }
      // The one that has been idle for longest: all connections take part, at any rate.
      this.#send(this.#idle.shift() as Connection, dueAt, now)
    }
  }

  /** One look at all connections now and then is cheaper than a timer for each request. */
  #sweep(): void {
    const now = this.#clock.now()
    const { timeoutMs } = this.#options
    // When this process was itself held up, answers may lie unread: they come first, and the next look decides.
    this.#sweptLate = !this.#sweptLate && now - this.#sweptAt > 3 * sweepEvery(timeoutMs)
    this.#sweptAt = now
    for (const connection of this.#connections) {
      const late = connection.busy && now - connection.sentAt >= timeoutMs
      if (late && !this.#sweptLate) connection.timeOut(timeoutMs)
    }
    if (now >= this.#schedule.endAt) this.#stopSending(now)
    if (now >= this.#giveUpAt) this.#giveUp(now)
  }

  #stopSending(now: number): void {
    if (!this.#stopping) {
      // Timers are late: what was due before the end still goes out when a connection is free for it.
      if (!this.#schedule.flatOut) this.#sendDue(now)
      this.#stopping = true
      this.#alarm.clear()
      this.#unsent = Math.max(0, Math.min(this.#schedule.dueBy(now), this.#mostRequests) - this.#sent)
    }
    if (this.#inFlight === 0) this.#finish(now)
    else if (now >= this.#giveUpAt) this.#giveUp(now)
  }

  #giveUp(now: number): void {
    this.#abandoned = this.#inFlight
    this.#inFlight = 0
    this.#finish(now)
  }

  #finish(now: number): void {
    if (this.#report !== undefined) return
    for (const connection of this.#connections) connection.close()
    this.#endSweep()
    this.#report = this.#reportAt(now)
    this.#resolve(this.#report)
    this.#options.onEnd?.(this.#report)
  }

  #reportAt(endedAt: number): TrafficReport {
    return this.#tally.report({
      endedAt,
      unsent: this.#unsent,
      abandoned: this.#abandoned,
      connectionsOpened: this.#connections.reduce((sum, each) => sum + each.opened, 0),
    })
  }
}

function isSuccess(status: number): boolean {
  return status >= 200 && status <= 299
}
