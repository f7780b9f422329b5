import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, test } from '@jest/globals'
import { clock, closeOrigins, http, type Script, serve, version } from './origin.ts'

const client = fileURLToPath(new URL('../../sandbox/traffic.ts', import.meta.url))

afterEach(closeOrigins)

interface Ended {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

async function traffic(args: readonly string[], during?: (child: ChildProcess) => Promise<void>): Promise<Ended> {
  const child = spawn(process.execPath, [client, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  let out = ''
  let err = ''
  child.stdout.on('data', chunk => {
    out += chunk
  })
  child.stderr.on('data', chunk => {
    err += chunk
  })
  const closed = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', resolve)
  })
  await during?.(child)
  return { code: await closed, out, err }
}

const flip: Script = (socket, index) => socket.write(version(index < 20 ? '0.0.1' : '0.0.2'))
const oneFails: Script = (socket, index) => socket.write(index === 3 ? http(502, '') : version('0.0.1'))

/** Its lines without what differs from run to run. */
function generalized(out: string, url: string): readonly string[] {
  return out
    .trimEnd()
    .replaceAll(url, 'URL')
    .replace(/\d\d:\d\d:\d\d\.\d{3}/g, 'TIME')
    .replace(/[\d,.]+(?=\/s| ms| s )/g, 'N')
    .split('\n')
}

describe('the traffic client', () => {
  test('prints changes as they come, and what it saw at the end', async () => {
    const origin = await serve(flip)
    const { code, out, err } = await traffic([
      ...[origin.url, '--rate', 'max', '--connections', '1', '--requests', '2500'],
    ])
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(generalized(out, origin.url)).toEqual([
      'TIME version 0.0.1 answers (1 request, 0 failed, N/s, p99 N ms; answers: 0.0.1 1)',
      'TIME version 0.0.1 -> 0.0.2 (21 requests, 0 failed, N/s, p99 N ms; answers: 0.0.1 20, 0.0.2 1)',
      '1,000 requests, 0 failed, N/s, p99 N ms, version 0.0.2',
      '2,000 requests, 0 failed, N/s, p99 N ms, version 0.0.2',
      'URL: 2,500 requests in N s (N/s), 0 failed',
      '  failed       refused 0, reset 0, timeout 0, status 0, unparsable 0',
      '  latency      p50 N ms, p95 N ms, p99 N ms, max N ms',
      '  connections  1 opened',
      '  version      0.0.1: 20 answers, TIME to TIME',
      '  version      0.0.2: 2,480 answers, TIME to TIME',
      '  boundary     0.0.1 -> 0.0.2: first new TIME, last old TIME, both answered for N ms',
      '  went back    0 times to an older version',
    ])
    expect(origin.requests()).toHaveLength(2_500)
  })

  test('prints a line for each failed request and for each change', async () => {
    const origin = await serve((socket, index) =>
      socket.write(index % 2 === 1 ? http(502, '') : version(index % 4 === 0 ? 'a' : 'b')),
    )
    const { code, out } = await traffic([...[origin.url, '--rate', 'max', '--connections', '1', '--requests', '200']])
    expect(code).toBe(1)
    const lines = generalized(out, origin.url)
    expect(lines.filter(line => line === 'TIME failed: status: answered 502')).toHaveLength(100)
    expect(lines).toContain('URL: 200 requests in N s (N/s), 100 failed')
    expect(lines).toContain('  failed       refused 0, reset 0, timeout 0, status 100, unparsable 0')
    expect(lines.filter(line => line.includes(': back to the older one ('))).toHaveLength(49)
    expect(lines.filter(line => line.includes(': again ('))).toHaveLength(49)
    expect(lines).toContain(
      'TIME version b -> a: back to the older one (5 requests, 2 failed, N/s, p99 N ms, went back once; answers: a 2, b 1)',
    )
    expect(lines).toContain('  went back    49 times to an older version')
  })

  test('a failed request is exit code 1', async () => {
    const origin = await serve(oneFails)
    const { code, out, err } = await traffic([origin.url, '--rate', '50', '--duration', '0.4s', '--json'])
    expect(code).toBe(1)
    expect(err).toMatch(/failed: status: answered 502/)
    const report = JSON.parse(out)
    expect(report).toMatchObject({ url: origin.url, failed: 1, ok: report.total - 1, failedBy: { status: 1 } })
    expect(report.total).toBe(origin.requests().length)
  })

  test('as many failures as allowed are exit code 0', async () => {
    const origin = await serve(oneFails)
    const { code, out } = await traffic([
      origin.url,
      '--rate',
      '50',
      '--duration',
      '0.4s',
      '--max-failed',
      '1',
      // More than are ever due at once, however long this machine holds the client up.
      '--connections',
      '50',
      '--quiet',
    ])
    expect(code).toBe(0)
    expect(out.split('\n')[0]).toMatch(/requests in .* 1 failed$/)
  })

  test.each(['SIGINT', 'SIGTERM'] as const)('%s ends it with the report', async signal => {
    const origin = await serve((socket, index) => socket.write(version(`v${index % 2}`)))
    const { code, out } = await traffic(
      [origin.url, '--rate', '100', '--fresh', '--connections', '100', '--json'],
      async child => {
        while (origin.requests().length < 10 && child.exitCode === null) await clock.sleep(5)
        child.kill(signal)
      },
    )
    expect(code).toBe(0)
    const report = JSON.parse(out)
    expect(report).toMatchObject({ failed: 0, total: origin.requests().length, connectionsOpened: report.total })
  })

  test.each(['SIGINT', 'SIGTERM'] as const)('%s ends it with every number for people', async signal => {
    // A flicker, and a request of each fate that an answer can have.
    const origin = await serve((socket, index) => {
      if (index === 3) return socket.destroy()
      return socket.write(index === 5 ? http(502, '') : version(index < 10 || index === 12 ? '0.0.1' : '0.0.2'))
    })
    const { code, out } = await traffic([origin.url, '--rate', '200', '--connections', '1'], async child => {
      while (origin.requests().length < 30 && child.exitCode === null) await clock.sleep(5)
      child.kill(signal)
    })
    expect(code).toBe(1)
    const total = origin.requests().length
    const closing = generalized(out, origin.url)
    expect(closing.slice(closing.findIndex(line => line.startsWith('URL: ')))).toEqual([
      `URL: ${total} requests in N s (N/s), 2 failed`,
      '  failed       refused 0, reset 1, timeout 0, status 1, unparsable 0',
      '  last failure status: answered 502',
      '  latency      p50 N ms, p95 N ms, p99 N ms, max N ms',
      '  connections  2 opened',
      '  version      0.0.1: 9 answers, TIME to TIME',
      `  version      0.0.2: ${total - 11} answers, TIME to TIME`,
      '  boundary     0.0.1 -> 0.0.2: first new TIME, last old TIME, both answered for N ms',
      '  went back    once to an older version',
    ])
  })

  /** Hangs from this request on, and is stopped by these signals. */
  async function hanging(from: number, signals: readonly NodeJS.Signals[], args: readonly string[] = []) {
    const origin = await serve((socket, index) => (index < from ? socket.write(version('1')) : undefined))
    return traffic([origin.url, '--rate', 'max', '--connections', '1', ...args], async child => {
      while (origin.requests().length <= from && child.exitCode === null) await clock.sleep(5)
      for (const signal of signals) child.kill(signal)
    })
  }

  test('a request that hangs is waited for after a signal, and given up at the second, which says nothing', async () => {
    const { code, out } = await hanging(3, ['SIGINT', 'SIGTERM'], ['--json'])
    expect(code).toBe(0)
    expect(JSON.parse(out)).toMatchObject({ total: 3, failed: 0, abandoned: 1 })
  })

  test.each([
    ['0', 1],
    ['1', 0],
  ])(
    'a request that hangs is given up two seconds after one signal, and with --max-failed %s exit code %d',
    async (most, expected) => {
      const { code, out } = await hanging(3, ['SIGINT'], ['--json', '--max-failed', most])
      expect(code).toBe(expected)
      expect(JSON.parse(out)).toMatchObject({ total: 3, failed: 0, abandoned: 1 })
    },
  )

  test('no answer at all is exit code 1, however many may fail, and without latencies', async () => {
    const { code, out } = await hanging(0, ['SIGINT', 'SIGTERM'], ['--max-failed', '1000'])
    expect(code).toBe(1)
    expect(generalized(out, 'URL').map(line => line.replace(/^http:.*?: /, 'URL: '))).toEqual([
      'URL: 0 requests in N s (N/s), 0 failed, none was ok',
      '  failed       refused 0, reset 0, timeout 0, status 0, unparsable 0',
      '  latency      p50 –, p95 –, p99 –, max –',
      '  connections  1 opened',
      '  went back    0 times to an older version',
      '  given up     1 were unanswered at the end',
    ])
  })

  test('requests that were due and not sent count as failed ones do', async () => {
    // The second is answered when the time is over, and more are due by then.
    const slow: Script = (socket, index) => void setTimeout(() => socket.write(version('1')), index === 0 ? 0 : 600)
    const run = async (most: string) => {
      const { url } = await serve(slow)
      const args = ['--rate', '50', '--duration', '0.4s', '--connections', '1', '--max-failed', most, '--json']
      const { code, out } = await traffic([url, ...args])
      return { code, report: JSON.parse(out) }
    }
    const { code, report } = await run('0')
    expect({ code, failed: report.failed }).toEqual({ code: 1, failed: 0 })
    expect(report.unsent).toBe(20 - report.total)
    expect((await run('20')).code).toBe(0)
  })

  test('each request has its own time, connecting included', async () => {
    const origin = await serve((socket, index) => (index === 1 ? undefined : socket.write(version('1'))))
    const args = ['--rate', '50', '--requests', '5', '--connections', '1', '--timeout', '1s', '--json']
    const { code, out, err } = await traffic([origin.url, ...args])
    expect(code).toBe(1)
    expect(err).toMatch(/failed: timeout: no complete answer within 1000 ms/)
    expect(JSON.parse(out)).toMatchObject({ total: 5, ok: 4, failedBy: { timeout: 1 } })
  })

  test('nobody who reads its lines is a reason to end', async () => {
    const origin = await serve((socket, index) => socket.write(version(`v${index % 2}`)))
    const { code, err } = await traffic([origin.url, '--rate', '200', '--connections', '500'], async child => {
      child.stdout?.destroy()
    })
    expect({ code, err }).toEqual({ code: 0, err: '' })
  })

  // Where there is such a device, every write to it fails as on a full disk.
  const withFullDisk = existsSync('/dev/full') ? test : test.skip
  withFullDisk('a record that cannot be written is exit code 2, with the report', async () => {
    const origin = await serve(socket => socket.write(version('1')))
    const { code, err, out } = await traffic([origin.url, '--rate', '200', '--out', '/dev/full', '--json'])
    expect(code).toBe(2)
    expect(err).toMatch(/^--out: ENOSPC.* \/dev\/full has not every request\.$/m)
    expect(JSON.parse(out)).toMatchObject({ failed: 0, versions: [{ version: '1' }] })
  })

  test('the version may be in a header or be the text', async () => {
    const origin = await serve(socket => socket.write(http(200, 'seven\n', 'X-Version: 7')))
    for (const [from, label] of [
      ['header:X-Version', '7'],
      ['text', 'seven'],
    ] as const) {
      const { out } = await traffic([origin.url, '--duration', '0.2s', '--version-from', from, '--json', '--quiet'])
      expect(JSON.parse(out)).toMatchObject({ failed: 0, versions: [{ version: label }] })
    }
  })

  test('a wrong command line is exit code 2, with every problem', async () => {
    const { code, err, out } = await traffic(['nowhere', '--rate', '0', '--duration', '5', '--connections', '0'])
    expect({ code, out }).toEqual({ code: 2, out: '' })
    for (const name of ['URL', '--rate', '--duration', '--connections']) expect(err).toContain(`${name}: '`)
  })

  test.each([[['--speed']], [[]], [['http://127.0.0.1/', '--out', '/nowhere/at/all']]])(
    '%j is exit code 2',
    async args => {
      const { code, err } = await traffic(args)
      expect(code).toBe(2)
      expect(err).toContain('Try --help.')
      expect(err).not.toContain('    at ')
    },
  )

  test('every option that --help knows is in docs/traffic.md, and the other way round', async () => {
    const { out } = await traffic(['--help'])
    const page = readFileSync(fileURLToPath(new URL('../../docs/traffic.md', import.meta.url)), 'utf8')
    const known = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, name]) => name).sort()
    const documented = known(page, /^\| `(--[a-z-]+)/gm)
    expect(known(out, /^ {2}(--[a-z-]+)/gm)).toEqual([...documented, '--help'].sort())
    for (const name of [
      '--rate',
      '--duration',
      '--connections',
      '--fresh',
      '--out',
      '--version-from',
      '--max-failed',
    ]) {
      expect(documented).toContain(name)
    }
  })

  test('--help says how', async () => {
    const { code, out } = await traffic(['--help'])
    expect(code).toBe(0)
    expect(out).toContain('Usage: npm run traffic -- URL')
  })
})
