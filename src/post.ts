import { isPreviewMode } from './inputs/preview.ts'
import { closePage, type Env, readActionInputs, runWith } from './main.ts'
import { harmless, warn } from './report/log.ts'
import { loadCore } from './report/runner.ts'

/** Long enough for a slow answer and for what is taken back, short enough for the few minutes that GitHub gives a cancelled job. */
const limitMs = 120_000

/**
 * The post step. When main came to its end there is nothing to do. When it was cancelled or killed, what it has begun is finished
 * here, by what AWS says and not by memory; then it is told where production stands. Never fails the job, which has failed already.
 */
export async function post(env: Env, phase: string): Promise<void> {
  if (phase === 'done') return closeKept(env)
  const core = await loadCore()
  warn(core, 'The main step was ended before it could finish. What runs where is read from AWS now.')
  try {
    const inputs = readActionInputs(env)
    const report = await runWith(inputs, env, env.STATE_nonce ?? '', AbortSignal.timeout(limitMs), 'finish')
    const { outcome } = report
    if ('failure' in outcome) warn(core, outcome.failure.headline, true)
    else
      core.info(
        harmless(
          `Production: ${outcome.because}. Run ${inputs.mode === 'setup' || isPreviewMode(inputs.mode) ? `mode ${inputs.mode}` : 'the deploy'} again to finish it.`,
        ),
      )
  } catch (error) {
    warn(core, `The state could not be read: ${error instanceof Error ? error.message : String(error)}`, true)
  }
}

/** A page outside of AWS is the last thing that a failed job may fail over. */
async function closeKept(env: Env): Promise<void> {
  const kept = env.STATE_page ?? ''
  if (kept === '') return
  try {
    await closePage(env, kept)
  } catch (error) {
    const core = await loadCore()
    warn(core, `The environment's page could not be told: ${error instanceof Error ? error.message : String(error)}`)
  }
}
