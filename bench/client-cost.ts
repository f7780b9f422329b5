import { readFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import type { TrafficReport } from '../src/probe/traffic.ts'
import { type Child, inFolder, runToEnd, startChild, startOrigin } from './children.ts'
import type { Figure } from './numbers.ts'

const hook = pathToFileURL(path.join(import.meta.dirname, 'peak-memory.js')).href

/** The client with a tenth of the requests, and with all: memory must not grow with them. */
export async function clientMemory(requests: number): Promise<readonly Figure[]> {
  const origin = await startOrigin()
  try {
    const few = await peakOf(origin.url, requests / 10)
    const all = await peakOf(origin.url, requests)
    return [
      { what: `${(requests / 10).toLocaleString('en-US')} requests`, figure: mb(few), limit: '' },
      { what: `${requests.toLocaleString('en-US')} requests`, figure: mb(all), limit: '≤ 200 MB' },
    ]
  } finally {
    await origin.stop()
  }
}

/** In bytes. @throws Error when a request failed, or is not in the file */
function peakOf(url: string, requests: number): Promise<number> {
  return inFolder(async folder => {
    const peak = path.join(folder, 'peak')
    const options = ['--rate', 'max', '--requests', String(requests), '--out', path.join(folder, 'out'), '--json']
    const args = [`--import=${hook}`, 'sandbox/traffic.ts', url, ...options]
    const report = JSON.parse(await runToEnd(args, { PEAK_MEMORY_FILE: peak })) as TrafficReport
    if (report.ok !== requests) throw new Error(`${report.ok} of ${requests} requests were answered`)
    return Number(readFileSync(peak, 'utf8')) * 1024
  })
}

/**
 * As the action asks `production-url`, at the highest pace that is promised to be cheap. Beside it, at the same time, what
 * Node's sockets alone take: where connecting is slow, that is most of it.
 */
export async function probeCost(seconds: number): Promise<readonly Figure[]> {
  const rate = 100
  const origin = await startOrigin()
  const clients: Child[] = []
  try {
    const options = ['--rate', String(rate), '--connections', '20', '--fresh']
    clients.push(await startChild(['sandbox/traffic.ts', origin.url, ...options]))
    clients.push(await startChild(['bench/bare-probe.ts', origin.url, String(rate)]))
    // Their start, and code that is not compiled yet, are not what a deploy of minutes pays for.
    await sleep(5_000)
    const [ours, bare] = await Promise.all(clients.map(client => shareOf(client, seconds)))
    return [
      { what: `${rate} requests/s, for ${seconds} s`, figure: percent(ours), limit: '< 5 %' },
      { what: "  the same by Node's bare sockets, nothing read or counted", figure: percent(bare), limit: '' },
    ]
  } finally {
    for (const client of clients) await client.stop()
    await origin.stop()
  }
}

/** Of one core. */
async function shareOf(client: Child, seconds: number): Promise<number> {
  const [before, startedAt] = [await client.processorTime(), performance.now()]
  await sleep(seconds * 1_000)
  const used = (await client.processorTime()) - before
  return used / 1_000 / (performance.now() - startedAt)
}

function percent(share = Number.NaN): string {
  return `${(share * 100).toFixed(1)} % of a core`
}

function mb(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`
}
