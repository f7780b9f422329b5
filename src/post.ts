import { type Env, readActionInputs, runWith } from './main.ts'
import { loadCore } from './report/runner.ts'

/** Long enough for a slow answer, short enough for the few minutes that GitHub gives a cancelled job. */
const limitMs = 60_000

/**
 * The post step. When main came to its end there is nothing to do. When it was killed, nobody has said where production
 * stands: it is read from AWS and told. Never fails the job, which has failed already.
 */
export async function post(env: Env, phase: string): Promise<void> {
  if (phase === 'done') return
  const core = await loadCore()
  core.warning('The main step was ended before it could finish. What runs where is read from AWS now.')
  try {
    const inputs = { ...readActionInputs(env), mode: 'status' as const }
    const report = await runWith(inputs, env, AbortSignal.timeout(limitMs))
    const { outcome } = report
    if ('failure' in outcome) core.warning(outcome.failure.headline)
    else core.info(`Production: ${outcome.because}. Run the deploy again to finish it.`)
  } catch (error) {
    core.warning(`The state could not be read: ${error instanceof Error ? error.message : String(error)}`)
  }
}
