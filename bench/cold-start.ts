import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type Figure, median } from './numbers.ts'

/** From spawning the process to its first call reaching AWS, in turn with a bundle that does nothing else. */
export async function coldStart(runs: number): Promise<readonly Figure[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'ecs-bluegreen-bench-'))
  const origin = await listen()
  try {
    // Built here, by the same tools as dist: a floor that is committed would not follow the SDK.
    execFileSync('node_modules/.bin/ncc', ['build', 'lib/bench/floor/index.js', '--out', folder], { stdio: 'pipe' })
    const floor: number[] = []
    const action: number[] = []
    for (let run = 0; run < runs; run++) {
      floor.push(await origin.firstCall(path.join(folder, 'index.js')))
      action.push(await origin.firstCall('dist/index.js'))
    }
    const ratios = action.map((ms, run) => ms / (floor[run] as number))
    return [
      { what: `first AWS call, the floor (median of ${runs})`, figure: `${median(floor).toFixed(0)} ms`, limit: '' },
      { what: `first AWS call, the action (median of ${runs})`, figure: `${median(action).toFixed(0)} ms`, limit: '' },
      { what: 'ratio of the medians', figure: (median(action) / median(floor)).toFixed(2), limit: '≤ 1.15' },
      { what: 'median of the ratios, pair by pair', figure: median(ratios).toFixed(2), limit: '≤ 1.15' },
    ]
  } finally {
    origin.close()
    rmSync(folder, { recursive: true })
  }
}

/** A stand-in for AWS that only notes when it was called: whatever it answers, the start is over. */
async function listen() {
  let called: (() => void) | undefined
  const server = createServer((request, response) => {
    called?.()
    request.resume()
    response.writeHead(400, { 'content-type': 'application/x-amz-json-1.1' })
    response.end('{"__type":"ClusterNotFoundException","message":"Cluster not found."}')
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    close: () => server.close(),
    firstCall(script: string): Promise<number> {
      return new Promise((resolve, reject) => {
        const startedAt = performance.now()
        let ms: number | undefined
        called = () => {
          ms ??= performance.now() - startedAt
        }
        const child = spawn(process.execPath, [script], {
          stdio: 'ignore',
          env: {
            PATH: process.env.PATH,
            AWS_ENDPOINT_URL: endpoint,
            AWS_REGION: 'eu-central-1',
            AWS_ACCESS_KEY_ID: 'BENCH',
            AWS_SECRET_ACCESS_KEY: 'bench',
            INPUT_CLUSTER: 'bench',
            INPUT_SERVICE: 'bench',
            INPUT_IMAGE: 'bench:1',
          },
        })
        child.once('error', reject)
        child.once('close', () =>
          ms === undefined ? reject(new Error(`${script} ended without a call to AWS`)) : resolve(ms),
        )
      })
    },
  }
}
