import { createHash } from 'node:crypto'
import type { CommandEnd, TestAnswer, TestsSoFar } from '../model/idle-tests.ts'
import { Refusal } from '../model/outcome.ts'
import type { Progress } from '../model/progress.ts'
import type { Snapshot } from '../model/snapshot.ts'
import type { Step } from '../model/step.ts'
import { answersInRow } from '../plan/idle-tests.ts'
import type { Acted } from './acted.ts'
import { boundedOutput } from './output.ts'
import type { World } from './world.ts'

type StepOf<Kind extends Step['kind']> = Extract<Step, { kind: Kind }>

/** How long a cancelled run may take to stop its task: GitHub kills it after 7.5 s. */
const stopLimitMs = 4_000

export async function runTask(
  step: StepOf<'run-task'>,
  world: World,
  progress: Progress,
  seen: Snapshot,
): Promise<Acted> {
  const startedAt = world.clock.now()
  const startedBy = `ecs-bluegreen/${hash([step.service, step.taskDefinition, step.command]).slice(0, 20)}`
  // A killed run may have left it working: the same migration must not run twice at once.
  const left = await world.ecs.findTask(startedBy)
  // The same for every attempt of this run, so that a lost answer starts no second task; another for the next run.
  const clientToken = hash([startedBy, progress.startedAt])
  const task = left ?? (await world.ecs.runTask({ ...step, clientToken, startedBy }))
  world.log.info(
    left === undefined
      ? `Run pre-deploy-command in the task ${nameOf(task.arn)} of ${nameOf(step.taskDefinition)}, placed as those of ${step.service}`
      : `Wait for the task ${nameOf(task.arn)}, in which an earlier run has started this pre-deploy-command`,
  )
  return {
    progress: { ...progress, preDeploy: { startedAt, taskArn: task.arn } },
    seen: {
      ...seen,
      oneOff: { at: startedAt, value: task },
      oneOffLog: { container: step.container, tail: [] },
    },
    look: [],
  }
}

export async function stopTask(
  step: StepOf<'stop-task'>,
  world: World,
  progress: Progress,
  seen: Snapshot,
): Promise<Acted> {
  world.log.info(`Stop the task ${nameOf(step.taskArn)} of pre-deploy-command`)
  await world.ecs.stopTask(step.taskArn, step.reason)
  const { preDeploy } = progress
  return {
    progress: { ...progress, ...(preDeploy && { preDeploy: { ...preDeploy, stopAsked: true as const } }) },
    seen,
    look: [],
  }
}

/** A cancelled run decides nothing any more, but its task must not work on with nobody watching. Never throws. */
export async function stopTaskOfCancelled(world: World, progress: Progress, seen: Snapshot): Promise<void> {
  const { preDeploy } = progress
  if (!world.signal.aborted || preDeploy === undefined || preDeploy.stopAsked) return
  if (seen.oneOff?.value.lastStatus === 'STOPPED') return
  world.log.info(`Stop the task ${nameOf(preDeploy.taskArn)} of pre-deploy-command`)
  const answered = new AbortController()
  const stopped = world.ecs.stopTask(preDeploy.taskArn, 'ecs-bluegreen: the deploy was cancelled').then(
    () => undefined,
    (error: unknown) => (error instanceof Refusal ? error.failure.headline : String(error)),
  )
  const late = world.clock.sleep(stopLimitMs, answered.signal).then(
    () => `ECS did not answer within ${stopLimitMs} ms.`,
    () => undefined,
  )
  const problem = await Promise.race([stopped, late])
  answered.abort()
  if (problem !== undefined) {
    world.log.warn(`The task of pre-deploy-command may still run: ${preDeploy.taskArn}. ${problem}`)
  }
}

export async function askTestUrl(
  step: StepOf<'ask-test-url'>,
  world: World,
  progress: Progress,
  seen: Snapshot,
): Promise<Acted> {
  const answer = await world.askUrl(step.url, world.signal)
  const before = testsOf(progress, world)
  const said = describeAnswer(answer)
  const last = before.answers.at(-1)
  if (last === undefined || describeAnswer(last) !== said) world.log.info(`Ask test-url on ${progress.to}: ${said}`)
  const tests: TestsSoFar = {
    ...before,
    firstAskedAt: before.firstAskedAt ?? answer.at,
    answers: [...before.answers, answer].slice(-answersInRow),
  }
  return { progress: { ...progress, tests }, seen, look: [] }
}

function describeAnswer(answer: TestAnswer): string {
  return answer.kind === 'failed'
    ? `no answer, ${answer.message}`
    : `status ${answer.status}, ${answer.version === undefined ? 'no version' : `version ${answer.version}`}`
}

export async function testCommand(
  step: StepOf<'test-command'>,
  world: World,
  progress: Progress,
  seen: Snapshot,
): Promise<Acted> {
  const tests = testsOf(progress, world)
  const output = boundedOutput(line => world.log.info(line))
  world.log.phase(`Run test-command for ${progress.to}`)
  const timeoutMs = Math.max(0, step.until - world.clock.now())
  const end = await world.lock.during(timeoutMs, () =>
    world.runCommand({
      command: step.command,
      environment: step.environment,
      timeoutMs,
      onLine: output.take,
      signal: world.signal,
    }),
  )
  output.close()
  world.log.phase(`Go on with the deploy to ${progress.to}`)
  world.signal.throwIfAborted()
  world.log.info(`test-command ${end.kind === 'exited' ? `ended with exit code ${end.exitCode}` : end.kind}`)
  const command: CommandEnd = end.kind === 'not-started' ? end : { ...end, lastLines: output.lastLines() }
  return { progress: { ...progress, tests: { ...tests, command } }, seen, look: [] }
}

/** Noted when a test listener is written before the shift. */
export function testersPointed(progress: Progress, world: World): Pick<Progress, 'tests'> {
  if (progress.shiftedAt !== undefined) return {}
  return { tests: { ...testsOf(progress, world), pointedAt: world.clock.now() } }
}

function testsOf(progress: Progress, world: World): TestsSoFar {
  return progress.tests ?? { startedAt: world.clock.now(), answers: [] }
}

/** 64 hex digits. */
function hash(parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex')
}

function nameOf(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1)
}
