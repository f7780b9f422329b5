import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { certificate } from '../__tests__/probe/localhost-tls.ts'
import type { TrafficReport } from '../src/probe/traffic.ts'
import { type Child, inFolder, ports, runToEnd, startChild, startOrigin } from './children.ts'
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
 * As the action asks `production-url`, at the highest pace that is promised to be cheap, one way after the other: what a name and TLS
 * add, and what a connection for each request costs beside connections that are kept.
 */
export async function probeCost(seconds: number): Promise<readonly Figure[]> {
  const origin = await startProbeOrigin()
  try {
    const figures: Figure[] = []
    for (const [what, url] of origin.ways) {
      for (const mode of ['fresh', 'keep-alive'] as const) {
        const used = await paced(url, mode === 'fresh' ? ['--fresh'] : [], seconds)
        // A connection has its price, whoever opens it; the client's own work is what is promised.
        figures.push({ what: `${what}, ${mode}`, figure: cost(used, seconds), limit: mode === 'fresh' ? '' : '< 5 %' })
      }
    }
    const bare = await bareCost(origin.ways[0][1], seconds)
    return [
      ...figures,
      { what: "http by address, fresh, by Node's bare sockets", figure: cost(bare, seconds), limit: '' },
    ]
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

/** Microseconds of processor time. */
function paced(url: string, more: readonly string[], seconds: number): Promise<number> {
  return inFolder(async folder => {
    const trusted = path.join(folder, 'localhost.pem')
    writeFileSync(trusted, certificate)
    const args = ['sandbox/traffic.ts', url, '--rate', String(rate), '--connections', '20', ...more]
    return usedBy(await startChild(args, { NODE_EXTRA_CA_CERTS: trusted }), seconds)
  })
}

async function bareCost(url: string, seconds: number): Promise<number> {
  return usedBy(await startChild(['bench/bare-probe.ts', url, String(rate)]), seconds)
}

async function usedBy(client: Child, seconds: number): Promise<number> {
  try {
    // Its start, and code that is not compiled yet, are not what a deploy of minutes pays for.
    await sleep(5_000)
    const before = await client.processorTime()
    await sleep(seconds * 1_000)
    return (await client.processorTime()) - before
  } finally {
    await client.stop()
  }
}

/** @param used microseconds, by the program itself and by the system for it */
function cost(used: number, seconds: number): string {
  const requests = rate * seconds
  return `${percent(used / 1e6 / seconds)}, ${(used / 1e3).toFixed(0)} ms, ${(used / requests).toFixed(0)} µs per request`
}

function percent(share = Number.NaN): string {
  return `${(share * 100).toFixed(1)} % of a core`
}

function mb(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`
}
