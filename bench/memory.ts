import { readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { runAction } from '../sandbox/runner/run-action.ts'
import { type Sandbox, startSandbox } from '../sandbox/sandbox.ts'
import { inFolder } from './children.ts'
import { type Figure, median } from './numbers.ts'

const hook = pathToFileURL(path.join(import.meta.dirname, 'peak-memory.js')).href
const repository = fileURLToPath(new URL('..', import.meta.url))

/** Whole deploys by the built bundle, one after the other, over real sockets, with the switch watched from outside. */
export async function memory(runs: number): Promise<readonly Figure[]> {
  const sandbox = await startSandbox({ speed: 10 })
  try {
    const peaks: number[] = []
    for (let run = 1; run <= runs; run++) peaks.push(await peakOfDeploy(sandbox, `sample-app:0.0.${run + 1}`))
    return [
      {
        what: `peak resident memory of a whole deploy (median of ${runs})`,
        figure: `${median(peaks).toFixed(1)} MiB`,
        limit: '≤ 95 MiB',
      },
      { what: 'the highest of them', figure: `${Math.max(...peaks).toFixed(1)} MiB`, limit: '' },
    ]
  } finally {
    await sandbox.close()
  }
}

function peakOfDeploy(sandbox: Sandbox, image: string): Promise<number> {
  return inFolder(async folder => {
    const file = path.join(folder, 'peak')
    const result = await runAction({
      actionDirectory: repository,
      inputs: {
        ...sandbox.description.inputs,
        image,
        'production-url': `${sandbox.description.productionUrl}/version`,
        'poll-interval': '1s',
        timeout: '60s',
      },
      env: { ...sandbox.description.env, NODE_OPTIONS: `--import=${hook}`, PEAK_MEMORY_FILE: file },
    })
    if (result.outputs['deployment-status'] !== 'succeeded') {
      throw new Error(`the deploy of ${image} did not succeed: ${result.log.map(line => line.text).join('\n')}`)
    }
    // One line each for main and post.
    const peaks = readFileSync(file, 'utf8').trim().split('\n').map(Number)
    return Math.max(...peaks) / 1024
  })
}
