import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { BodyReader, HeadReader, Http1Error, ResponseReader, requestFraming } from '../../src/probe/http1.ts'

interface Seen {
  readonly status: number
  readonly version: string | undefined
  readonly body: string
  readonly bytes: number
  readonly keepAlive: boolean
}

/** Pushes the parts of a connection, then closes it; says what a client learns. */
function read(methods: readonly string[], parts: readonly Buffer[], close = false, maxBodyBytes = 65_536) {
  const seen: Seen[] = []
  const failures: string[] = []
  const reader = new ResponseReader({
    maxBodyBytes,
    onResponse: response =>
      seen.push({
        status: response.status,
        version: response.header('x-version'),
        body: response.body().toString(),
        bytes: response.bodyBytes,
        keepAlive: response.keepAlive,
      }),
    onFailure: error => failures.push(error.failure),
  })
  for (const method of methods) reader.expect(method)
  for (const part of parts) {
    // The reader must not hold on to what it was given: sockets read into the same memory again.
    const lent = Buffer.from(part)
    reader.push(lent)
    lent.fill('#')
  }
  if (close) reader.end()
  return { seen, failures }
}

const answer = (...lines: string[]) => Buffer.from(lines.join('\r\n'))
const one = { status: 200, version: '0.0.2', body: 'hello', bytes: 5, keepAlive: true }

const wholeAnswers: Readonly<Record<string, { bytes: Buffer; seen: Seen; method?: string; close?: boolean }>> = {
  'a length': { bytes: answer('HTTP/1.1 200 OK', 'X-Version: 0.0.2', 'Content-Length: 5', '', 'hello'), seen: one },
  chunks: {
    bytes: answer(
      'HTTP/1.1 200 OK',
      'x-version:0.0.2',
      'Transfer-Encoding: Chunked',
      '',
      '3;name="x"',
      'hel',
      '02',
      'lo',
      '0',
      'Expires: never',
      '',
      '',
    ),
    seen: one,
  },
  'the end of the connection': {
    bytes: answer('HTTP/1.1 200 OK', 'X-VERSION:  0.0.2 ', '', 'hello'),
    seen: { ...one, keepAlive: false },
    close: true,
  },
  'HTTP/1.0': {
    bytes: answer('HTTP/1.0 200 OK', 'x-version: 0.0.2', 'content-length: 5', '', 'hello'),
    seen: { ...one, keepAlive: false },
  },
  'HTTP/1.0 kept alive': {
    bytes: answer('HTTP/1.0 200', 'x-version: 0.0.2', 'connection: keep-alive', 'content-length: 5', '', 'hello'),
    seen: one,
  },
  'Connection: close': {
    bytes: answer('HTTP/1.1 200 OK', 'x-version: 0.0.2', 'connection: x, Close', 'content-length: 5', '', 'hello'),
    seen: { ...one, keepAlive: false },
  },
  'a head without a body': {
    bytes: answer('HTTP/1.1 200 OK', 'x-version: 0.0.2', 'content-length: 5', '', ''),
    seen: { ...one, body: '', bytes: 0 },
    method: 'HEAD',
  },
  'a length that is said twice': {
    bytes: answer('HTTP/1.1 200 OK', 'x-version: 0.0.2', 'content-length: 5', 'Content-Length: 5', '', 'hello'),
    seen: one,
  },
  'a list of one length': {
    bytes: answer('HTTP/1.1 200 OK', 'x-version: 0.0.2', 'content-length: 5, 05 ,5', '', 'hello'),
    seen: one,
  },
  '304': {
    bytes: answer('HTTP/1.1 304 Not Modified', 'content-length: 5', '', ''),
    seen: { status: 304, version: undefined, body: '', bytes: 0, keepAlive: true },
  },
  '103 and 100 before': {
    bytes: answer(
      'HTTP/1.1 103 Early Hints',
      'link: </a>',
      '',
      'HTTP/1.1 100 Continue',
      '',
      'HTTP/1.1 200 OK',
      'x-version: 0.0.2',
      'content-length: 5',
      '',
      'hello',
    ),
    seen: one,
  },
}

