import { connect } from 'node:net'

/** The least that Node needs for so many requests a second, each over a connection of its own: nothing read, counted or told. */

const { hostname, port, host, pathname } = new URL(process.argv[2] ?? '')
const intervalMs = 1_000 / Number(process.argv[3])
const request = Buffer.from(`GET ${pathname} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)
const startedAt = performance.now()
let sent = 0

function next(): void {
  const socket = connect({ host: hostname, port: Number(port), noDelay: true })
  socket.once('connect', () => socket.write(request))
  socket.on('data', () => {})
  socket.once('end', () => socket.destroy())
  sent++
  setTimeout(next, Math.max(1, startedAt + sent * intervalMs - performance.now()))
}

console.log(`asks ${host}`)
next()
