import type { Clock } from '../deploy/clock.ts'
import type { Connection, ConnectionOwner, FailureKind } from './connection.ts'
import { destination } from './destination.ts'
import type { ResponseReader } from './http1.ts'
import { IdleLimits } from './idle-limits.ts'
import { Pool } from './pool.ts'
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

/**
 * A server that closes an idle connection has done so before the request reaches it, so that is known after the way there and back:
 * 0.3 s around the world. What is lost later was taken by a server that did not answer.
 */
const idleRaceMs = 500

/** Sends requests by a schedule over a number of connections, and counts how each of them ends. */
export class Generator implements ConnectionOwner {
  readonly ended: Promise<TrafficReport>
  readonly #options: TrafficOptions
  readonly #clock: Clock
  readonly #tally: Tally
  readonly #readVersion: ReadVersion
  readonly #pool: Pool
  readonly #renewal: Renewal | undefined
  readonly #schedule: Schedule
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
  #askedAgain = 0
  #report: TrafficReport | undefined

  constructor(options: TrafficOptions, clock: Clock) {
    this.#options = options
    this.#mostRequests = options.requests ?? Number.POSITIVE_INFINITY
    this.#clock = clock
    this.#readVersion = versionReader(options.versionFrom)
    const { connections, mostConnections = connections } = options
    this.#pool = new Pool(destination(options.url, options.mode), this, connections, mostConnections)
    this.#schedule = new Schedule(options.rate, clock.now(), options.durationMs)
    this.#renewal =
      options.mode === 'renewed' ? new Renewal(this.#pool.connections, this.#schedule.startedAt) : undefined
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

  /** Requests that were sent once more, because their connection had been closed while it was idle. */
  get askedAgain(): number {
    return this.#askedAgain
  }

  /** When each request was sent that has not ended. */
  waitingSince(): readonly number[] {
    return this.#pool.waitingSince()
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
    const failure = this.#judge(now, connection, answer, version)
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
    this.#count({ at: now, sentAt: connection.sentAt, kind, message })
    const latencyMs = now - connection.intendedAt
    this.#options.record?.({ at: now, latencyMs, kind, status: undefined, version: undefined, message })
    if (kind === 'refused' && this.#options.rate === 'max') this.#rest(connection, now)
    else this.#free(connection, now)
  }

  asksAgain(connection: Connection): boolean {
    const now = this.#clock.now()
    // Of a process that was held up nobody knows how soon it was: what is new is asked, and tells what is wrong.
    const again = now - connection.sentAt <= idleRaceMs || this.#wasHeldUp(now)
    if (again) this.#askedAgain++
    return again
  }

  /** Counts a good answer; says what is wrong with any other. */
  #judge(at: number, sent: Connection, answer: ResponseReader, version?: string): FailedRequest | undefined {
    const { sentAt, intendedAt } = sent
    const { status } = answer
    if (!isSuccess(status)) return { at, sentAt, kind: 'status', status, message: `answered ${status}` }
    if (version === undefined) return this.#unparsable(at, sentAt, missingVersion(this.#options.versionFrom, answer))
    if (this.#tally.answered(at, at - intendedAt, version, this.#options.onVersionChange)) return undefined
    return this.#unparsable(at, sentAt, `more than ${mostVersions} different versions`)
  }

  #unparsable(at: number, sentAt: number, what: string): FailedRequest {
    const source = versionSourceText(this.#options.versionFrom)
    return { at, sentAt, kind: 'unparsable', message: `${what} (looked for ${source})` }
  }

  #count(failure: FailedRequest): void {
    this.#tally.failed(failure)
    this.#options.onFailure?.(failure)
  }

  /** The request of this connection has ended. */
  #free(connection: Connection, now: number): void {
    if (this.#stopping || this.#allSent(now)) {
      this.#pool.giveBack(connection)
      this.#stopSending(now)
    } else if (this.#schedule.flatOut) {
      this.#send(connection, now, now)
    } else {
      this.#pool.giveBack(connection)
      this.#sendDue(now)
    }
  }

  #rest(connection: Connection, now: number): void {
    this.#pool.giveBack(connection)
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
    while (this.#pool.hasFree && this.#sent < this.#mostRequests) {
      const dueAt = this.#schedule.dueAt(this.#sent, now)
      if (dueAt > now) {
        if (dueAt < this.#schedule.endAt) this.#alarm.set(Math.max(1, Math.ceil(dueAt - now)))
        return
      }
      this.#send(this.#pool.take(), dueAt, now)
    }
  }

  /** One look at all connections now and then is cheaper than a timer for each request. */
  #sweep(): void {
    const now = this.#clock.now()
    const { timeoutMs } = this.#options
    // When this process was itself held up, answers may lie unread: they come first, and the next look decides.
    this.#sweptLate = !this.#sweptLate && this.#isLate(now)
    this.#sweptAt = now
    for (const connection of [...this.#pool.connections]) {
      const late = connection.busy && now - connection.sentAt >= timeoutMs
      if (late && !this.#sweptLate) connection.timeOut(timeoutMs)
    }
    if (now >= this.#schedule.endAt) this.#stopSending(now)
    if (now >= this.#giveUpAt) this.#giveUp(now)
  }

  #isLate(now: number): boolean {
    return now - this.#sweptAt > 3 * sweepEvery(this.#options.timeoutMs)
  }

  #wasHeldUp(now: number): boolean {
    return this.#sweptLate || this.#isLate(now)
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
    this.#pool.close()
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
      connectionsOpened: this.#pool.opened,
    })
  }
}

function isSuccess(status: number): boolean {
  return status >= 200 && status <= 299
}
