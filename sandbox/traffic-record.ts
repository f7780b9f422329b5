import { closeSync, openSync, writeSync } from 'node:fs'
import type { EndedRequest, TrafficReport } from '../src/probe/traffic.ts'

/** Lines are gathered: a write for each of 50,000 requests a second would be most of the client's work. */
const batchBytes = 262_144
/** Of one UTF-16 code unit in UTF-8. */
const mostBytes = 3

/** A client that is killed leaves all but its last second. */
const flushMs = 1_000

/**
 * A file with one JSON object a line. Times are not rounded: from them anybody comes to the numbers of the report. Each request
 * when it ends (`at`, `latencyMs`, `kind`, `status`, `version`, `message`; what it has not is left out), and at the end the report (`event` is `report`).
 */
export class TrafficRecord {
  readonly #file: number
  readonly #timer: NodeJS.Timeout
  /** A version as JSON text: a few of them come back thousands of times. */
  readonly #versions = new Map<string, string>()
  readonly #onError: (error: Error) => void
  /** One buffer for all lines: a string that grows outlives many a request, and the heap would grow with the run. */
  readonly #batch = Buffer.allocUnsafeSlow(batchBytes)
  #used = 0
  #broken = false

  /**
   * @param onError hears once that the file cannot be written, because the disk is full for one; nothing is written after that
   * @throws Error when the file cannot be opened for writing; what it had is gone
   */
  constructor(path: string, onError: (error: Error) => void) {
    this.#onError = onError
    this.#file = openSync(path, 'w')
    this.#timer = setInterval(() => this.#flush(), flushMs)
  }

  add(request: EndedRequest): void {
    const { at, latencyMs, kind, status, version, message } = request
    let line = `{"at":${at},"latencyMs":${latencyMs},"kind":"${kind}"`
    if (status !== undefined) line += `,"status":${status}`
    if (version !== undefined) line += `,"version":${this.#quoted(version)}`
    if (message !== undefined) line += `,"message":${JSON.stringify(message)}`
    this.#put(`${line}}\n`)
  }

  close(url: string, report: TrafficReport): void {
    clearInterval(this.#timer)
    this.#put(`${JSON.stringify({ event: 'report', url, ...report })}\n`)
    this.#flush()
    closeSync(this.#file)
  }

  #quoted(version: string): string {
    let quoted = this.#versions.get(version)
    if (quoted === undefined) {
      quoted = JSON.stringify(version)
      this.#versions.set(version, quoted)
    }
    return quoted
  }

  #put(line: string): void {
    if (line.length * mostBytes > batchBytes - this.#used) this.#flush()
    if (line.length * mostBytes > batchBytes) this.#write(Buffer.from(line))
    else this.#used += this.#batch.write(line, this.#used)
  }

  #flush(): void {
    this.#write(this.#batch.subarray(0, this.#used))
    this.#used = 0
  }

  #write(bytes: Uint8Array): void {
    if (this.#broken) return
    let rest = bytes
    try {
      // A write may take less than it is given, on a full pipe for one.
      while (rest.length > 0) rest = rest.subarray(writeSync(this.#file, rest))
    } catch (error) {
      this.#broken = true
      this.#onError(error instanceof Error ? error : new Error(String(error)))
    }
  }
}
