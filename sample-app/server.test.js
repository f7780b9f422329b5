import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'
import { after, before, test } from 'node:test'

/** Run by `npm test` here, and by every build of the image: without these there is none. */

let app
let url

before(async () => {
  const port = await freePort()
  url = `http://127.0.0.1:${port}`
  const env = { VERSION: '1.2.3', HOST: '127.0.0.1', PORT: String(port) }
  app = spawn(process.execPath, [join(import.meta.dirname, 'server.js')], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  await once(app.stdout, 'data')
})
after(() => app.kill('SIGKILL'))

test('says its version', async () => {
  const response = await fetch(`${url}/version`)
  assert.equal(response.headers.get('x-version'), '1.2.3')
  assert.deepEqual(await response.json(), { name: 'sample-app', version: '1.2.3' })
})

test('is healthy', async () => {
  assert.equal((await fetch(`${url}/health`)).status, 200)
})

// The last one: after it there is no app.
test('finishes what is in flight when it is told to stop, and ends well', async () => {
  const { port } = new URL(url)
  const socket = connect(Number(port), '127.0.0.1')
  let answers = ''
  socket.on('data', chunk => {
    answers += chunk
  })
  // Sent in one piece: with the first answer the second request has been read, too.
  socket.write('GET /health HTTP/1.1\r\nHost: app\r\n\r\nGET /wait?ms=500 HTTP/1.1\r\nHost: app\r\n\r\n')
  await once(socket, 'data')
  const exit = once(app, 'exit')
  app.kill('SIGTERM')
  await once(socket, 'close')
  assert.equal(answers.match(/HTTP\/1\.1 200/g).length, 2)
  assert.deepEqual(await exit, [0, null])
})

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  server.close()
  await once(server, 'close')
  return port
}
