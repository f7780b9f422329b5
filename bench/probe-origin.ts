import { lookup } from 'node:dns/promises'
import { createServer } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { certificate, key } from '../__tests__/probe/localhost-tls.ts'

/** Answers a version over http and https, at every address that localhost has: `HTTP_PORT` and `HTTPS_PORT` of its environment. */

const answer = (_: unknown, response: { end(body: string): void }) => response.end('{"version":"0.0.1"}')
const addresses = await lookup('localhost', { all: true })
for (const { address } of addresses) {
  const servers = [
    [createServer(answer), process.env.HTTP_PORT],
    [createTlsServer({ cert: certificate, key }, answer), process.env.HTTPS_PORT],
  ] as const
  for (const [server, port] of servers) {
    await new Promise<void>(resolve => server.listen(Number(port), address, resolve))
  }
}
console.log('serves')
