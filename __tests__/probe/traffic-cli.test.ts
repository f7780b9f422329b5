import { type ChildProcess, spawn } from 'node:child_process'
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

describe('the traffic client', () => {
  test('prints changes as they come, and what it saw at the end', async () => {
    const origin = await serve(flip)
    const { code, out, err } = await traffic([origin.url, '--rate', 'max', '--duration', '1s'])
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out).toMatch(/^\S+ version 0\.0\.1 answers$/m)
    expect(out).toMatch(/^\S+ version 0\.0\.1 -> 0\.0\.2$/m)
    expect(out).toMatch(/^[\d,]+ requests, 0 failed, [\d,]+\/s, p99 [\d.]+ ms, version 0\.0\.2$/m)
    const total = origin.requests().length.toLocaleString('en-US')
    expect(out).toContain(`${origin.url}: ${total} requests in 1.0 s`)
    expect(out).toMatch(/^ {2}boundary {5}0\.0\.1 -> 0\.0\.2: both answered for [\d.]+ ms$/m)
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
      '--quiet',
    ])
    expect(code).toBe(0)
    expect(out.split('\n')[0]).toMatch(/requests in .* 1 failed$/)
  })

  test.each(['SIGINT', 'SIGTERM'] as const)('%s ends it with the report', async signal => {
    const origin = await serve((socket, index) => socket.write(version(`v${index % 2}`)))
    const { code, out } = await traffic(
      [origin.url, '--rate', '100', '--fresh', '--connections', '2', '--json'],
      async child => {
        while (origin.requests().length < 10 && child.exitCode === null) await clock.sleep(5)
        child.kill(signal)
      },
    )
    expect(code).toBe(0)
    const report = JSON.parse(out)
    expect(report).toMatchObject({ failed: 0, total: origin.requests().length, connectionsOpened: report.total })
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

  test('--help says how', async () => {
    const { code, out } = await traffic(['--help'])
    expect(code).toBe(0)
    expect(out).toContain('Usage: npm run traffic -- URL')
  })
})
