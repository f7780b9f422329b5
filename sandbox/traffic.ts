import { startTraffic, type Traffic, type TrafficReport } from '../src/probe/traffic.ts'
import { type Command, readCommand, UsageError, usage } from './traffic-options.ts'
import { TrafficRecord } from './traffic-record.ts'
import { changeLine, failureLine, progressLine, reportLines } from './traffic-report.ts'
import { wallClock } from './wall-clock.ts'

/** An origin that is down fails every request: the first lines say how, the count says how often. */
const failureLines = 20
/** While old and new answer in turn, thousands of changes say no more than the first ones. */
const flickerLines = 20

const lookMs = 100
const terminalMs = 1_000

/** After the first signal, for requests under way; the second signal does not wait. */
const graceMs = 2_000

async function main(): Promise<number> {
  const command = readCommand(process.argv.slice(2))
  if (command === 'help') {
    process.stdout.write(usage)
    return 0
  }
  const record = openRecord(command.out)
  const screen = new Screen(command)
  let failures = 0
  let flickers = 0
  const traffic = startTraffic(
    {
      ...command.traffic,
      ...(record === undefined ? {} : { record: request => record.add(request) }),
      onFailure: failure => {
        failures++
        if (failures <= failureLines) screen.line(failureLine(failure))
        if (failures === failureLines + 1) screen.line('more failed requests are only counted')
      },
      onVersionChange: change => {
        const flicker = change.kind === 'back' || change.kind === 'again'
        if (flicker && ++flickers > flickerLines) {
          if (flickers === flickerLines + 1) screen.line('more changes to versions already seen are only counted')
          return
        }
        screen.line(changeLine(change))
      },
    },
    wallClock,
  )
  const stopWatching = screen.watch(traffic)
  const stopListening = stopOnSignals(traffic)
  const report = await traffic.ended
  stopListening()
  stopWatching()
  record?.close(command.traffic.url, report)
  screen.end(report)
  return report.failed > command.maxFailed ? 1 : 0
}

function stopOnSignals(traffic: Traffic): () => void {
  let signals = 0
  const stop = () => {
    void traffic.stop(signals++ === 0 ? graceMs : 0)
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  return () => {
    process.off('SIGINT', stop)
    process.off('SIGTERM', stop)
  }
}

/** Lines for people: on a terminal with a last line that is written over, elsewhere with a line now and then. */
class Screen {
  readonly #command: Command
  readonly #stream: NodeJS.WriteStream
  readonly #live: boolean
  /** The count and the time of the latest progress line. */
  #total = 0
  #at = wallClock.now()

  constructor(command: Command) {
    this.#command = command
    this.#stream = command.json ? process.stderr : process.stdout
    this.#live = this.#stream.isTTY === true && !command.quiet
  }

  line(text: string): void {
    if (!this.#command.quiet) this.#stream.write(`${this.#live ? eraseLine : ''}${text}\n`)
  }

  /** Returns what ends it. */
  watch(traffic: Traffic): () => void {
    if (this.#command.quiet) return () => {}
    const timer = setInterval(() => this.#look(traffic), this.#live ? terminalMs : lookMs)
    return () => clearInterval(timer)
  }

  end(report: TrafficReport): void {
    if (this.#live) this.#stream.write(eraseLine)
    if (this.#command.json) process.stdout.write(`${JSON.stringify({ url: this.#command.traffic.url, ...report })}\n`)
    else this.#stream.write(`${reportLines(this.#command.traffic.url, report).join('\n')}\n`)
  }

  #look(traffic: Traffic): void {
    const report = traffic.snapshot()
    const perSecond = ((report.total - this.#total) * 1000) / Math.max(report.endedAt - this.#at, 1)
    const step = perSecond > 5_000 ? 10_000 : 1_000
    if (!this.#live && Math.floor(report.total / step) === Math.floor(this.#total / step)) return
    this.#stream.write(
      this.#live ? `${eraseLine}${progressLine(report, perSecond)}` : `${progressLine(report, perSecond)}\n`,
    )
    this.#total = report.total
    this.#at = report.endedAt
  }
}

const eraseLine = '\r\x1b[K'

function openRecord(path: string | undefined): TrafficRecord | undefined {
  if (path === undefined) return undefined
  try {
    return new TrafficRecord(path)
  } catch (error) {
    throw new UsageError(`--out: ${error instanceof Error ? error.message : String(error)}`)
  }
}

try {
  process.exitCode = await main()
} catch (error) {
  // What node:util says of an option that does not exist.
  const wrongOption = error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS_')
  if (!(error instanceof UsageError) && !wrongOption) throw error
  process.stderr.write(`${(error as Error).message}\nTry --help.\n`)
  process.exitCode = 2
}
