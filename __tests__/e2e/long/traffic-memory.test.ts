import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { afterEach, expect, test } from '@jest/globals'
import { closeOrigins, serve, version } from '../../probe/origin.ts'

afterEach(closeOrigins)

const repository = fileURLToPath(new URL('../../..', import.meta.url))
const hook = pathToFileURL(path.join(repository, 'bench/peak-memory.js')).href

/** Code and all take 11 MB: 45 bytes kept of each request would end the client for want of memory. */
const heapMb = 20

/** What the client, flat out and writing every request to a file, ever had resident, in MB. */
async function peakOf(requests: number): Promise<number> {
  const folder = await mkdtemp(path.join(tmpdir(), 'traffic-memory-'))
  try {
    const origin = await serve((socket, index) => socket.write(version(index < requests / 2 ? 'old' : 'new')))
    const peak = path.join(folder, 'peak')
    const options = ['--rate', 'max', '--requests', String(requests), '--out', path.join(folder, 'out')]
    const node = [`--import=${hook}`, `--max-old-space-size=${heapMb}`]
    const child = spawn(process.execPath, [...node, 'sandbox/traffic.ts', origin.url, ...options], {
      cwd: repository,
      env: { ...process.env, PEAK_MEMORY_FILE: peak },
      stdio: 'ignore',
    })
    expect(await new Promise(resolve => child.once('close', resolve))).toBe(0)
    return (Number(await readFile(peak, 'utf8')) * 1024) / 1e6
  } finally {
    await rm(folder, { recursive: true })
  }
}

// `npm run bench` measures 4 million.
test('the memory of the traffic client does not grow with the number of requests', async () => {
  expect(await peakOf(200_000)).toBeLessThan(200)
})
