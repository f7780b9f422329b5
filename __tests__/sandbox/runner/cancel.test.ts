import { describe, expect, test } from '@jest/globals'
import type { RunningAction, RunOptions } from '../../../sandbox/runner/run-action.ts'
import { ended } from '../../processes.ts'
import { type Scripts, said, startScripted } from './scripted.ts'

/** Starts an action and does something to it once it has said a line. */
async function onLine(
  scripts: Scripts,
  trigger: string,
  act: (action: RunningAction, pid: number) => void,
  options: Partial<RunOptions> = {},
) {
  const action: RunningAction = startScripted(scripts, {
    graces: { interruptMs: 400, terminateMs: 300 },
    ...options,
    onLine: line => {
      if (line.text.startsWith(trigger)) act(action, action.pid() ?? 0)
    },
  })
  return action.result
}

const waitForever = 'setInterval(() => {}, 1000)'
const report = (name: string) => `process.on('${name}', () => say('${name} ' + Math.round(performance.now() - start)))`
const tellTimes = `let start; ${report('SIGINT')}; ${report('SIGTERM')}`
// The child's own group is what makes it a hard one: only the tree leads to it.
const spawnChild = `
  const child = require('node:child_process').spawn(process.execPath, ['-e', '${waitForever}'], { detached: true })
  child.once('spawn', () => say('ready ' + child.pid));`

function childPid(lines: readonly string[]): number {
  return Number(lines.find(line => line.startsWith('ready '))?.split(' ')[1])
}

describe('Cancel', () => {
  test('sends SIGINT; what main wrote counts, the step is cancelled, post runs with its state', async () => {
    const result = await onLine(
      {
        main: `
          process.on('SIGINT', () => { tell('OUTPUT', 'deployment-status=cancelled\\n'); tell('STATE', 'restore=blue\\n'); process.exit(0) })
          say('ready'); ${waitForever}`,
        post: `say('restoring ' + process.env.STATE_restore)`,
      },
      'ready',
      action => action.cancel(),
    )
    expect(result).toMatchObject({
      conclusion: 'cancelled',
      exitCode: 0,
      outputs: { 'deployment-status': 'cancelled' },
      post: { conclusion: 'success' },
    })
    expect(said(result)).toEqual(['ready', '[error]The operation was canceled.', 'restoring blue'])
  })

  test('goes on to SIGTERM and SIGKILL of the whole tree, each after its grace', async () => {
    const result = await onLine(
      { main: `${tellTimes}; ${spawnChild} start = performance.now(); ${waitForever}`, post: `say('cleaned up')` },
      'ready',
      action => action.cancel(),
    )
    expect(result).toMatchObject({ conclusion: 'cancelled', exitCode: null, main: { signal: 'SIGKILL' } })
    const lines = said(result)
    const at = (name: string) => Number(lines.find(line => line.startsWith(name))?.split(' ')[1])
    // Timers are never early; how late they are is the machine's business.
    expect(at('SIGTERM') - at('SIGINT')).toBeGreaterThan(350)
    expect(result.main.durationMs).toBeGreaterThan(690)
    expect(lines.at(-1)).toBe('cleaned up')
    await ended(childPid(lines))
  })

  test('twice is cancelled once, and post is not cancelled', async () => {
    let cancels = 0
    const result = await onLine(
      {
        main: `process.on('SIGINT', () => { say('ready again'); setTimeout(() => process.exit(1), 50) }); say('ready'); ${waitForever}`,
        post: `process.on('SIGINT', () => process.exit(1)); say('ready in post'); setTimeout(() => say('post is done'), 100)`,
      },
      'ready',
      action => {
        cancels++
        action.cancel()
      },
    )
    expect(cancels).toBe(3)
    expect(result).toMatchObject({ conclusion: 'cancelled', exitCode: 1, post: { conclusion: 'success', exitCode: 0 } })
    expect(said(result).at(-1)).toBe('post is done')
  })

  test('after the end changes nothing', async () => {
    const action = startScripted({ main: `say('done')` })
    const result = await action.result
    action.cancel()
    await action.kill()
    expect([result.conclusion, action.pid()]).toEqual(['success', undefined])
  })
})

describe('The loss of the runner', () => {
  test('ends the tree at once; no outputs, no summary, no post', async () => {
    const result = await onLine(
      {
        main: `tell('OUTPUT', 'a=1\\n'); tell('STEP_SUMMARY', 'x'); ${spawnChild} ${waitForever}`,
        post: `say('never')`,
      },
      'ready',
      action => action.kill(),
    )
    expect(result).toMatchObject({
      conclusion: 'lost',
      exitCode: null,
      main: { signal: 'SIGKILL' },
      post: undefined,
      outputs: {},
      summary: '',
    })
    expect(said(result)).not.toContain('never')
    await ended(childPid(said(result)))
  })

  test('in post keeps what main had told', async () => {
    const result = await onLine(
      { main: `tell('OUTPUT', 'a=1\\n')`, post: `say('ready'); ${waitForever}` },
      'ready',
      action => action.kill(),
    )
    expect(result).toMatchObject({ conclusion: 'lost', outputs: { a: '1' }, main: { conclusion: 'success' } })
  })
})

test('What a step leaves running is ended with the job', async () => {
  const main = `
    const child = require('node:child_process').spawn(process.execPath, ['-e', '${waitForever}'], { stdio: 'ignore' })
    child.unref(); say('ready ' + child.pid)`
  const result = await startScripted({ main }).result
  expect(result.conclusion).toBe('success')
  await ended(childPid(said(result)))
})
