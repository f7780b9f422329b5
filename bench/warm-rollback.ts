import { fileURLToPath } from 'node:url'
import { runAction } from '../sandbox/runner/run-action.ts'
import { type Sandbox, startSandbox } from '../sandbox/sandbox.ts'
import { simulate } from '../sandbox/simulation.ts'
import { type Figure, median } from './numbers.ts'

const repository = fileURLToPath(new URL('..', import.meta.url))

const limit = '≤ 1.5 s'

/**
 * Deploys whose old color stays warm, each rolled back: how long until the write that gives the traffic back. Once through the built
 * bundle, from the start of its process, against a sandbox that answers at once; once in virtual time, from the start of the run, with
 * calls that take as long as the simulation's.
 */
export async function warmRollback(runs: number, seeds: number): Promise<readonly Figure[]> {
  return [await throughBundle(runs), await inVirtualTime(seeds)]
}

async function throughBundle(runs: number): Promise<Figure> {
  const sandbox = await startSandbox({ speed: 10 })
  try {
    const times: number[] = []
    for (let run = 1; run <= runs; run++) {
      await act(sandbox, { image: `sample-app:0.0.${run + 1}` })
      times.push(await untilWrite(sandbox))
    }
    return figure(`through the bundle, from the start of the process (median of ${runs}, max)`, times)
  } finally {
    await sandbox.close()
  }
}

async function untilWrite(sandbox: Sandbox): Promise<number> {
  let ms = Number.NaN
  let startedAt = Number.NaN
  sandbox.api.faults.add([{ kind: 'delay', operation: 'ModifyListener', delayMs: 0, times: 1 }], () => {
    ms = performance.now() - startedAt
  })
  startedAt = performance.now()
  await act(sandbox, { mode: 'rollback' })
  sandbox.api.faults.clear()
  return ms
}

/** @throws Error when the run does not succeed: its time would mean nothing */
async function act(sandbox: Sandbox, inputs: Readonly<Record<string, string>>): Promise<void> {
  const result = await runAction({
    actionDirectory: repository,
    inputs: { ...sandbox.description.inputs, 'poll-interval': '1s', timeout: '60s', ...inputs },
    env: sandbox.description.env,
  })
  if (result.outputs['deployment-status'] !== 'succeeded') {
    throw new Error(`${JSON.stringify(inputs)} did not succeed: ${result.log.map(line => line.text).join('\n')}`)
  }
}

async function inVirtualTime(seeds: number): Promise<Figure> {
  const times: number[] = []
  for (let seed = 1; seed <= seeds; seed++) {
    const simulation = simulate({ seed })
    await simulation.act({ image: 'sample-app:0.0.2' })
    const { report } = await simulation.act({ mode: 'rollback' })
    const calls = simulation.wire.calls.list()
    const write = calls.find(call => call.operation === 'ModifyListener' && call.at >= report.startedAt)
    if (report.outcome.status !== 'succeeded' || write === undefined) {
      throw new Error(`seed ${seed}: ${JSON.stringify(report.outcome)}`)
    }
    times.push(write.at - report.startedAt)
  }
  return figure(`in virtual time, from the start of the run (median of ${seeds}, max)`, times)
}

function figure(what: string, times: readonly number[]): Figure {
  const seconds = (ms: number) => `${(ms / 1_000).toFixed(2)} s`
  return { what, figure: `${seconds(median(times))}, ${seconds(Math.max(...times))}`, limit }
}
