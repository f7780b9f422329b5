import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { LogLine, RunResult } from '../../../sandbox/runner/result.ts'
import { openStage, type Stage } from '../stage.ts'

/** The log of whole runs through the bundle, as GitHub shows it. */

const heartbeat = /^No news for /

/** Lines of progress, without the time in their end. */
function progressOf(log: readonly LogLine[]): readonly string[] {
  return log.filter(({ kind }) => kind === 'text').map(({ text }) => text.replace(/ \(\d+s[^()]*\)$/, ''))
}

/** Groups that were opened within another one, or never ended. */
function unbalanced(log: readonly LogLine[]): readonly string[] {
  const wrong: string[] = []
  let open: string | undefined
  for (const { kind, text } of log) {
    if (kind === 'group' && open !== undefined) wrong.push(`${text} within ${open}`)
    if (kind === 'group') open = text
    if (kind === 'end-group') open = undefined
  }
  return open === undefined ? wrong : [...wrong, `${open} is not ended`]
}

describe('the log', () => {
  let stage: Stage
  let deployed: RunResult
  let failed: RunResult
  beforeAll(async () => {
    stage = await openStage()
    deployed = await stage.run({
      image: 'sample-app:0.0.2',
      'production-url': stage.url,
      'test-command': 'echo smoke',
      'bake-time': '65s',
      timeout: '60s',
    })
    failed = await stage.run({ image: 'sample-app:0.0.3-unhealthy' })
  })
  afterAll(() => stage.close())

  test('has a group for each phase, one after the other', () => {
    expect(deployed).toMatchObject({ conclusion: 'success', exitCode: 0 })
    expect(deployed.groups.slice(1)).toEqual([
      'Preflight',
      'Deploy sample-app:0.0.2 to sample in cluster sandbox',
      'Prove green',
      'Run test-command for green',
      'Go on with the deploy to green',
      'Shift traffic to green',
      'Watch green under traffic',
      'Settle: notes, the test listener and the old color',
    ])
    expect(unbalanced(deployed.log)).toEqual([])
    expect(failed.groups.slice(1, 5)).toEqual([
      'Preflight',
      'Deploy sample-app:0.0.3-unhealthy to sample in cluster sandbox',
      'Prove blue',
      'Recover',
    ])
    expect(unbalanced(failed.log)).toEqual([])
  })

  test('says nothing twice in a row', () => {
    for (const { log } of [deployed, failed]) {
      const said = progressOf(log)
      expect(said.filter((line, index) => line === said[index + 1])).toEqual([])
      // Not even with others between: 30 s of waiting are a few lines.
      expect(said.length).toBeLessThan(80)
    }
  })

  test('shows that it is alive every 30 s while nothing changes, and not more often', () => {
    const text = deployed.log.filter(({ kind }) => kind === 'text')
    const beats = text.filter(line => heartbeat.test(line.text))
    expect(beats.length).toBeGreaterThanOrEqual(1)
    for (const [index, line] of text.entries()) {
      const before = text[index - 1]
      if (before === undefined) continue
      // The runner reads a line a moment after it was said, on a busy machine a long one.
      expect(line.at - before.at).toBeLessThan(60_000)
      if (heartbeat.test(line.text)) expect(line.at - before.at).toBeGreaterThan(15_000)
    }
  })

  test('annotates at most three things, and the failure is the only one of a run that failed', () => {
    expect(deployed.annotations.length).toBeLessThanOrEqual(3)
    expect(failed.annotations.map(({ kind }) => kind)).toEqual(['error'])
  })
})
