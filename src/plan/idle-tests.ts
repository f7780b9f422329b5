import type { CommandEnd, IdleTests, TestAnswer, TestsSoFar, UrlTest } from '../model/idle-tests.ts'
import { type Failure, type FailureCode, failed } from '../model/outcome.ts'
import type { Candidate, Progress } from '../model/progress.ts'
import type { Snapshot } from '../model/snapshot.ts'
import type { Decision, Step } from '../model/step.ts'
import type { DeployGoal } from './goal.ts'
import { obeyMs } from './moment.ts'
import { judge } from './test-answer.ts'
import { sendsOnlyTo, toldOnly } from './traffic.ts'
import { fullShare } from './weights.ts'

/** So many good answers in a row: each comes over a connection of its own, so likely from another node of the load balancer. */
export const answersInRow = 3

/** Between a bad answer and the next question. */
const pauseMs = 1_000

/**
 * How long bad answers may go on. After a write to the test listener as long as production gets (AWS publishes no bound,
 * tens of seconds have been reported: aws-facts 2.7); else only until every node has seen the targets healthy.
 */
const limits = { afterWriteMs: 120_000, elseMs: 10_000 }

/**
 * The tests of the proven candidate, before the first production write. Undefined when all that were asked for have passed.
 *
 * | what is so                                         | decision                          |
 * |----------------------------------------------------|-----------------------------------|
 * | a test route does not send to the idle color       | point it there, once              |
 * | fewer than three good answers in a row             | ask, with a pause after a bad one |
 * | bad answers for too long                           | fail, with what was answered      |
 * | `test-command` has not run                         | run it                            |
 * | it ended badly                                     | fail, with its last lines         |
 */
export function testIdle(
  goal: DeployGoal,
  progress: Progress,
  candidate: Candidate,
  seen: Snapshot,
  now: number,
): Decision | undefined {
  const { tests } = goal
  if (tests === undefined || havePassed(tests, progress.tests, goal.version)) return undefined
  const { url, command } = tests
  const deadline = progress.startedAt + goal.timeoutMs
  const early = pointTesters(progress, seen) ?? (url && testUrl(url, goal, progress, now, deadline))
  if (early !== undefined || command === undefined) return early
  const step = {
    kind: 'test-command' as const,
    command,
    environment: environment(goal, tests, progress, candidate, seen),
    until: deadline,
  }
  return testCommand(progress.tests?.command, step, progress, url !== undefined, now)
}

function havePassed(wanted: IdleTests, done: TestsSoFar | undefined, version: string): boolean {
  const url = wanted.url === undefined || urlPassed(wanted.url, done?.answers ?? [], version)
  const command = wanted.command === undefined || (done?.command !== undefined && commandPassed(done.command))
  return url && command
}

function urlPassed(test: UrlTest, answers: readonly TestAnswer[], version: string): boolean {
  const latest = answers.slice(-answersInRow)
  return latest.length === answersInRow && latest.every(answer => judge(answer, test, version) === undefined)
}

function commandPassed(end: CommandEnd): boolean {
  return end.kind === 'exited' && end.exitCode === 0
}

/** Testers must reach the candidate: a test listener may still send to the color that was idle before. */
function pointTesters(progress: Progress, seen: Snapshot): Decision | undefined {
  const astray = seen.test.value.find(route => !sendsOnlyTo(route, progress.to, seen))
  if (astray === undefined) return undefined
  if (toldOnly(progress, astray, progress.to)) {
    return {
      kind: 'finish',
      outcome: failed(
        'WRITE_NOT_CONFIRMED',
        `${astray.label} was told to send testers to ${progress.to}, but reads back otherwise.`,
        astray.arn,
        'Somebody else writes to this listener at the same time. Let one of them own it, then run again.',
      ),
    }
  }
  return {
    kind: 'do',
    step: { kind: 'route', why: 'test', route: astray, shares: fullShare(progress.to), to: progress.to },
  }
}