describe('an answer', () => {
  test.each(Object.entries(wholeAnswers))('framed by %s is the same however it is cut', (_, whole) => {
    const { bytes, seen, method = 'GET', close = false } = whole
    for (let cut = 0; cut <= bytes.length; cut++) {
      expect(read([method], [bytes.subarray(0, cut), bytes.subarray(cut)], close)).toEqual({
        seen: [seen],
        failures: [],
      })
    }
    const single = Array.from(bytes, byte => Buffer.from([byte]))
    expect(read([method], single, close)).toEqual({ seen: [seen], failures: [] })
  })

  test('follows another on the same connection, cut anywhere', () => {
    const wholes = Object.values(wholeAnswers).filter(whole => !whole.close)
    const bytes = Buffer.concat(wholes.map(whole => whole.bytes))
    const methods = wholes.map(whole => whole.method ?? 'GET')
    fc.assert(
      fc.property(fc.array(fc.nat(bytes.length), { maxLength: 12 }), cuts => {
        const sorted = [0, ...cuts.toSorted((a, b) => a - b), bytes.length]
        const parts = sorted.slice(1).map((end, index) => bytes.subarray(sorted[index], end))
        expect(read(methods, parts)).toEqual({ seen: wholes.map(whole => whole.seen), failures: [] })
      }),
    )
  })

  test('of many bytes is counted whole and kept in part', () => {
    const body = Buffer.alloc(300_000, 'ab')
    const head = answer('HTTP/1.1 200 OK', `content-length: ${body.length}`, '', '')
    const { seen } = read(['GET'], [head, body.subarray(0, 100_001), body.subarray(100_001)], false, 5)
    expect(seen).toMatchObject([{ bytes: 300_000, body: 'ababa' }])
  })

  test('with a long head is read, with a longer one refused', () => {
    const head = (padding: number) =>
      answer('HTTP/1.1 200 OK', `x-padding: ${'p'.repeat(padding)}`, 'content-length: 2', '', 'ok')
    const cut = (bytes: Buffer) => [bytes.subarray(0, 4095), bytes.subarray(4095, 4097), bytes.subarray(4097)]
    expect(read(['GET'], [head(60_000)]).seen).toMatchObject([{ status: 200, body: 'ok' }])
    expect(read(['GET'], cut(head(60_000))).seen).toMatchObject([{ status: 200, body: 'ok' }])
    expect(read(['GET'], [head(70_000)])).toEqual({ seen: [], failures: ['too-large'] })
    expect(read(['GET'], cut(head(70_000)))).toEqual({ seen: [], failures: ['too-large'] })
  })
})

describe('a connection that fails', () => {
  const garbage: Readonly<Record<string, string>> = {
    'no HTTP': 'SSH-2.0-OpenSSH_9.6\r\n\r\n',
    'HTTP/2': 'HTTP/2 200 OK\r\n\r\n',
    'a status of two digits': 'HTTP/1.1 20 OK\r\n\r\n',
    'bare line feeds': 'HTTP/1.1 200 OK\ncontent-length: 0\n\n\r\n\r\n',
    'a space before the colon': 'HTTP/1.1 200 OK\r\ncontent-length : 0\r\n\r\n',
    'a folded header': 'HTTP/1.1 200 OK\r\nx: a\r\n b\r\n\r\n',
    'a header without a colon': 'HTTP/1.1 200 OK\r\nnonsense\r\n\r\n',
    'a zero byte': 'HTTP/1.1 200 OK\r\nx: a\0b\r\n\r\n',
    'a length and chunks': 'HTTP/1.1 200 OK\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n',
    'chunks and a length': 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\ncontent-length: 5\r\n\r\n',
    'two lengths': 'HTTP/1.1 200 OK\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\n',
    'a list of lengths': 'HTTP/1.1 200 OK\r\ncontent-length: 5, 6\r\n\r\n',
    'a list with nothing in it': 'HTTP/1.1 200 OK\r\ncontent-length: 5,\r\n\r\n',
    'a negative length': 'HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n',
    'a signed length': 'HTTP/1.1 200 OK\r\ncontent-length: +1\r\n\r\n',
    'an unknown coding': 'HTTP/1.1 200 OK\r\ntransfer-encoding: gzip, chunked\r\n\r\n',
    'a hidden coding': 'HTTP/1.1 200 OK\r\ntransfer-encoding: xchunked\r\n\r\n',
    'chunks twice': 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\ntransfer-encoding: chunked\r\n\r\n',
    'chunks in HTTP/1.0': 'HTTP/1.0 200 OK\r\ntransfer-encoding: chunked\r\n\r\n',
    'a chunk size of words': 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n',
    'a chunk size with a sign': 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n-1\r\n',
    'a chunk size beyond numbers': 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nfffffffffffff\r\n',
    'no chunk size': 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n\r\n',
    'a chunk longer than it says': 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nabc\r\n',
    'a line feed in a chunk extension': 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2;a\nb\r\n',
    'an endless chunk extension': `HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2;${'x'.repeat(5000)}`,
  }
  test.each(Object.entries(garbage))('by %s is malformed, once', (_, text) => {
    const bytes = Buffer.from(text, 'latin1')
    expect(read(['GET'], [bytes, bytes], true)).toEqual({ seen: [], failures: ['malformed'] })
    const single = Array.from(bytes, byte => Buffer.from([byte]))
    expect(read(['GET'], single, true)).toEqual({ seen: [], failures: ['malformed'] })
  })

  // The peer stays silent then: who waits for the end of a head waits in vain.
  test.each([
    ['SSH-2.0-OpenSSH_9.6\r\n', 'not HTTP/1.1: "SSH-2.0-OpenSSH_9.6\\r\\n"'],
    ['HTTP/2 200 OK\r\n', 'not HTTP/1.1: "HTTP/2 200 OK\\r\\n"'],
    [
      'HTTP/1.1 200 OK\nContent-Length: 2\n\nok',
      'a line of the head ends without a carriage return: "HTTP/1.1 200 OK\\nContent-Length: 2\\n\\nok"',
    ],
  ])('by %j is known before it closes', (text, message) => {
    const failures: string[] = []
    const reader = new ResponseReader({ onResponse() {}, onFailure: error => failures.push(error.message) })
    reader.expect('GET')
    reader.push(Buffer.from(text))
    expect(failures).toEqual([message])
  })

  test.each(['content-length: 5\r\ncontent-length: 5', 'content-length: 5, 5'])(
    'whoever forwards an answer refuses %j, which another may read otherwise',
    lengths => {
      const bytes = Buffer.from(`HTTP/1.1 200 OK\r\n${lengths}\r\n\r\n`)
      expect(() => new HeadReader('response', 1_000).read(bytes, 0, bytes.length)).toThrow('is not one number')
    },
  )

  test('random bytes never throw and never answer', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 6 }), parts => {
        const { seen, failures } = read(
          ['GET'],
          parts.map(part => Buffer.from(part)),
          true,
        )
        expect(seen).toEqual([])
        expect(failures).toHaveLength(1)
      }),
    )
  })

  test('says where it was closed', () => {
    const whole = answer('HTTP/1.1 200 OK', 'content-length: 5', '', 'hello')
    expect(read(['GET'], [], true).failures).toEqual(['closed-before-response'])
    for (let cut = 1; cut < whole.length; cut++) {
      expect(read(['GET'], [whole.subarray(0, cut)], true).failures).toEqual(['closed-within-response'])
    }
    expect(read(['GET'], [whole], true).failures).toEqual([])
    const chunks = answer('HTTP/1.1 200 OK', 'transfer-encoding: chunked', '', '5', 'hello', '')
    expect(read(['GET'], [chunks], true).failures).toEqual(['closed-within-response'])
  })

  test('gives bytes that nobody asked for', () => {
    const whole = answer('HTTP/1.1 200 OK', 'content-length: 2', '', 'ok')
    const { seen, failures } = read(['GET'], [Buffer.concat([whole, whole])])
    expect(seen).toHaveLength(1)
    expect(failures).toEqual(['unexpected-data'])
  })
})

