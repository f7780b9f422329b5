import { isIP, type LookupFunction } from 'node:net'
import { Resumption } from './resumption.ts'
import { type Resolve, RotatingLookup } from './rotating-lookup.ts'

/** Whether requests share connections, each has its own, or they share some of which one is replaced after the other (`Renewal`). */
export type ConnectionMode = 'keep-alive' | 'fresh' | 'renewed'

/** Where requests go, and their bytes. */
export interface Destination {
  readonly host: string
  readonly port: number
  readonly tls: boolean
  /** A GET, ready to be sent as it is. */
  readonly request: Buffer
  readonly mode: ConnectionMode
  readonly lookup: LookupFunction
  /** Of TLS connections. */
  readonly resumption: Resumption
  /** Lets go of what was learned on earlier connections: something has failed. */
  forget(): void
}

/**
 * @param now milliseconds since whenever
 * @param resolve asks for the addresses of a name
 * @throws TypeError when `url` is no http or https URL
 */
export function destination(
  url: string,
  mode: ConnectionMode,
  now: () => number = () => performance.now(),
  resolve?: Resolve,
): Destination {
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
  const resumption = new Resumption(now)
  const names = new RotatingLookup(now, resolve)
  return {
    host: hostname.replace(/^\[(.*)\]$/, '$1'),
    port: port === '' ? (tls ? 443 : 80) : Number(port),
    tls,
    request: Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'),
    mode,
    lookup: names.lookup,
    resumption,
    forget() {
      resumption.forget()
      names.forget()
    },
  }
}

/** SNI names hosts only: an address is not sent (RFC 6066, section 3). */
export function serverName(host: string): string | undefined {
  return isIP(host) === 0 ? host : undefined
}
