import { generateKeyPairSync, randomBytes, sign } from 'node:crypto'

export interface Identity {
  /** PEM. */
  readonly certificate: string
  /** PEM. */
  readonly key: string
}

/** Seven days: no sandbox lives longer, and a certificate left behind is soon worth nothing. */
const lifeMs = 7 * 86_400_000
/** A client's clock may be a little behind. */
const skewMs = 3_600_000

/**
 * A new key, and a certificate for 127.0.0.1, ::1 and localhost that it signs itself. Whoever trusts this one
 * certificate trusts nothing else: it may sign no other (RFC 5280, 4.2.1.9 says so by default).
 *
 * Node makes keys and signatures, but no certificates: the few structures of DER that one needs are below.
 */
export function createIdentity(now: number = Date.now()): Identity {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
  const algorithm = sequence(oid([1, 2, 840, 10045, 4, 3, 2]))
  const name = sequence(set(sequence(oid([2, 5, 4, 3]), der(0x0c, Buffer.from('ecs-bluegreen sandbox')))))
  const body = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.concat([Buffer.from([0x40]), randomBytes(15)])),
    algorithm,
    name,
    sequence(time(now - skewMs), time(now + lifeMs)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(alternativeNames())),
  )
  const signature = sign('sha256', body, privateKey)
  const certificate = sequence(body, algorithm, der(0x03, Buffer.concat([Buffer.from([0]), signature])))
  return {
    certificate: pem('CERTIFICATE', certificate),
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  }
}

function alternativeNames(): Buffer {
  const host = (text: string) => der(0x82, Buffer.from(text))
  const address = (bytes: readonly number[]) => der(0x87, Buffer.from(bytes))
  const loopback6 = [...Array.from({ length: 15 }, () => 0), 1]
  const names = sequence(host('localhost'), address([127, 0, 0, 1]), address(loopback6))
  return sequence(oid([2, 5, 29, 17]), der(0x04, names))
}

/** Tag, length, content. */
function der(tag: number, content: Buffer): Buffer {
  const { length } = content
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from([tag, ...size]), content])
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return der(0x30, Buffer.concat(parts))
}

function set(part: Buffer): Buffer {
  return der(0x31, part)
}

/** The first two numbers share a byte; the others are written in groups of seven bits. */
function oid([first = 0, second = 0, ...rest]: readonly number[]): Buffer {
  const bytes = rest.flatMap(number => {
    const groups = [number & 0x7f]
    for (let left = number >> 7; left > 0; left >>= 7) groups.unshift((left & 0x7f) | 0x80)
    return groups
  })
  return der(0x06, Buffer.from([first * 40 + second, ...bytes]))
}

/** UTCTime up to 2049, as RFC 5280 wants it. */
function time(ms: number): Buffer {
  const digits = new Date(ms).toISOString().replace(/[-:T]/g, '').slice(2, 14)
  return der(0x17, Buffer.from(`${digits}Z`))
}

function pem(label: string, content: Buffer): string {
  const lines = content.toString('base64').match(/.{1,64}/g) ?? []
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`
}
