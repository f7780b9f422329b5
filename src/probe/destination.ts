import { type LookupAddress, type LookupOptions, lookup } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'

/** Whether requests share a connection, or each has its own. */
export type ConnectionMode = 'keep-alive' | 'fresh'

/** Where requests go, and their bytes. */
export interface Destination {
  readonly host: string
  readonly port: number
  readonly tls: boolean
  /** A GET, ready to be sent as it is. */
  readonly request: Buffer
  readonly mode: ConnectionMode
  readonly lookup: LookupFunction
}

/** @throws TypeError when `url` is no http or https URL */
export function destination(url: string, mode: ConnectionMode): Destination {
  const { protocol, hostname, port, host, pathname, search } = new URL(url)
  if (protocol !== 'http:' && protocol !== 'https:') throw new TypeError(`not an http or https URL: ${url}`)
  const tls = protocol === 'https:'
  const lines = [
    `GET ${pathname}${search} HTTP/1.1`,
    `Host: ${host}`,
    'User-Agent: ecs-bluegreen',
    'Accept: */*',
    ...(mode === 'fresh' ? ['Connection: close'] : []),
  ]
  return {
    host: hostname.replace(/^\[(.*)\]$/, '$1'),
    port: port === '' ? (tls ? 443 : 80) : Number(port),
    tls,
    request: Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'),
    mode,
    lookup: rotatingLookup(),
  }
}

/** SNI names hosts only: an address is not sent (RFC 6066, section 3). */
export function serverName(host: string): string | undefined {
  return isIP(host) === 0 ? host : undefined
}

/**
 * Each connection begins with another address of the host. The resolver may sort them the same way every time, and
 * then only one of a load balancer's nodes would ever be asked. Nothing is cached: nodes come and go.
 */
function rotatingLookup(): LookupFunction {
  let turn = 0
  return (hostname, options, callback) => {
    const all: LookupOptions & { all: true } = { ...options, all: true }
    lookup(hostname, all, (error, addresses) => {
      const first = addresses?.[turn++ % Math.max(addresses.length, 1)]
      if (error !== null || first === undefined) {
        callback(error ?? new Error(`${hostname} has no address`), [])
      } else if (options.all) callback(null, beginningWith(first, addresses))
      else callback(null, first.address, first.family)
    })
  }
}

function beginningWith(first: LookupAddress, addresses: readonly LookupAddress[]): LookupAddress[] {
  return [first, ...addresses.filter(address => address !== first)]
}
