import { describe, expect, test } from '@jest/globals'
import { runAction, startAction } from '../../../sandbox/runner/run-action.ts'
import { fixture, runScripted, said } from './scripted.ts'

describe('Inputs', () => {
  test('reach the action upper-cased with hyphens, defaults included', async () => {
    const result = await runScripted(
      {
        main: `tell('OUTPUT', 'seen=' + JSON.stringify([
        'INPUT_TWO_WORDS', 'INPUT_NUMBER', 'INPUT_TOKEN', 'INPUT_MUST', 'INPUT_POST-SCRIPT',
      ].map(name => process.env[name])))`,
      },
      { inputs: { NUMBER: '7' }, env: { GITHUB_TOKEN: 'ghs_1234567890' } },
    )
    expect(result.outputs.seen).toBe('["blank","7","ghs_1234567890","",""]')
    expect(result.secretOutputs).toEqual(['seen'])
  })

  test('that the action does not declare are passed on with a warning', async () => {
    const main = `say(process.env.INPUT_NOPE)`
    const result = await runScripted({ main }, { inputs: { nope: 'given', old: 'x' } })
    expect(said(result)).toEqual(['given'])
    expect(result.annotations.map(({ kind, message }) => [kind, message])).toEqual([
      ['warning', "Input 'old' has been deprecated with message: use number"],
      [
        'warning',
        "Unexpected input(s) 'nope', valid inputs are ['main-script', 'post-script', 'two words', 'number', 'token', 'must', 'old']",
      ],
    ])
  })
})

describe('The environment', () => {
  test('is a job of its own and not the caller’s', async () => {
    process.env.ONLY_THE_CALLER_HAS_THIS = '1'
    const main = `
      const { readFileSync, existsSync } = require('node:fs')
      const { GITHUB_EVENT_PATH, GITHUB_WORKSPACE, RUNNER_TEMP, ONLY_THE_CALLER_HAS_THIS, MINE, GITHUB_REPOSITORY } = process.env
      say(JSON.stringify([
        JSON.parse(readFileSync(GITHUB_EVENT_PATH, 'utf8')), existsSync(RUNNER_TEMP), process.cwd() === GITHUB_WORKSPACE,
        ONLY_THE_CALLER_HAS_THIS ?? null, MINE, GITHUB_REPOSITORY, process.version.slice(0, 4),
      ]))`
    const result = await runScripted({ main }, { env: { MINE: 'yes', GITHUB_REPOSITORY: 'a/b' }, event: { number: 5 } })
    delete process.env.ONLY_THE_CALLER_HAS_THIS
    expect(JSON.parse(said(result)[0] ?? '')).toEqual([{ number: 5 }, true, true, null, 'yes', 'a/b', 'v24.'])
  })
})

describe('Command files', () => {
  test('set outputs, variables, paths, state and the summary', async () => {
    const result = await runScripted({
      main: `
        tell('OUTPUT', 'plain=1\\nlong<<ghadelimiter\\na\\nb=c\\nghadelimiter\\n')
        tell('ENV', 'COLOR=green\\nNODE_OPTIONS=--inspect\\n')
        tell('PATH', '/first\\n/second\\n')
        tell('STATE', 'phase=shift\\n')
        tell('STEP_SUMMARY', '# Deployed\\n')`,
      post: `
        const { COLOR, STATE_phase, PATH, NODE_OPTIONS } = process.env
        say([COLOR, STATE_phase, PATH.split(':').slice(0, 2), NODE_OPTIONS].join())
        tell('OUTPUT', 'late=2\\n')
        tell('STEP_SUMMARY', 'Cleaned.\\n')`,
    })
    expect(result.conclusion).toBe('success')
    expect(result.outputs).toEqual({ plain: '1', long: 'a\nb=c', late: '2' })
    expect(result.env).toEqual({ COLOR: 'green' })
    expect(result.paths).toEqual(['/second', '/first'])
    expect(result.state).toEqual({ phase: 'shift' })
    expect(result.summary).toBe('# Deployed\n\nCleaned.\n')
    expect(said(result)).toEqual([
      "[error]Can't store NODE_OPTIONS output parameter using '$GITHUB_ENV' command.",
      'green,shift,/second,/first,',
    ])
  })

  test('that are malformed fail the step; what was before counts', async () => {
    const result = await runScripted({ main: `tell('OUTPUT', 'a=1\\nb<<EOF\\nx\\n')` })
    expect(result).toMatchObject({ conclusion: 'failure', exitCode: 0, outputs: { a: '1' } })
    expect(result.annotations.map(({ message }) => message)).toEqual([
      "Unable to process file command 'output' successfully.",
      "Invalid value. Matching delimiter not found 'EOF'",
    ])
  })

  test('may hold a summary of exactly 1024 KiB', async () => {
    const result = await runScripted({ main: `tell('STEP_SUMMARY', 'x'.repeat(1024 * 1024))` })
    expect([result.summary.length, result.annotations]).toEqual([1024 * 1024, []])
  })

  test('with a larger summary show none, say so, and do not fail the step', async () => {
    const result = await runScripted({ main: `tell('STEP_SUMMARY', 'x'.repeat(1025 * 1024))` })
    expect(result).toMatchObject({ conclusion: 'success', summary: '' })
    expect(result.annotations).toHaveLength(1)
    expect(result.annotations[0]?.message).toMatch(
      /^\$GITHUB_STEP_SUMMARY upload aborted, supports content up to a size of 1024k, got 1025k\./,
    )
  })
})

describe('Main and post', () => {
  test('A main that fails keeps its exit code and outputs, and post runs', async () => {
    const result = await runScripted({
      main: `tell('OUTPUT', 'failure-reason=X: y\\n'); process.exitCode = 3`,
      post: `say('cleaned up')`,
    })
    expect(result).toMatchObject({ conclusion: 'failure', exitCode: 3, outputs: { 'failure-reason': 'X: y' } })
    expect(result.post).toMatchObject({ conclusion: 'success', exitCode: 0 })
    expect(said(result)).toEqual(['cleaned up'])
  })

  test('A post that fails fails the job', async () => {
    const result = await runScripted({ post: 'process.exitCode = 1' })
    expect(result).toMatchObject({ conclusion: 'failure', exitCode: 0, main: { conclusion: 'success' } })
  })

  test.each([
    ['0', false],
    ['1', true],
  ])('After exit code %s, post-if: failure() is %p', async (code, ran) => {
    const actionDirectory = fixture('on-failure')
    const result = await runAction({ actionDirectory, inputs: { 'exit-code': code }, env: {} })
    expect(result.post !== undefined).toBe(ran)
  })

  test('A script that is not there fails the step', async () => {
    const result = await runAction({ actionDirectory: fixture('broken'), inputs: {}, env: {} })
    expect(result).toMatchObject({ conclusion: 'failure', exitCode: null })
    expect(result.annotations[0]?.message).toMatch(/^File not found: '.*broken\/dist\/index\.js'$/)
  })

  test('A folder without an action is refused at once', () => {
    const start = () => startAction({ actionDirectory: fixture(''), inputs: {}, env: {} })
    expect(start).toThrow("Can't find 'action.yml', 'action.yaml' or 'Dockerfile'")
  })
})
