import net from 'node:net'
import tls from 'node:tls'
import { ResponseReader } from '../../src/probe/http1.ts'
import type { CheckResult, HealthCheck, TargetAddress } from '../cloud/ports.ts'

export interface Endpoint {
  readonly host: string
  readonly port: number
}

/**
 * One health check as a load-balancer node makes it: a new connection, one GET, redirects not followed.
 * @param target as the target group has it, for the Host header
 * @param endpoint where the target's process listens
 * @param timeoutMs wall time for connecting and the whole answer
 * @returns takes the check back: the result is then `failed`
 */
export function checkHealth(
  target: TargetAddress,
  endpoint: Endpoint,
  check: HealthCheck,
  timeoutMs: number,
  onResult: (result: CheckResult) => void,
): () => void {
  // Targets show certificates of their own making; a load balancer does not check them.
  const socket =
    check.protocol === 'HTTPS' ? tls.connect({ ...endpoint, rejectUnauthorized: false }) : net.connect(endpoint)
  let told = false
  const tell = (result: CheckResult) => {
    if (told) return
    told = true
    clearTimeout(timer)
    socket.destroy()
    onResult(result)
  }
  const timer = setTimeout(tell, timeoutMs, { kind: 'timeout' })
  const reader = new ResponseReader({
    maxBodyBytes: 0,
    onResponse: ({ status }) =>
      tell(matches(check.matcher, status) ? { kind: 'passed' } : { kind: 'mismatch', status }),
    onFailure: () => tell({ kind: 'failed' }),
  })
  reader.expect('GET')
  socket.write(
    `GET ${check.path} HTTP/1.1\r\nHost: ${target.ip}:${target.port}\r\nConnection: close\r\n` +
      'User-Agent: ELB-HealthChecker/2.0\r\nAccept-Encoding: gzip, compressed\r\n\r\n',
  )
  socket.on('data', chunk => reader.push(chunk))
  socket.on('end', () => reader.end())
  socket.on('error', () => tell({ kind: 'failed' }))
  socket.on('close', () => tell({ kind: 'failed' }))
  return () => tell({ kind: 'failed' })
}

/** @param matcher as in the target group: `200`, `200-299`, `200,202` or a list of both */
export function matches(matcher: string, status: number): boolean {
  return matcher.split(',').some(part => {
    const [from, to = from] = part.split('-', 2).map(text => Number(text))
    return from !== undefined && to !== undefined && status >= from && status <= to
  })
}
