import { keepHeapSmall } from '../src/heap.ts'
import { startTraffic, type Traffic, type TrafficReport } from '../src/probe/traffic.ts'
import { type Command, readCommand, UsageError, usage } from './traffic-options.ts'
import { TrafficRecord } from './traffic-record.ts'
import { Screen } from './traffic-screen.ts'
import { wallClock } from './wall-clock.ts'

const terminalMs = 1_000

/** After the first signal, for requests under way; the second signal does not wait. */
const graceMs = 2_000

async function main(): Promise<number> {
  const command = readCommand(process.argv.slice(2))
  if (command === 'help') {
    process.stdout.write(usage)
    return 0
  }
  // What is kept does not grow, but V8's young generation would: to 220 MB resident after 4 million requests.
  keepHeapSmall()
  let unwritable: Error | undefined
  const record = openRecord(command.out, error => {
    unwritable = error
    void traffic.stop(0)
  })
  const stream = command.json ? process.stderr : process.stdout
  const screen = new Screen({
    write: text => stream.write(text),
    live: stream.isTTY === true,
    quiet: command.quiet,
    startedAt: wallClock.now(),
    look: () => traffic.snapshot(),
  })
  // Nothing is heard of a request before this function waits: sockets answer later.
  const traffic: Traffic = startTraffic(
    {
      ...command.traffic,
      record: request => {
        record?.add(request)
        screen.ended()
      },
      onFailure: failure => screen.failed(failure),
      onVersionChange: change => screen.changed(change),
    },
    wallClock,
  )
  const timer = setInterval(() => screen.tick(), terminalMs)
  let hurried = false
  const stopNow = () => {
    hurried = true
    void traffic.stop(0)
  }
  const stopListening = stopOnSignals(traffic, stopNow)
  stopWhenNobodyReads(stopNow)
  const report = await traffic.ended
  stopListening()
  clearInterval(timer)
  record?.close(command.traffic.url, report)
  screen.close(command.traffic.url, report, !command.json)
  if (command.json) process.stdout.write(`${JSON.stringify({ url: command.traffic.url, ...report })}\n`)
  return exitCode(command, report, hurried, unwritable)
}

/** @param hurried whether requests were given up at once: then they say nothing about the server */
function exitCode(command: Command, report: TrafficReport, hurried: boolean, unwritable: Error | undefined): number {
  if (unwritable !== undefined) {
    process.stderr.write(`--out: ${unwritable.message}. ${command.out} has not every request.\n`)
    return 2
  }
  const { ok, failed, unsent, abandoned } = report
  const notGood = failed + unsent + (hurried ? 0 : abandoned)
  return ok === 0 || notGood > command.maxFailed ? 1 : 0
}

function stopOnSignals(traffic: Traffic, stopNow: () => void): () => void {
  let signals = 0
  const stop = () => {
    if (signals++ === 0) void traffic.stop(graceMs)
    else stopNow()
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  return () => {
    process.off('SIGINT', stop)
    process.off('SIGTERM', stop)
  }
}

/** As in `npm run traffic -- URL | head`. */
function stopWhenNobodyReads(stopNow: () => void): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error
      stopNow()
    })
  }
}

function openRecord(path: string | undefined, onError: (error: Error) => void): TrafficRecord | undefined {
  if (path === undefined) return undefined
  try {
    return new TrafficRecord(path, onError)
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
