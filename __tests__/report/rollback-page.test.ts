import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { rollbackPage } from '../../src/report/rollback-page.ts'

let workspace: string
beforeEach(() => {
  workspace = mkdtempSync(path.join(tmpdir(), 'workspace-'))
})
afterEach(() => rmSync(workspace, { recursive: true }))

const around = () => ({
  GITHUB_WORKSPACE: workspace,
  GITHUB_REPOSITORY: 'octo-org/octo-repo',
  GITHUB_SERVER_URL: 'https://github.com',
})

function workflow(name: string, text: string): void {
  mkdirSync(path.join(workspace, '.github', 'workflows'), { recursive: true })
  writeFileSync(path.join(workspace, '.github', 'workflows', name), text)
}

const button = 'on:\n  workflow_dispatch:\njobs:\n  back:\n    steps:\n      - with:\n          mode: rollback\n'

test.each([
  ['its own', button],
  ['one that is quoted', button.replace('rollback\n', "'rollback' # back\n")],
  ['one in a flow', 'on: [workflow_dispatch]\njobs: {}\n# x\n    with: { mode: rollback, service: app }\n'],
])('finds the workflow that rolls back: %s', async (_, text) => {
  workflow('a.yml', 'on: push\n')
  workflow('back.yaml', text)
  expect(await rollbackPage(around())).toBe('https://github.com/octo-org/octo-repo/actions/workflows/back.yaml')
})

test.each([
  ['cannot be started by people', button.replace('workflow_dispatch', 'workflow_run')],
  ['only speaks of it', button.replace('mode:', '# mode:')],
  ['has another mode', button.replace('mode: rollback', 'mode: rollback-later')],
])('takes none that %s', async (_, text) => {
  workflow('a.yml', text)
  expect(await rollbackPage(around())).toBeUndefined()
})

test.each([
  ['without files', {}],
  ['on an odd server', { GITHUB_SERVER_URL: 'javascript:alert(1)//' }],
  ['of an odd repository', { GITHUB_REPOSITORY: 'a/b)[x](c' }],
  ['outside of a job', { GITHUB_WORKSPACE: undefined }],
])('finds none %s', async (what, change) => {
  if (what !== 'without files') workflow('a.yml', button)
  expect(await rollbackPage({ ...around(), ...change })).toBeUndefined()
})

test('skips what is no file, and names that are no part of a URL', async () => {
  mkdirSync(path.join(workspace, '.github', 'workflows', 'a.yml'), { recursive: true })
  workflow('b (1).yml', button)
  expect(await rollbackPage(around())).toBeUndefined()
})
