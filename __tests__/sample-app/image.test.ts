import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, describe, expect, test } from '@jest/globals'

/** The sample app's image, as far as it can be known without Docker: what its Dockerfile says, and that the app needs no more than that. */

const folder = path.join(import.meta.dirname, '../../sample-app')

interface Instruction {
  readonly name: string
  readonly rest: string
}

const stages = readFileSync(path.join(folder, 'Dockerfile'), 'utf8')
  .split('\n')
  .filter(line => /^[A-Z]+ /.test(line))
  .map((line): Instruction => ({ name: line.slice(0, line.indexOf(' ')), rest: line.slice(line.indexOf(' ') + 1) }))
  .reduce<Instruction[][]>(
    (all, instruction) => {
      if (instruction.name === 'FROM') all.push([])
      all.at(-1)?.push(instruction)
      return all
    },
    [[]],
  )
const [, base = [], tested = [], final = []] = stages
const of = (stage: readonly Instruction[], name: string) =>
  stage.filter(instruction => instruction.name === name).map(({ rest }) => rest)

describe('the Dockerfile', () => {
  test('tests in one stage, and takes from it only what runs', () => {
    expect(stages).toHaveLength(4)
    expect(of(base, 'FROM')[0]).toMatch(/^[\w./-]+:\d+\.\d+\.\d+-alpine AS node$/)
    expect([of(tested, 'FROM'), of(final, 'FROM')]).toEqual([['node AS tested'], ['node']])
    expect(of(tested, 'RUN')).toEqual(['node --test'])
    expect(of(final, 'COPY')).toEqual([
      expect.stringMatching(/^--from=tested --chown=0:0 --chmod=0444 \/app\/package\.json \/app\/server\.js /),
    ])
  })

  test('ends as somebody without rights, and starts the app without a shell between it and SIGTERM', () => {
    expect(of(final, 'USER').at(-1)).toMatch(/^[1-9]\d*:[1-9]\d*$/)
    expect(JSON.parse(of(final, 'CMD')[0] ?? '')).toEqual(['node', '/app/server.js'])
  })

  test('takes the version from whoever builds, and builds nothing without one', () => {
    expect(of(final, 'ARG')).toEqual(['VERSION'])
    expect(of(final, 'RUN')).toContain('test -n "$VERSION"')
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the Dockerfile's own
    expect(of(final, 'ENV')[0]).toContain('VERSION=${VERSION}')
  })

  test('copies only what .dockerignore lets in', () => {
    const letIn = readFileSync(path.join(folder, '.dockerignore'), 'utf8').match(/(?<=^!).*/gm) ?? []
    const copied = of(tested, 'COPY').flatMap(rest => rest.split(' ').slice(0, -1))
    expect([...copied].sort()).toEqual([...letIn].sort())
    expect(readdirSync(folder)).toEqual(expect.arrayContaining(copied))
  })
})

describe('the app with nothing but its files', () => {
  const children: ChildProcess[] = []
  const folders: string[] = []
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL')
    for (const one of folders.splice(0)) rmSync(one, { recursive: true, force: true })
  })

  test('listens, ends when it is told to, and is never allowed to write a file', async () => {
    const alone = realpathSync(mkdtempSync(path.join(tmpdir(), 'sample-app-')))
    folders.push(alone)
    for (const file of ['package.json', 'server.js']) copyFileSync(path.join(folder, file), path.join(alone, file))
    const app = spawn(process.execPath, ['--permission', `--allow-fs-read=${alone}`, path.join(alone, 'server.js')], {
      env: { VERSION: '1.2.3', HOST: '127.0.0.1', PORT: '0' },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    children.push(app)
    const said: string[] = []
    app.stderr.on('data', chunk => said.push(String(chunk)))
    await once(app.stdout, 'data')
    const exit = once(app, 'exit')
    app.kill('SIGTERM')
    expect(await exit).toEqual([0, null])
    expect(said).toEqual([])
    expect(readdirSync(alone).sort()).toEqual(['package.json', 'server.js'])
  })

  test('its own tests pass, without Docker', () => {
    const { status, stdout } = spawnSync(process.execPath, ['--test'], { cwd: folder, env: {}, encoding: 'utf8' })
    expect([status, stdout.match(/pass \d+/)?.[0]]).toEqual([0, 'pass 3'])
  })
})
