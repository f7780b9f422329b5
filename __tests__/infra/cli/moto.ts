import { type ChildProcess, spawn } from 'node:child_process'
import { createServer } from 'node:net'
import path from 'node:path'
import { motoPython } from './install.ts'

/** moto's server, on a port of its own. */
export interface Moto {
  readonly endpoint: string
  stop(): Promise<void>
}

export async function startMoto(): Promise<Moto> {
  const port = await freePort()
  const moto = spawn(motoPython(), [path.join(import.meta.dirname, 'moto_with_outputs.py'), String(port)])
  await listening(moto)
  return {
    endpoint: `http://127.0.0.1:${port}`,
    async stop() {
      const closed = new Promise(resolve => moto.once('close', resolve))
      moto.kill()
      await closed
    },
  }
}

function freePort(): Promise<number> {
  return new Promise(resolve => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
}

/** It says so on the error output. */
function listening(server: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = ''
    server.stderr?.on('data', (chunk: Buffer) => {
      said += chunk.toString()
      if (/Running on/.test(said)) resolve()
    })
    server.on('close', code => reject(new Error(`moto ended with ${code}: ${said}`)))
  })
}
