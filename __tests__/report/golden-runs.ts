import { fileURLToPath } from 'node:url'
import { seedPlain } from '../../sandbox/cloud/topology-plain.ts'
import { simulate } from '../../sandbox/simulation.ts'
import type { RunReport } from '../../src/model/report.ts'
import { deploy, url } from '../deploy/gradual-world.ts'
import { previewInputs } from '../modes/preview-world.ts'

/** One run for every way in which one can end, in virtual time: the same bytes on every machine. */

const watched = { ...url, 'bake-time': '30s' }
const canary = { strategy: 'canary', 'canary-percent': '10', 'canary-bake-time': '2m' }
const second = 'sample-app:0.0.2'

async function deployed(...[inputs, options]: Parameters<typeof deploy>): Promise<RunReport> {
  return (await deploy(inputs, options)).report
}

/** One run after others, in the same world. */
async function afterOthers(...runs: readonly Parameters<ReturnType<typeof simulate>['act']>[0][]): Promise<RunReport> {
  const simulation = simulate({ seed: 1, settings: { throttling: false } })
  let report: RunReport | undefined
  // Later, when every node of the load balancer has heard of the run before.
  for (const inputs of runs) report = (await simulation.act(inputs, [], { afterMs: 60_000 })).report
  if (report === undefined) throw new Error('no run was asked for')
  return report
}

async function cancelled(): Promise<RunReport> {
  const cancel = new AbortController()
  const simulation = simulate({ seed: 1, settings: { throttling: false } })
  const stop = async (clock: { sleep(ms: number): Promise<void> }) => {
    await clock.sleep(20_000)
    cancel.abort(new Error('SIGINT'))
  }
  return (await simulation.act({ ...watched, image: second }, [stop], { signal: cancel.signal })).report
}

async function swept(): Promise<RunReport> {
  const simulation = simulate({ seed: 1, settings: { throttling: false } })
  await simulation.act({ ...previewInputs, 'preview-ttl': '10m' })
  return (await simulation.act({ mode: 'preview-sweep' }, [], { afterMs: 11 * 60_000 })).report
}

async function setup(inputs: Parameters<ReturnType<typeof simulate>['act']>[0]): Promise<RunReport> {
  const simulation = simulate({ seed: 1, settings: { throttling: false }, seedWith: cloud => seedPlain(cloud) })
  return (await simulation.act(inputs)).report
}

export const goldenRuns: Readonly<Record<string, () => Promise<RunReport>>> = {
  succeeded: () => deployed(watched),
  'succeeded-canary': () => deployed({ ...watched, ...canary }),
  unchanged: () => deployed({ image: 'sample-app:0.0.1' }),
  staged: () => deployed({ 'auto-promote': 'false' }),
  promoted: () =>
    afterOthers({ image: second, 'auto-promote': 'false' }, { ...watched, mode: 'promote', image: second }),
  rollback: () => afterOthers({ image: second }, { ...watched, mode: 'rollback' }),
  'rolled-back': () =>
    deployed(
      { ...watched, ...canary, image: `${second}-degrades` },
      { topology: { environment: { DEGRADE_AFTER: '20' } } },
    ),
  failed: () => deployed({ ...watched, image: `${second}-unhealthy`, timeout: '3m' }),
  cancelled,
  preview: () => afterOthers(previewInputs),
  'preview-gone': () =>
    afterOthers(previewInputs, { mode: 'preview-destroy', 'preview-id': previewInputs['preview-id'] }),
  'preview-failed': () => afterOthers({ ...previewInputs, image: `${second}-unhealthy`, timeout: '3m' }),
  'preview-swept': swept,
  status: () => afterOthers({ image: second }, { mode: 'status' }),
  setup: () => setup({ mode: 'setup' }),
  'setup-plan': () => setup({ mode: 'plan', 'plan-for': 'setup' }),
  plan: () => afterOthers({ mode: 'plan', image: second }),
}

export function goldenFile(name: string): string {
  return fileURLToPath(new URL(`golden/${name}.md`, import.meta.url))
}

/** The page of the rollback workflow, as a job that has checked out its repository has it. */
export const ways = { rollback: 'https://github.com/octo-org/octo-repo/actions/workflows/rollback.yml' }
