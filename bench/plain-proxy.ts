import { Agent, createServer, request } from 'node:http'

/**
 * What most people would write: node:http on both sides, connections kept, nothing decided. The sandbox's load balancer
 * is measured beside it. Environment: PORT, and TARGET_PORTS, which it takes in turn.
 */
const targets = (process.env.TARGET_PORTS ?? '').split(',').map(Number)
const agent = new Agent({ keepAlive: true, maxSockets: 64 })
let next = 0

const server = createServer((incoming, outgoing) => {
  const port = targets[next++ % targets.length]
  const { method, url: path, headers } = incoming
  const onward = request({ host: '127.0.0.1', port, method, path, headers, agent }, answer => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.rawHeaders)
    answer.pipe(outgoing)
  })
  onward.once('error', error => {
    if (outgoing.headersSent) outgoing.destroy(error)
    else outgoing.writeHead(502).end()
  })
  incoming.pipe(onward)
})

const port = Number(process.env.PORT)
server.listen(port, '127.0.0.1', () => console.log(`http://127.0.0.1:${port}`))
process.once('SIGTERM', () => process.exit(0))
