import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { certificate } from '../__tests__/probe/localhost-tls.ts'
import type { TrafficReport } from '../src/probe/traffic.ts'
import { inFolder, ports, runToEnd, startChild, startOrigin } from './children.ts'
import { type Figure, median } from './numbers.ts'

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
 * At the highest pace that is promised to be cheap, one way after the other: as the action asks `production-url`, and what a connection
 * for each request would cost instead.
 */
export async function probeCost(seconds: number): Promise<readonly Figure[]> {
  const origin = await startProbeOrigin()
  try {
    const figures: Figure[] = []
    for (const [what, url] of origin.ways) {
      const action = ['bench/paced-probe.ts', url, String(rate)]
      figures.push({ what: `${what}, as the action asks`, figure: cost(await usedBy(action, seconds)), limit: '< 5 %' })
      const fresh = ['sandbox/traffic.ts', url, '--rate', String(rate), '--connections', '20', '--fresh']
      figures.push({ what: `${what}, npm run traffic --fresh`, figure: cost(await usedBy(fresh, seconds)), limit: '' })
    }
    const bare = ['bench/bare-probe.ts', origin.ways[0][1], String(rate)]
    const what = "http by address, fresh, by Node's bare sockets"
    return [...figures, { what, figure: cost(await usedBy(bare, seconds)), limit: '' }]
  } finally {
    await origin.stop()
  }
}

const rate = 100

async function startProbeOrigin() {
  const [http, https] = [await ports.choose(), await ports.choose()]
  const child = await startChild(['bench/probe-origin.ts'], { HTTP_PORT: String(http), HTTPS_PORT: String(https) })
  const ways = [
    ['http by address', `http://127.0.0.1:${http}/version`],
    ['http by name', `http://localhost:${http}/version`],
    ['https by name', `https://localhost:${https}/version`],
  ] as const
  return { ways, stop: () => child.stop() }
}

/** Parts of the time, of which the median counts: another program may have the machine for a while. */
const parts = 5

/** Microseconds of processor time in a second, of the program itself and of the system for it. */
function usedBy(args: readonly string[], seconds: number): Promise<number> {
  return inFolder(async folder => {
    const trusted = path.join(folder, 'localhost.pem')
    writeFileSync(trusted, certificate)
    const client = await startChild(args, { NODE_EXTRA_CA_CERTS: trusted })
    try {
      // Its start, and code that is not compiled yet, are not what a deploy of minutes pays for.
      await sleep(5_000)
      const used: number[] = []
      let before = await client.processorTime()
      for (let part = 0; part < parts; part++) {
        await sleep((seconds * 1_000) / parts)
        const now = await client.processorTime()
        used.push(((now - before) * parts) / seconds)
        before = now
      }
      return median(used)
    } finally {
      await client.stop()
    }
  })
}

/** @param used microseconds in a second */
function cost(used: number): string {
  return `${percent(used / 1e6)}, ${(used / rate).toFixed(0)} µs per request`
}

function percent(share = Number.NaN): string {
  return `${(share * 100).toFixed(1)} % of a core`
}

function mb(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`
}