describe('a request', () => {
  function readRequest(text: string) {
    const reader = new HeadReader('request', 1000)
    const bytes = Buffer.from(text, 'latin1')
    return { at: reader.read(bytes, 0, bytes.length), head: reader.head }
  }

  test('gives method, target and headers by name', () => {
    const text = '\r\nPOST /a?b=c HTTP/1.1\r\nHost: x.test\r\nAccept: a\r\naccept: b\r\nContent-Length: 3\r\n\r\nabc'
    const { at, head } = readRequest(text)
    expect(at).toBe(text.indexOf('abc'))
    expect([head.method, head.target, head.minorVersion]).toEqual(['POST', '/a?b=c', 1])
    expect([head.header('host'), head.header('accept'), head.header('none')]).toEqual(['x.test', 'a, b', undefined])
    expect([requestFraming(head), head.contentLength]).toEqual(['length', 3])
  })

  test('names what Connection makes hop-by-hop', () => {
    const { head } = readRequest(
      'GET / HTTP/1.1\r\nConnection: Upgrade, X-Secret, keep-alive\r\nUpgrade: websocket\r\n\r\n',
    )
    expect([head.upgrade, head.keepAlive, head.hopByHop]).toEqual([true, true, ['x-secret']])
  })

  test.each([
    'GET  / HTTP/1.1\r\n\r\n',
    'GET / HTTP/1.1 \r\n\r\n',
    'GET /a b HTTP/1.1\r\n\r\n',
    'GET / HTTP/1.2\r\n\r\n',
    'G(T / HTTP/1.1\r\n\r\n',
    'GET /\x01 HTTP/1.1\r\n\r\n',
    'POST / HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n',
    'POST / HTTP/1.1\r\nTransfer-Encoding : chunked\r\n\r\n',
    'POST / HTTP/1.1\r\nTransfer-Encoding: chunked, identity\r\n\r\n',
    'POST / HTTP/1.1\r\nContent-Length: 0x5\r\n\r\n',
  ])('like %j is refused', text => {
    expect(() => readRequest(text)).toThrow(Http1Error)
  })

  test('of chunks ends where they say, and leaves the next request alone', () => {
    const bytes = Buffer.from('5\r\nhello\r\nA\r\n0123456789\r\n0\r\n\r\nGET / HTTP/1.1\r\n\r\n')
    for (let cut = 0; cut <= 33; cut++) {
      const body = new BodyReader()
      body.start('chunked', -1)
      let content = ''
      const sink = (chunk: Buffer, start: number, end: number) => {
        content += chunk.toString('latin1', start, end)
      }
      const first = body.read(bytes, 0, cut, sink)
      expect(body.read(bytes, first, bytes.length, sink)).toBe(bytes.indexOf('GET'))
      expect([body.done, content, body.bytes]).toEqual([true, 'hello0123456789', 15])
    }
  })
})
