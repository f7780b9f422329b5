import { expect } from '@jest/globals'
import type { RunResult } from '../../sandbox/runner/result.ts'
import { lines, type Stage } from '../e2e/stage.ts'

/** One deploy that has to fail, through the bundle and under traffic, and all that must hold afterwards. */

export interface Scenario {
  readonly name: string
  readonly code: string
  /** What the first screen of the summary says. */
  readonly cause: RegExp
  readonly inputs: Readonly<Record<string, string>>
  /** What somebody else does, once the idle service was updated. */
  readonly meanwhile?: (stage: Stage) => void
  /** Idle is then somebody else's. */
  readonly leavesIdle?: true
}

/** One line of the table at the end. */
export interface Row {
  readonly name: string
  readonly tasks: number
  readonly code: string
  readonly seconds: number
  readonly requests: number
  readonly failed: number
}

/** A value in every task's environment that must never be printed. */
export const confidential = 'never-print-this-value'

const firstScreenLines = 25

export function live(stage: Stage): 'blue' | 'green' {
  return (stage.weights().blue ?? 0) > 0 ? 'blue' : 'green'
}

export const idle = (stage: Stage): 'blue' | 'green' => (live(stage) === 'blue' ? 'green' : 'blue')

/** The first screen of a summary, as GitHub shows it. */
export function firstScreen(summary: string): string {
  const shown = summary.split('\n').slice(0, firstScreenLines).join('\n')
  return shown.replace(/&#(\d+);/g, (_, decimal: string) => String.fromCodePoint(Number(decimal)))
}

export function expectNothingPrinted(result: RunResult): void {
  const printed = [lines(result), result.summary, JSON.stringify(result.outputs), JSON.stringify(result.annotations)]
  expect(printed.join('\n')).not.toContain(confidential)
}

/** @param tasks for the table: how many each color has */
export async function failingDeploy(stage: Stage, scenario: Scenario, tasks: number): Promise<Row> {
  const [served, unused] = [live(stage), idle(stage)]
  const before = {
    weights: stage.weights(),
    live: stage.service(served),
    idle: stage.service(unused),
    traffic: stage.watch().snapshot(),
  }
  const began = performance.now()
  const running = stage.start(scenario.inputs)
  let over = false
  const acting = scenario.meanwhile && whenStaged(stage, before.idle, scenario.meanwhile, () => over)
  const result = await running.result
  over = true
  await acting
  const seconds = (performance.now() - began) / 1_000

  expect(result).toMatchObject({ conclusion: 'failure', exitCode: 1, outputs: { 'deployment-status': 'failed' } })
  expect(result.outputs['failure-reason']).toMatch(new RegExp(`^${scenario.code}: `))
  const shown = firstScreen(result.summary)
  expect(shown).toContain(`**${scenario.code}**`)
  expect(shown).toMatch(scenario.cause)
  expectNothingPrinted(result)

  expect(live(stage)).toBe(served)
  expect(stage.weights()[unused] ?? 0).toBe(0)
  if (scenario.meanwhile === undefined) expect(stage.weights()).toEqual(before.weights)
  expect(stage.service(served)).toEqual(before.live)
  if (scenario.leavesIdle !== true) {
    const { taskDefinition, desiredCount } = before.idle
    expect(stage.service(unused)).toMatchObject({ taskDefinition, desiredCount })
  }
  const after = stage.watch().snapshot()
  const requests = after.total - before.traffic.total
  expect(after.failed).toBe(before.traffic.failed)
  expect(requests).toBeGreaterThan(seconds * 50)
  expect(after.versions.map(seen => seen.version)).toEqual(['0.0.1'])
  return { name: scenario.name, tasks, code: scenario.code, seconds, requests, failed: after.failed }
}

async function whenStaged(
  stage: Stage,
  before: Readonly<Record<string, unknown>>,
  act: (stage: Stage) => void,
  over: () => boolean,
): Promise<void> {
  const unused = idle(stage)
  while (!over()) {
    if (stage.service(unused).taskDefinition !== before.taskDefinition) return act(stage)
    await new Promise(resolve => setTimeout(resolve, 20))
  }
}

/** Prints the rows, past jest's own framing. */
export function printTable(title: string, rows: readonly Row[]): void {
  const cells = rows.map(row => [
    row.name,
    String(row.tasks),
    row.code,
    row.seconds.toFixed(1),
    String(row.requests),
    String(row.failed),
  ])
  const all = [['scenario', 'tasks', 'code', 'seconds', 'requests', 'failed'], ...cells]
  const widths = [0, 1, 2, 3, 4, 5].map(column => Math.max(...all.map(row => row[column]?.length ?? 0)))
  const text = all.map(row => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '))
  process.stdout.write(`\n${title}\n${text.join('\n')}\n`)
}
