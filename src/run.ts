import { createWorld } from './create-world.ts'
import { heartbeat } from './deploy/heartbeat.ts'
import { lastWords } from './deploy/last-words.ts'
import type { World } from './deploy/world.ts'
import type { Inputs } from './inputs/inputs.ts'
import { isPreviewMode, previewTask } from './inputs/preview.ts'
import { isSetup } from './inputs/setup.ts'
import { skipped } from './model/check.ts'
import { Refusal } from './model/outcome.ts'
import type { RunReport } from './model/report.ts'
import { deploy } from './modes/deploy.ts'
import { finish } from './modes/finish.ts'
import { plan } from './modes/plan.ts'
import { promote } from './modes/promote.ts'
import { namingWhatRuns } from './modes/refused-knowing.ts'
import { rollback } from './modes/rollback.ts'
import { runPreview } from './modes/run-preview.ts'
import { setup } from './modes/setup.ts'
import { status } from './modes/status.ts'
import { refusedReport } from './refused.ts'
import { deployReport } from './report/collect.ts'
import { planLines } from './report/plan.ts'
import { previewLines, previewReport } from './report/preview.ts'
import { requestsLine } from './report/requests.ts'
import { setupLines, setupReport } from './report/setup.ts'
import { planReport, statusReport } from './report/standing.ts'
import { statusLines } from './report/status.ts'
import { naming, type Surroundings } from './surroundings.ts'

/** Runs one mode to its end. Throws only what is a bug of ours. */
export function run(inputs: Inputs, around: Surroundings): Promise<RunReport> {
  const { log, during } = heartbeat(around.clock, around.log, 'Read services, target groups, listeners and rules')
  return during(() => runMode(inputs, { ...around, log }))
}

async function runMode(inputs: Inputs, around: Surroundings): Promise<RunReport> {
  const startedAt = around.clock.now()
  const task = previewTask({ mode: inputs.mode, 'plan-for': inputs.planFor })
  // A preview only compares it with its own place.
  const watched = task === undefined ? inputs.productionUrl : undefined
  const probe = watched === undefined ? undefined : around.startProbe?.(watched, inputs.probeRate)
  const world = createWorld(inputs, around, probe)
  try {
    const ran = { startedAt, owner: around.owner, dry: inputs.mode === 'plan' }
    if (task !== undefined) {
      const ended = await runPreview(task, inputs, world, ran)
      const told = standing(inputs, around, world, startedAt)
      return say(around, previewLines, previewReport({ mode: inputs.mode, ...ended, ...told }))
    }
    if (isSetup({ mode: inputs.mode, 'plan-for': inputs.planFor })) {
      const ended = await setup(inputs, world, ran)
      const told = standing(inputs, around, world, startedAt)
      return say(around, setupLines, setupReport({ mode: inputs.mode, ...ended, ...told }))
    }
    switch (inputs.mode) {
      case 'deploy':
      case 'promote':
      case 'rollback':
        return await runDeploy({ ...inputs, mode: inputs.mode }, around, world, startedAt)
      case 'status': {
        const found = await status(world)
        return say(around, statusLines, statusReport({ ...found, ...standing(inputs, around, world, startedAt) }))
      }
      case 'plan': {
        const planned = await plan(inputs, world, startedAt)
        return say(around, planLines, planReport({ ...planned, ...standing(inputs, around, world, startedAt) }))
      }
      case 'setup':
      case 'preview':
      case 'preview-destroy':
      case 'preview-sweep':
        throw new Error(`${inputs.mode} was passed by`)
      default:
        return inputs.mode satisfies never
    }
  } catch (error) {
    const report = await refusedReport(inputs, around, startedAt, world, error)
    return inputs.mode === 'plan'
      ? say(around, planLines, {
          ...report,
          checks: skipped(report.checks, inputs.alarmNames.length === 0 ? ['Alarms'] : []),
        })
      : report
  } finally {
    await probe?.stop()
    around.log.endPhase()
  }
}

const modeOf = { deploy, promote, rollback } as const

async function runDeploy(
  inputs: Inputs & { readonly mode: keyof typeof modeOf },
  around: Surroundings,
  world: World,
  startedAt: number,
): Promise<RunReport> {
  const ended = await namingWhatRuns(world, await modeOf[inputs.mode](inputs, world, startedAt))
  const seenByProbe = ended.progress.watchingSince === undefined ? undefined : await world.probe?.stop()
  const logs = await lastWords(world, ended)
  const report = deployReport({
    mode: inputs.mode,
    ended,
    logs,
    ...standing(inputs, around, world, startedAt),
    version: ended.version,
    probeRate: inputs.probeRate,
    baked: inputs.bakeMs > 0,
    ...(seenByProbe === undefined ? {} : { probe: seenByProbe }),
    ...(inputs.productionUrl === undefined ? {} : { productionUrl: inputs.productionUrl }),
  })
  if (report.traffic !== undefined) around.log.info(requestsLine(report.traffic))
  for (const { label, url } of report.links ?? []) around.log.info(`${label}: ${url}`)
  // A run that had to wait for the lock has begun again.
  return { ...report, startedAt, ...(ended.unfinished ? { unfinished: true } : {}) }
}

/** The post step of a main that was cancelled or killed: finishes what did not fit, then tells what is where. */
export async function finishThenTell(inputs: Inputs, around: Surroundings): Promise<RunReport> {
  try {
    const { mode } = inputs
    if (mode !== 'status' && mode !== 'plan' && mode !== 'setup' && !isPreviewMode(mode))
      await finish(createWorld(inputs, around, undefined))
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    around.log.warn(`What main has begun could not be taken back: ${error.message}`)
  }
  // Half a pair has no status; what is missing is what a plan tells.
  return run(
    { ...inputs, ...(inputs.mode === 'setup' ? { mode: 'plan', planFor: 'setup' } : { mode: 'status' }) },
    around,
  )
}

function say(around: Surroundings, lines: (report: RunReport) => readonly string[], report: RunReport): RunReport {
  for (const line of lines(report)) around.log.info(line)
  return report
}

/** What every report says. */
function standing(inputs: Inputs, around: Surroundings, world: World, startedAt: number) {
  return {
    ...naming(inputs, around),
    startedAt,
    endedAt: around.clock.now(),
    checks: world.checks.all(),
    warnings: around.log.warnings(),
  }
}
