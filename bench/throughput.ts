import path from 'node:path'
import { FreePorts } from '../sandbox/runtime/free-port.ts'
import type { SandboxDescription } from '../sandbox/sandbox.ts'
import type { TrafficReport } from '../src/probe/traffic.ts'
import { type Child, inFolder, runToEnd, startChild, startOrigin } from './children.ts'
import { type Figure, median } from './numbers.ts'

/** As many as autocannon's own examples use, and as our client has by default. */
const connections = '16'

export interface Load {
  readonly seconds: number
  readonly rounds: number
}

/** Our client and autocannon in turn on the same origin: client and origin have a process each. */
export async function clientThroughput({ seconds, rounds }: Load): Promise<readonly Figure[]> {
  const origin = await startOrigin()
  try {
    await autocannon(origin.url, 1)
    const theirs: number[] = []
    const ours: number[] = []
    const written: number[] = []
    for (let round = 0; round < rounds; round++) {
      theirs.push(await autocannon(origin.url, seconds))
      ours.push(await traffic(origin.url, seconds))
      written.push(await inFolder(folder => traffic(origin.url, seconds, ['--out', path.join(folder, 'requests')])))
    }
    const ratios = (rates: readonly number[]) => rates.map((rate, round) => rate / (theirs[round] as number))
    const of = `median of ${rounds}, ${seconds} s each`
    return [
      { what: `autocannon (${of})`, figure: perSecond(theirs), limit: '' },
      { what: 'npm run traffic: every answer read, counted, its version told', figure: perSecond(ours), limit: '' },
      { what: '  ratio of the medians', figure: (median(ours) / median(theirs)).toFixed(2), limit: '≥ 0.9' },
      { what: '  median of the ratios, pair by pair', figure: median(ratios(ours)).toFixed(2), limit: '≥ 0.9' },
      { what: 'the same with --out: every answer also in a file', figure: perSecond(written), limit: '' },
      { what: '  ratio of the medians', figure: (median(written) / median(theirs)).toFixed(2), limit: '≥ 0.9' },
      { what: '  median of the ratios, pair by pair', figure: median(ratios(written)).toFixed(2), limit: '≥ 0.9' },
    ]
  } finally {
    await origin.stop()
  }
}

/** Through the sandbox's load balancer to two tasks, beside a plain proxy in front of two processes of the same app. */
export async function dataPlaneThroughput(load: Load): Promise<readonly Figure[]> {
  const stops: (() => Promise<void>)[] = []
  try {
    const sandbox = await startChild(['sandbox/main.ts', '--json'])
    stops.push(sandbox.stop)
    const origins = [await startOrigin(), await startOrigin()]
    stops.push(...origins.map(origin => origin.stop))
    const proxy = await startChild(['bench/plain-proxy.ts'], {
      PORT: String(await new FreePorts().choose()),
      TARGET_PORTS: origins.map(origin => origin.port).join(),
    })
    stops.push(proxy.stop)
    return await compareProxies(sandbox, `${proxy.firstLine}/version`, load)
  } finally {
    for (const stop of stops.reverse()) await stop()
  }
}

async function compareProxies(sandbox: Child, proxied: string, { seconds, rounds }: Load): Promise<readonly Figure[]> {
  const { productionUrl } = JSON.parse(sandbox.firstLine) as SandboxDescription
  const balanced = `${productionUrl}/version`
  for (const url of [balanced, proxied]) await autocannon(url, 1)
  const plain: number[] = []
  const theirs: number[] = []
  const ours: number[] = []
  const costs: number[] = []
  for (let round = 0; round < rounds; round++) {
    plain.push(await autocannon(proxied, seconds))
    theirs.push(await autocannon(balanced, seconds))
    const usedBefore = await sandbox.processorTime()
    const rate = await traffic(balanced, seconds)
    ours.push(rate)
    costs.push(((await sandbox.processorTime()) - usedBefore) / (rate * seconds))
  }
  const ratio = median(theirs.map((rate, round) => rate / (plain[round] as number)))
  const of = `median of ${rounds}, ${seconds} s each`
  // Clients and tasks share the processors with it: what it needs for itself says more than what was left for it.
  return [
    { what: `plain node:http proxy, autocannon (${of})`, figure: perSecond(plain), limit: '' },
    { what: "the sandbox's load balancer, autocannon", figure: perSecond(theirs), limit: '≥ 12,000/s' },
    { what: "the sandbox's load balancer, npm run traffic", figure: perSecond(ours), limit: '≥ 12,000/s' },
    { what: '  times the plain proxy (autocannon), median pair by pair', figure: ratio.toFixed(2), limit: '' },
    { what: '  processor time of its own for a request', figure: `${median(costs).toFixed(0)} µs`, limit: '' },
    { what: '  so with a processor for itself it carries', figure: perSecond([1e6 / median(costs)]), limit: '' },
  ]
}

function perSecond(rates: readonly number[]): string {
  return `${Math.round(median(rates)).toLocaleString('en-US')}/s`
}

/** Requests per second that were answered well. @throws Error when one was not: the rate would mean nothing */
async function autocannon(url: string, seconds: number): Promise<number> {
  const args = ['node_modules/autocannon/autocannon.js', '-c', connections, '-d', String(seconds), '--json', url]
  const result = JSON.parse(await runToEnd(args)) as {
    readonly '2xx': number
    readonly non2xx: number
    readonly errors: number
    /** Seconds. */
    readonly duration: number
  }
  if (result.non2xx + result.errors > 0) {
    throw new Error(`autocannon at ${url}: ${result.non2xx} answers were not 2xx, ${result.errors} errors`)
  }
  return result['2xx'] / result.duration
}

/** Requests per second that were answered well; the client itself exits with 1 when one was not. */
async function traffic(url: string, seconds: number, more: readonly string[] = []): Promise<number> {
  const options = ['--rate', 'max', '--connections', connections, '--duration', `${seconds}s`, '--json', '--quiet']
  const report = JSON.parse(await runToEnd(['sandbox/traffic.ts', url, ...options, ...more])) as TrafficReport
  return (report.ok * 1000) / (report.endedAt - report.startedAt)
}
