import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from '@jest/globals'
import { type EndedRequest, startTraffic, type TrafficReport } from '../../src/probe/traffic.ts'
import { clock, closedPort, closeOrigins, http, type Script, serve, version } from './origin.ts'

const folders: string[] = []

afterEach(async () => {
  await closeOrigins()
  await Promise.all(folders.splice(0).map(folder => rm(folder, { recursive: true })))
})

/** One kind of answer after another: good ones of two versions, and every failure but `refused`. */
const troubled: Script = (socket, index) => {
  switch (index % 5) {
    case 1:
      return socket.write(http(503, '{"version":"9"}'))
    case 2:
      return socket.write(http(200, '{"name":"app"}'))
    case 3:
      return socket.destroy()
    default:
      return socket.write(version(index % 5 === 0 ? 'a' : 'b"2'))
  }
}

describe('each request is told when it ends', () => {
  test('with its kind, status, version and latency', async () => {
    const origin = await serve(troubled)
    const ended: EndedRequest[] = []
    const report = await startTraffic(
      {
        url: origin.url,
        rate: 100,
        connections: 1,
        mode: 'keep-alive',
        timeoutMs: 20_000,
        durationMs: 100,
        versionFrom: { kind: 'json', member: 'version' },
        record: request => ended.push(request),
      },
      clock,
    ).ended
    expect(ended).toHaveLength(report.total)
    expect(ended.slice(0, 5)).toEqual([
      expect.objectContaining({ kind: 'ok', status: 200, version: 'a', message: undefined }),
      expect.objectContaining({ kind: 'status', status: 503, version: undefined, message: 'answered 503' }),
      expect.objectContaining({ kind: 'unparsable', status: 200, version: undefined }),
      expect.objectContaining({ kind: 'reset', status: undefined, version: undefined }),
      expect.objectContaining({ kind: 'ok', status: 200, version: 'b"2' }),
    ])
    for (const { at, latencyMs } of ended) {
      expect(at - latencyMs).toBeGreaterThanOrEqual(report.startedAt - 1)
      expect(at).toBeLessThanOrEqual(report.endedAt)
    }
  })

  test('also when there is nobody to connect to', async () => {
    const ended: EndedRequest[] = []
    const report = await startTraffic(
      {
        url: `http://127.0.0.1:${await closedPort()}/`,
        rate: 100,
        connections: 2,
        mode: 'fresh',
        timeoutMs: 20_000,
        durationMs: 50,
        versionFrom: { kind: 'text' },
        record: request => ended.push(request),
      },
      clock,
    ).ended
    expect(report.total).toBeGreaterThan(0)
    expect(ended.map(request => request.kind)).toEqual(Array.from({ length: report.total }, () => 'refused'))
  })
})

interface CommandEnd {
  readonly exitCode: number | null
  readonly output: string
  readonly errors: string
}

