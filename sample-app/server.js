/**
 * The app that the sandbox deploys: one file, no dependencies. It says its version and does what its version's
 * last word asks for, so that every way in which a deploy goes wrong can be tried.
 *
 *   GET /version  {"name":"sample-app","version":"0.0.2"}, also in the header x-version
 *   GET /health   200 when it can serve
 *   GET /wait?ms= answers late: a request that is in flight for a while
 *   GET /         a page
 *
 * Environment: PORT, HOST, VERSION (the image's tag), SLOW_SECONDS, ERROR_PERCENT, DEGRADE_AFTER and HANG_EVERY (requests),
 * SHUTDOWN_SECONDS, and TIME_SPEED, by which seconds are divided where time is compressed.
 */
import { createServer } from 'node:http'

const version = process.env.VERSION ?? '0.0.0'
const trouble = version.split('-').at(-1)
const speed = number('TIME_SPEED', 1)
const errorPercent = number('ERROR_PERCENT', trouble === 'errors' ? 20 : 0)
const degradeAfter = number('DEGRADE_AFTER', trouble === 'degrades' ? 500 : Number.POSITIVE_INFINITY)
const hangEvery = number('HANG_EVERY', trouble === 'hangs' ? 30 : Number.POSITIVE_INFINITY)
const slowSeconds = number('SLOW_SECONDS', trouble === 'slow' ? 45 : 0)
const shutdownSeconds = number('SHUTDOWN_SECONDS', 25)

const reported = trouble === 'wrong' ? '0.0.0' : version
const json = answer('application/json', `${JSON.stringify({ name: 'sample-app', version: reported })}\n`)
const page = answer(
  'text/html; charset=utf-8',
  `<!doctype html><title>sample-app</title><h1>${escapeHtml(reported)}</h1>\n`,
)
const healthy = answer('text/plain', 'ok\n')
const broken = answer('text/plain', 'broken\n')
const unknown = answer('text/plain', 'not found\n')

let stopping = false
/** Requests for /version so far: what `errors`, `degrades` and `hangs` count. */
let asked = 0

const server = createServer({ optimizeEmptyRequests: true }, (request, response) => {
  const url = request.url ?? '/'
  const query = url.indexOf('?')
  switch (query < 0 ? url : url.slice(0, query)) {
    case '/version':
      // Never answered: whoever waits for it decides how long.
      if (++asked % hangEvery === 0) return undefined
      return isBroken(asked - 1) ? send(response, 500, broken) : send(response, 200, json)
    case '/health':
      if (trouble === '404') return send(response, 404, unknown)
      return trouble === 'unhealthy' ? send(response, 503, broken) : send(response, 200, healthy)
    case '/wait':
      return setTimeout(send, waitMs(url), response, 200, json)
    case '/':
      return send(response, 200, page)
    default:
      return send(response, 404, unknown)
  }
})

// A load balancer keeps idle connections to its targets for 60 s by default. Were ours to close first, a request
// could already be on its way into the closing connection, and the load balancer would have to answer 502.
server.keepAliveTimeout = 65_000
server.headersTimeout = 70_000

process.on('SIGTERM', stop)
process.on('SIGINT', stop)
if (trouble === 'crash') {
  console.error('crashing, as the version asks')
  process.exit(1)
}
if (trouble === 'oom') {
  console.error('using too much memory, as the version asks')
  process.kill(process.pid, 'SIGKILL')
}
setTimeout(listen, (slowSeconds * 1000) / speed)

function listen() {
  if (stopping) return
  server.listen(number('PORT', 8080), process.env.HOST, () => console.log(`${version} listens on ${process.env.PORT}`))
}

/** The load balancer has taken us out by now: finish what is in flight, take nothing new, and end within the bound. */
function stop() {
  if (stopping) return
  stopping = true
  if (!server.listening) process.exit(0)
  server.close(() => process.exit(0))
  setTimeout(() => process.exit(0), (shutdownSeconds * 1000) / speed)
}

function send(response, status, { headers, body }) {
  if (stopping) response.shouldKeepAlive = false
  response.writeHead(status, headers)
  response.end(response.req.method === 'HEAD' ? undefined : body)
}

function isBroken(count) {
  return count >= degradeAfter || (count * errorPercent) % 100 >= 100 - errorPercent
}

/** Prepared once: what is sent thousands of times a second is not put together each time. */
function answer(type, body) {
  const length = String(Buffer.byteLength(body))
  return { headers: ['Content-Type', type, 'Content-Length', length, 'X-Version', reported], body }
}

function waitMs(url) {
  const ms = Number(new URLSearchParams(url.split('?')[1] ?? '').get('ms') ?? 1000)
  return Number.isFinite(ms) ? Math.min(Math.max(ms, 0), 120_000) : 1000
}

function number(name, fallback) {
  const text = process.env[name]
  if (text === undefined || text === '') return fallback
  const value = Number(text)
  if (!(value >= 0)) throw new Error(`${name} is not a number: ${text}`)
  return value
}

function escapeHtml(text) {
  return text.replace(/[&<>"']/g, character => `&#${character.charCodeAt(0)};`)
}
