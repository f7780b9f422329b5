import type { LookupAddress } from 'node:dns'
import { getCACertificates, setDefaultCACertificates, TLSSocket } from 'node:tls'
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { Connection } from '../../src/probe/connection.ts'
import { type Destination, destination } from '../../src/probe/destination.ts'
import { RotatingLookup } from '../../src/probe/rotating-lookup.ts'
import { certificate, key } from './localhost-tls.ts'
import { closeOrigins, serve, version } from './origin.ts'

afterEach(closeOrigins)

function ask(where: Destination): Promise<string> {
  return new Promise(resolve => {
    const connection = new Connection(where, {
      answered: () => resolve('answered'),
      failed: (_, kind) => resolve(kind),
    })
    connection.send()
  })
}

describe('TLS sessions', () => {
  const trusted = getCACertificates('default')
  beforeAll(() => setDefaultCACertificates([...trusted, certificate]))
  afterAll(() => setDefaultCACertificates(trusted))

  async function secureOrigin(loses: (index: number) => boolean) {
    const resumed: boolean[] = []
    const origin = await serve(
      (socket, index) => {
        if (socket instanceof TLSSocket) resumed.push(socket.isSessionReused())
        if (loses(index)) socket.destroy()
        else socket.write(version('1'))
      },
      { cert: certificate, key },
    )
    return { url: origin.url, resumed }
  }

  test('are offered again for a second after a full handshake, and no longer', async () => {
    const origin = await secureOrigin(() => false)
    let now = 0
    const where = destination(origin.url, 'fresh', () => now)
    for (const at of [0, 1, 500, 999, 1_000, 1_999, 2_000]) {
      now = at
      expect(await ask(where)).toBe('answered')
    }
    expect(origin.resumed).toEqual([false, true, true, true, false, true, false])
  })

  test('are forgotten after an error', async () => {
    const origin = await secureOrigin(index => index === 2)
    const where = destination(origin.url, 'fresh', () => 0)
    const ends = []
    for (let count = 0; count < 5; count++) ends.push(await ask(where))
    expect(ends).toEqual(['answered', 'answered', 'reset', 'answered', 'answered'])
    expect(origin.resumed).toEqual([false, true, true, false, true])
  })
})

describe('the addresses of a name', () => {
  const four = (last: number): LookupAddress => ({ address: `192.0.2.${last}`, family: 4 })
  const six: LookupAddress = { address: '2001:db8::1', family: 6 }

  function namesOf(answers: readonly (readonly LookupAddress[] | Error)[]) {
    let now = 0
    const asked: (readonly [string, unknown])[] = []
    const names = new RotatingLookup(
      () => now,
      (hostname, { family }, callback) => {
        const answer = answers[Math.min(asked.length, answers.length - 1)] ?? []
        asked.push([hostname, family])
        queueMicrotask(() => (answer instanceof Error ? callback(answer, []) : callback(null, answer)))
      },
    )
    const first = (hostname = 'app.example.com', family: 0 | 4 | 6 = 0) =>
      new Promise(resolve =>
        names.lookup(hostname, { all: true, family }, (error, found) =>
          resolve(error === null && Array.isArray(found) ? found[0]?.address : error?.message),
        ),
      )
    return { asked, first, names, pass: (ms: number) => (now += ms) }
  }

  test('take turns, and are asked for once however many connections begin', async () => {
    const { asked, first } = namesOf([[four(1), four(2), four(3)]])
    expect(await Promise.all([first(), first()])).toEqual(['192.0.2.1', '192.0.2.2'])
    expect([await first(), await first()]).toEqual(['192.0.2.3', '192.0.2.1'])
    expect(asked).toHaveLength(1)
  })

  test('that go away are noticed within a second', async () => {
    const { asked, first, pass } = namesOf([[four(1), four(2)], [four(2)]])
    expect(await first()).toBe('192.0.2.1')
    pass(999)
    await first()
    expect(asked).toHaveLength(1)
    pass(1)
    expect([await first(), await first(), await first()]).toEqual(['192.0.2.2', '192.0.2.2', '192.0.2.2'])
    expect(asked).toHaveLength(2)
  })

  test('are those of that name and that family', async () => {
    const { asked, first } = namesOf([[four(1)], [six], [four(7)]])
    expect(await first('app.example.com', 4)).toBe('192.0.2.1')
    expect(await first('app.example.com', 6)).toBe('2001:db8::1')
    expect(await first('other.example.com', 4)).toBe('192.0.2.7')
    expect(await first('app.example.com', 4)).toBe('192.0.2.1')
    expect(asked).toEqual([
      ['app.example.com', 4],
      ['app.example.com', 6],
      ['other.example.com', 4],
    ])
  })

  test('are asked for again at once when there were none, and when a request failed', async () => {
    const { asked, first, names } = namesOf([new Error('ENOTFOUND'), [four(1)]])
    expect([await first(), await first()]).toEqual(['ENOTFOUND', '192.0.2.1'])
    names.forget()
    await first()
    expect(asked).toHaveLength(3)
  })

  test('are let go of by a connection that fails', async () => {
    let asked = 0
    const where = destination(
      'http://app.invalid/',
      'fresh',
      () => 0,
      (_hostname, _options, callback) => {
        asked++
        queueMicrotask(() => callback(null, [{ address: '127.0.0.1', family: 4 }]))
      },
    )
    const origin = await serve(socket => socket.destroy())
    const broken = { ...where, port: origin.port }
    expect([await ask(broken), await ask(broken)]).toEqual(['reset', 'reset'])
    expect(asked).toBe(2)
  })
})