function testUrl(
  test: UrlTest,
  goal: DeployGoal,
  progress: Progress,
  now: number,
  deadline: number,
): Decision | undefined {
  const so = progress.tests
  const answers = so?.answers ?? []
  if (urlPassed(test, answers, goal.version)) return undefined
  const ask: Decision = { kind: 'do', step: { kind: 'ask-test-url', url: test.url } }
  const last = answers.at(-1)
  const bad = last === undefined ? undefined : judge(last, test, goal.version)
  if (so === undefined || last === undefined || bad === undefined) return ask
  const limit =
    so.pointedAt === undefined
      ? (so.firstAskedAt ?? last.at) + limits.elseMs
      : Math.max(so.pointedAt, so.firstAskedAt ?? 0) + limits.afterWriteMs
  if (now >= Math.min(limit, deadline)) {
    return {
      kind: 'finish',
      outcome: failed(
        bad.code,
        `test-url does not pass on ${progress.to}: ${bad.because}.`,
        ...bad.details,
        ...whoAnswered(bad.code, last, progress),
        `Traffic never left ${progress.from}.`,
      ),
    }
  }
  const until = last.at + pauseMs
  return now < until ? { kind: 'wait', until, look: [], because: `${progress.to}: test-url ${bad.because}` } : ask
}

/** The old version behind the test URL has a usual cause. */
function whoAnswered(code: FailureCode, answer: TestAnswer, progress: Progress): readonly string[] {
  const { previous, from, to } = progress
  if (code !== 'TEST_WRONG_VERSION' || answer.kind === 'failed') return []
  if (answer.version === previous?.version) {
    return [
      `That is what ${from} runs. Does test-url go through a listener that sends to ${to}? Name it in \`test-listener-arns\`.`,
    ]
  }
  return [
    'If the application calls this image something else, set `version`; if it says its version in another place, set `version-from`.',
  ]
}

function testCommand(
  end: CommandEnd | undefined,
  step: Extract<Step, { kind: 'test-command' }>,
  progress: Progress,
  urlGiven: boolean,
  now: number,
): Decision | undefined {
  if (end !== undefined) return commandPassed(end) ? undefined : commandFailed(end, progress)
  if (now >= step.until) return commandFailed({ kind: 'timed-out', lastLines: [] }, progress)
  // Nobody has asked through the test listener yet, so nothing shows that its nodes obey.
  const obeyed = (progress.tests?.pointedAt ?? 0) + obeyMs
  return urlGiven || now >= obeyed
    ? { kind: 'do', step }
    : { kind: 'wait', until: obeyed, look: [], because: `${progress.to}: the test listener is taking effect` }
}

function environment(
  goal: DeployGoal,
  tests: IdleTests,
  progress: Progress,
  candidate: Candidate,
  seen: Snapshot,
): Readonly<Record<string, string>> {
  return {
    ECS_BLUEGREEN_TEST_URL: tests.url?.url ?? '',
    ECS_BLUEGREEN_VERSION: goal.version,
    ECS_BLUEGREEN_COLOR: progress.to,
    ECS_BLUEGREEN_TASK_DEFINITION: candidate.taskDefinition,
    ECS_BLUEGREEN_SERVICE: seen.services.value[progress.to].name,
    ECS_BLUEGREEN_CLUSTER: tests.cluster,
  }
}

function commandFailed(end: CommandEnd, progress: Progress): Decision {
  const lines = end.kind === 'not-started' ? [] : end.lastLines
  const last = lines.findLast(line => line.trim() !== '')
  const failure: Failure = {
    code: 'TEST_COMMAND_FAILED',
    headline: `test-command ${howItEnded(end)}.`,
    details: [
      ...(lines.length === 0 ? [] : ['It said last:']),
      ...lines,
      `${progress.to} did not pass. Traffic never left ${progress.from}.`,
    ],
    ...(last === undefined ? {} : { telling: `It said last: ${last}` }),
  }
  return { kind: 'finish', outcome: { status: 'failed', failure } }
}

function howItEnded(end: CommandEnd): string {
  switch (end.kind) {
    case 'exited':
      return `ended with exit code ${end.exitCode}`
    case 'timed-out':
      return 'had not ended when `timeout` was over'
    case 'not-started':
      return `could not be started: ${end.message}`
    default:
      return end satisfies never
  }
}
