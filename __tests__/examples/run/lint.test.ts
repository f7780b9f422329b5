import { spawnSync } from 'node:child_process'
import { globSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { Repository } from '../../../sandbox/workflows/repository.ts'
import { toolPath } from '../../../sandbox/workflows/tools.ts'
import { repositoryPath } from '../../e2e/stage.ts'
import { quickStart, quickStartFile } from './quick-start.ts'

/** actionlint knows GitHub's workflow syntax, its contexts, and which outputs and inputs a job or a called workflow has. */

/** Nothing that happens to be installed: the same verdict everywhere. */
const options = ['-no-color', '-shellcheck=', '-pyflakes=']

function lint(folder: string, files: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(toolPath('actionlint'), [...options, ...files], {
    cwd: folder,
    encoding: 'utf8',
  })
  return { status, said: `${stdout}${stderr}` }
}

const asItIs = (workflow: string) => workflow

let repository: Repository
beforeAll(() => {
  repository = new Repository(repositoryPath('examples'), asItIs)
})
afterAll(() => repository.close())

test('the examples, where users put them', () => {
  const files = globSync('.github/workflows/*.yml', { cwd: repository.folder })
  expect(files).toHaveLength(globSync('*.yml', { cwd: repositoryPath('examples') }).length)
  expect(lint(repository.folder, files)).toEqual({ status: 0, said: '' })
})

test('the quick start of the README', () => {
  repository.copy(quickStartFile, quickStart())
  expect(lint(repository.folder, [`.github/workflows/${quickStartFile}`])).toEqual({ status: 0, said: '' })
})

test("the project's own workflows", () => {
  const files = globSync('.github/workflows/*.yml', { cwd: repositoryPath() })
  expect(files.length).toBeGreaterThan(0)
  expect(lint(repositoryPath(), files)).toEqual({ status: 0, said: '' })
})

test('it would find an output that no job has', () => {
  repository.breakFile('deploy.yml', 'needs.build.outputs.image', 'needs.build.outputs.picture')
  const { status, said } = lint(repository.folder, ['.github/workflows/deploy.yml'])
  expect(status).toBe(1)
  expect(said).toContain('"picture" is not defined')
})

test('it knows how an environment is used without a Deployment by GitHub, and would find a misspelled one', () => {
  repository.breakFile(
    'rollback.yml',
    'runs-on: ubuntu-latest',
    'runs-on: ubuntu-latest\n    environment: { name: a, deploymnt: false }',
  )
  const { status, said } = lint(repository.folder, ['.github/workflows/rollback.yml'])
  expect(status).toBe(1)
  expect(said).toContain('unexpected key "deploymnt"')
})
