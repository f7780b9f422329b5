import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals'
import { node24 } from '../../sandbox/runner/node-program.ts'

/** dist as a runner starts it, on whatever system this is. AWS is not asked: `__tests__/e2e` does that, where there is a sandbox. */

let folder: string
const file = (name: string) => path.join(folder, name)
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'ecs-bluegreen-start-'))
})
beforeEach(() => {
  for (const name of ['output', 'state', 'summary']) writeFileSync(file(name), '')
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function start(
  entry: 'index' | 'post',
  inputs: Readonly<Record<string, string>>,
  state: Readonly<Record<string, string>> = {},
) {
  const { status, stdout, stderr } = spawnSync(node24(), [path.resolve('dist', `${entry}.js`)], {
    encoding: 'utf8',
    env: {
      ...process.env,
      ...state,
      GITHUB_OUTPUT: file('output'),
      GITHUB_STATE: file('state'),
      GITHUB_STEP_SUMMARY: file('summary'),
      ...Object.fromEntries(Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value])),
    },
  })
  return { status, said: `${stdout}${stderr}` }
}

test('main names every problem with its inputs, writes its outputs and the summary, and fails', () => {
  const { status, said } = start('index', { service: 'app', image: 'App', timeout: '10' })
  expect([status, said]).toEqual([1, expect.stringMatching(/::error::.*INVALID_INPUT/)])
  const outputs = readFileSync(file('output'), 'utf8')
  expect(outputs).toMatch(/deployment-status<<.*\r?\nfailed/)
  expect(outputs).toMatch(/failure-reason<<.*\r?\nINVALID_INPUT: 2 inputs/)
  expect(readFileSync(file('summary'), 'utf8')).toContain('INVALID_INPUT')
})

test('post has nothing to say when main was over', () => {
  expect(start('post', { service: 'app' }, { STATE_phase: 'done' })).toEqual({ status: 0, said: '' })
})

test('post tells when main was killed, and does not fail', () => {
  expect(start('post', { service: 'app' })).toEqual({
    status: 0,
    said: expect.stringContaining('::warning::The main step was ended before it could finish.'),
  })
})
