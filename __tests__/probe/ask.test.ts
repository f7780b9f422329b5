import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { askOnce } from '../../src/probe/ask.ts'
import { startTraffic } from '../../src/probe/traffic.ts'
import { certificate, key } from './localhost-tls.ts'
import { clock, closedPort, closeOrigins, http, serve, version } from './origin.ts'

const options = { timeoutMs: 20_000, versionFrom: { kind: 'json', member: 'version' } } as const

afterEach(closeOrigins)

describe('one question', () => {
  test.each([
    ['with a version', version('1.2'), { kind: 'answered', status: 200, version: '1.2' }],
    ['without one', http(200, 'hello'), { kind: 'answered', status: 200, version: undefined }],
    ['of any status', http(503, ''), { kind: 'answered', status: 503 }],
    ['that is no HTTP', '220 smtp.example.com\r\n\r\n', { kind: 'failed', failure: 'unparsable' }],
  ])('an answer %s', async (_, bytes, expected) => {
    const origin = await serve(socket => socket.write(bytes))
    const answer = await askOnce(origin.url, options, clock)
    expect(answer).toMatchObject(expected)
    expect(origin.requests()).toHaveLength(1)
  })

  test('says how long it took', async () => {
    const origin = await serve(socket => {
      setTimeout(() => socket.write(version('1')), 60)
    })
    const before = clock.now()
    const answer = await askOnce(origin.url, options, clock)
    const latencyMs = answer.kind === 'answered' ? answer.latencyMs : 0
    expect(latencyMs).toBeGreaterThanOrEqual(59)
    expect(latencyMs).toBeLessThanOrEqual(clock.now() - before)
  })

  test('no answer', async () => {
    const origin = await serve(() => {})
    expect(await askOnce(origin.url, { ...options, timeoutMs: 60 }, clock)).toEqual({
      kind: 'failed',
      failure: 'timeout',
      message: 'no complete answer within 60 ms',
    })
  })

  test('has the body', async () => {
    const origin = await serve(socket => socket.write(http(503, 'busy')))
    expect(await askOnce(origin.url, options, clock)).toMatchObject({ status: 503, body: 'busy' })
  })

  test('is ended by its signal', async () => {
    const origin = await serve(() => {})
    const reason = new Error('cancelled')
    const cancel = new AbortController()
    const asked = askOnce(origin.url, { ...options, signal: cancel.signal }, clock)
    setTimeout(() => cancel.abort(reason), 20)
    await expect(asked).rejects.toBe(reason)
    await expect(askOnce(origin.url, { ...options, signal: cancel.signal }, clock)).rejects.toBe(reason)
  })

  test('nobody there', async () => {
    const answer = await askOnce(`http://localhost:${await closedPort()}/`, options, clock)
    expect(answer).toMatchObject({ kind: 'failed', failure: 'refused' })
    expect(answer.kind === 'failed' && answer.message).toContain('ECONNREFUSED')
  })

  test('a URL that cannot be asked', async () => {
    await expect(askOnce('ftp://127.0.0.1/', options, clock)).rejects.toThrow(TypeError)
  })
})

describe('https', () => {
  const names: string[] = []
  const tls = {
    cert: certificate,
    key,
    SNICallback: (name: string, done: (error: null) => void) => {
      names.push(name)
      done(null)
    },
  }
  const secure = () => serve(socket => socket.write(version('1')), tls)

  test('a certificate that nobody vouches for is refused', async () => {
    const origin = await secure()
    const answer = await askOnce(origin.url, options, clock)
    expect(answer).toEqual({
      kind: 'failed',
      failure: 'refused',
      message: expect.stringContaining('no connection: self-signed certificate'),
    })
    expect(origin.requests()).toEqual([])
  })

  describe('with a trusted certificate', () => {
    const trusted = getCACertificates('default')
    beforeAll(() => {
      setDefaultCACertificates([...trusted, certificate])
    })
    afterAll(() => setDefaultCACertificates(trusted))

    test('the server learns which host is meant, and answers', async () => {
      const origin = await secure()
      names.length = 0
      expect(await askOnce(origin.url, options, clock)).toMatchObject({ status: 200, version: '1' })
      expect(names).toEqual(['localhost'])
    })

    test('a certificate of another name is refused', async () => {
      const origin = await secure()
      const answer = await askOnce(origin.url.replace('localhost', '127.0.0.1'), options, clock)
      expect(answer).toMatchObject({ kind: 'failed', failure: 'refused' })
    })

    test.each(['keep-alive', 'fresh'] as const)('traffic (%s)', async mode => {
      const origin = await secure()
      const traffic = startTraffic({ ...options, url: origin.url, rate: 'max', connections: 2, mode }, clock)
      while (traffic.snapshot().total < 20) await clock.sleep(5)
      const report = await traffic.stop()
      expect(report).toMatchObject({ failed: 0, versions: [{ version: '1', count: report.total }] })
      expect(report.connectionsOpened).toBe(mode === 'fresh' ? report.total : 2)
    })
  })
})
