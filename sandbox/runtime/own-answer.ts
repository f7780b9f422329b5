import { STATUS_CODES } from 'node:http'
import type { Route } from '../cloud/ports.ts'

/** An answer that the load balancer gives by itself. */
export interface OwnAnswer {
  readonly status: number
  readonly contentType: string
  readonly body: string
  readonly location?: string
}

/** What an Application Load Balancer shows for its own errors. */
export function errorPage(status: number): OwnAnswer {
  const title = `${status} ${reason(status)}`
  const body = `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n</body>\r\n</html>\r\n`
  return { status, contentType: 'text/html', body }
}

/** What the load balancer says when it forwards nothing. */
export function ownAnswer(route: Exclude<Route, { kind: 'forward' }>): OwnAnswer {
  switch (route.kind) {
    case 'fixed':
      return route
    case 'redirect':
      return { ...errorPage(route.status), location: route.location }
    case 'unavailable':
      return errorPage(route.status ?? 503)
    default:
      return route satisfies never
  }
}

/** The whole answer as bytes. `withBody` is false for HEAD, whose head is the same as GET's. */
export function ownAnswerBytes(answer: OwnAnswer, keepAlive: boolean, withBody: boolean): Buffer {
  const { status, contentType, body, location } = answer
  const type = body === '' ? '' : `Content-Type: ${contentType}\r\n`
  const head =
    `HTTP/1.1 ${status} ${reason(status)}\r\nServer: awselb/2.0\r\nDate: ${new Date().toUTCString()}\r\n${type}` +
    `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: ${keepAlive ? 'keep-alive' : 'close'}\r\n` +
    `${location === undefined ? '' : `Location: ${location}\r\n`}\r\n`
  return Buffer.from(withBody ? head + body : head)
}

function reason(status: number): string {
  if (status === 503) return 'Service Temporarily Unavailable'
  if (status === 504) return 'Gateway Time-out'
  return STATUS_CODES[status] ?? 'Status'
}
