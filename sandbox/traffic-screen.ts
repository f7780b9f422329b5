import type { FailedRequest, TrafficReport, VersionChange } from '../src/probe/traffic.ts'
import { Ration } from './traffic-ration.ts'
import { changeAndSummary, count, failureLine, progressLine, reportLines, timeOfDay } from './traffic-report.ts'

/** Requests from one progress line to the next. */
const step = 1_000

const eraseLine = '\r\x1b[K'

export interface ScreenOptions {
  readonly write: (text: string) => void
  /** A terminal: its last line is written over. */
  readonly live: boolean
  /** Only the closing report. */
  readonly quiet: boolean
  readonly startedAt: number
  /** What was seen so far. */
  readonly look: () => TrafficReport
}

/** Lines for people: on a terminal with a last line that is written over, elsewhere with a line each 1,000 requests. */
export class Screen {
  readonly #options: ScreenOptions
  readonly #failures = new Ration((withheld, second) => this.#told(withheld, 'failed requests', second))
  readonly #changes = new Ration((withheld, second) => this.#told(withheld, 'changes of version', second))
  #ended = 0
  /** The count and the time of the latest progress line. */
  #total = 0
  #at: number

  constructor(options: ScreenOptions) {
    this.#options = options
    this.#at = options.startedAt
  }

  failed(failure: FailedRequest): void {
    if (!this.#options.quiet && this.#failures.take(failure.at)) this.#line(failureLine(failure))
  }

  changed(change: VersionChange): void {
    if (this.#options.quiet || !this.#changes.take(change.at)) return
    this.#line(changeAndSummary(change, this.#options.look()))
  }

  /** A request has ended, however it did. */
  ended(): void {
    this.#ended++
    const { live, quiet } = this.#options
    if (!live && !quiet && this.#ended % step === 0) this.#line(this.#progress())
  }

  /** Once a second on a terminal. */
  tick(): void {
    const { live, quiet, write } = this.#options
    if (live && !quiet) write(`${eraseLine}${this.#progress()}`)
  }

  /** @param closing whether the report is for people, and not told elsewhere */
  close(url: string, report: TrafficReport, closing: boolean): void {
    this.#failures.end()
    this.#changes.end()
    const { live, quiet, write } = this.#options
    if (live && !quiet) write(eraseLine)
    if (closing) write(`${reportLines(url, report).join('\n')}\n`)
  }

  #told(withheld: number, what: string, second: number): void {
    this.#line(`${timeOfDay(second).slice(0, 8)} ${what} in this second that have no line: ${count(withheld)}`)
  }

  #line(text: string): void {
    this.#options.write(`${this.#options.live ? eraseLine : ''}${text}\n`)
  }

  #progress(): string {
    const report = this.#options.look()
    const perSecond = ((report.total - this.#total) * 1000) / Math.max(report.endedAt - this.#at, 1)
    this.#total = report.total
    this.#at = report.endedAt
    return progressLine(report, perSecond)
  }
}