/** The command, as `npm run traffic` starts it. */
async function runCommand(...args: readonly string[]): Promise<CommandEnd> {
  const child = spawn(process.execPath, ['sandbox/traffic.ts', ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  const texts = { output: '', errors: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    texts.output += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    texts.errors += text
  })
  const exitCode = await new Promise<number | null>(resolve => child.once('close', resolve))
  return { exitCode, ...texts }
}

/** How many answers of each version the script above gives. */
function counts(flicker: (index: number) => string): readonly (readonly [string, number])[] {
  const good = Array.from({ length: 3_000 }, (_, index) => index).filter(
    index => index % 500 !== 7 && index % 100 !== 9,
  )
  const old = good.filter(index => flicker(index) === 'old').length
  return [
    ['old', old],
    ['new', good.length - old],
  ]
}

/** Written without a look at how the client counts. */
function recomputed(lines: readonly EndedRequest[]) {
  const good = lines.filter(line => line.kind === 'ok')
  const of = (label: string) => good.filter(line => line.version === label)
  const [old, fresh] = [of('old'), of('new')]
  const [firstNewAt, lastOldAt] = [fresh[0]?.at ?? Number.NaN, old.at(-1)?.at ?? Number.NaN]
  return {
    ok: good.length,
    versions: [old, fresh].map(answers => ({
      version: answers[0]?.version,
      count: answers.length,
      firstAt: answers[0]?.at,
      lastAt: answers.at(-1)?.at,
    })),
    boundaries: [{ from: 'old', to: 'new', firstNewAt, lastOldAt, mixedMs: lastOldAt - firstNewAt }],
    wentBack: good.filter((line, index) => line.version === 'old' && good[index - 1]?.version === 'new').length,
    max: Math.max(...good.map(line => line.latencyMs)),
  }
}

describe('npm run traffic -- --out', () => {
  test('writes a line for each request, and the report as the last', async () => {
    const origin = await serve(troubled)
    const folder = await mkdtemp(join(tmpdir(), 'traffic-record-'))
    folders.push(folder)
    const file = join(folder, 'out.jsonl')
    const options = ['--duration', '0.5s', '--rate', 'max', '--connections', '3', '--out', file, '--json']
    const command = await runCommand(origin.url, ...options)
    expect(command.exitCode).toBe(1)
    const lines = (await readFile(file, 'utf8'))
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line))
    const report: TrafficReport = lines.pop()
    expect(report).toEqual({ event: 'report', ...JSON.parse(command.output) })
    expect(lines).toHaveLength(report.total)
    const byKind = Map.groupBy(lines, line => line.kind)
    expect(byKind.get('ok')).toHaveLength(report.ok)
    for (const kind of ['status', 'reset', 'unparsable'] as const) {
      expect(byKind.get(kind)).toHaveLength(report.failedBy[kind])
    }
    const counted = report.versions.map(({ version: label, count }) => [label, count])
    const written = Map.groupBy(byKind.get('ok') ?? [], line => line.version)
    expect(counted).toEqual(counted.map(([label]) => [label, written.get(label)?.length]))
    expect(byKind.get('status')?.[0]).toEqual({
      at: expect.any(Number),
      latencyMs: expect.any(Number),
      kind: 'status',
      status: 503,
      message: 'answered 503',
    })
  })

  test('says enough to come to every number of the report without it', async () => {
    const flicker = (index: number) => (index < 1_000 || (index < 1_200 && index % 3 === 0) ? 'old' : 'new')
    const origin = await serve((socket, index) => {
      if (index % 500 === 7) return socket.destroy()
      return socket.write(index % 100 === 9 ? http(500, '') : version(flicker(index)))
    })
    const folder = await mkdtemp(join(tmpdir(), 'traffic-record-'))
    folders.push(folder)
    const file = join(folder, 'out.jsonl')
    const options = ['--rate', 'max', '--connections', '4', '--requests', '3000', '--out', file, '--json', '--quiet']
    const command = await runCommand(origin.url, ...options, '--max-failed', '36')
    expect(command).toMatchObject({ exitCode: 0, errors: '' })
    const report: TrafficReport = JSON.parse(command.output)
    const lines = (await readFile(file, 'utf8')).trimEnd().split('\n').slice(0, -1)
    expect(report).toMatchObject({ total: 3_000, ok: 2_964, failed: 36, failedBy: { reset: 6, status: 30 } })
    expect(report.versions.map(({ version: label, count }) => [label, count])).toEqual(counts(flicker))
    expect(recomputed(lines.map(line => JSON.parse(line)))).toEqual({
      ok: report.ok,
      versions: report.versions,
      boundaries: report.boundaries,
      wentBack: report.wentBack,
      max: report.latency.max,
    })
    expect(report.wentBack).toBeGreaterThan(0)
    expect(report.boundaries[0]?.mixedMs).toBeGreaterThan(0)
  })

  test('refuses a file that it cannot write, before it sends anything', async () => {
    const origin = await serve(troubled)
    const command = await runCommand(origin.url, '--duration', '1s', '--out', join(tmpdir(), 'no', 'such', 'folder'))
    expect(command.exitCode).toBe(2)
    expect(command.errors).toContain('--out')
    expect(origin.requests()).toHaveLength(0)
  })
})
