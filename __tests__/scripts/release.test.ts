import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, expect, test } from '@jest/globals'
import { parse } from 'yaml'
import { notesOf, tagToMove } from '../../scripts/release-notes.ts'

const changelog =
  '# Changes\n\n## Unreleased\n\n- later\n\n## 1.10.0\n\n- ten\n- more\n\n## 1.1.0 (2026-11-01)\n\n- one\n'

test.each([
  ['1.10.0', '- ten\n- more'],
  ['1.1.0', '- one'],
])('the notes of %s are its section', (version, notes) => {
  expect(notesOf(version, changelog)).toBe(notes)
})

test('a version without notes is no release', () => {
  expect(() => notesOf('1.1', changelog)).toThrow('CHANGELOG.md has no notes under "## 1.1".')
  expect(() => notesOf('2.0.0', `${changelog}\n## 2.0.0\n`)).toThrow('no notes')
})

test.each([
  ['v1.0.0', ['v1.0.0', ''], 'v1'],
  ['v1.10.0', ['v1.9.9', 'v1.10.0', 'v1'], 'v1'],
  ['v1.9.10', ['v1.9.9', 'v1.9.10', 'v1.10.0', 'v1'], undefined],
  ['v1.11.0', ['v1.11.0', 'v2.0.0', 'v2'], 'v1'],
  ['v2.0.0', ['v1.11.0', 'v2.0.0', 'v1'], 'v2'],
  ['nightly', ['v1.0.0'], undefined],
])('%s among %j moves %s', (tag, tags, moved) => {
  expect(tagToMove(tag, tags)).toBe(moved)
})

const folder = mkdtempSync(path.join(tmpdir(), 'ecs-bluegreen-release-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function run(program: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): string {
  const { PATH = '' } = process.env
  const { status, stdout, stderr } = spawnSync(program, args, {
    cwd: path.join(folder, 'clone'),
    encoding: 'utf8',
    env: { PATH, HOME: folder, GIT_CONFIG_NOSYSTEM: '1', ...env },
  })
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${stderr}`)
  return stdout.trim()
}

test('release.yml moves v1 in one write, and never deletes it', () => {
  const git = (...args: readonly string[]) => run('git', args)
  const commit = (message: string) => {
    git('-c', 'user.name=a', '-c', 'user.email=a@b.example', 'commit', '--quiet', '--allow-empty', '--message', message)
    return git('rev-parse', 'HEAD')
  }
  spawnSync('git', ['init', '--quiet', '--bare', path.join(folder, 'origin')])
  spawnSync('git', ['init', '--quiet', path.join(folder, 'clone')])
  git('remote', 'add', 'origin', path.join(folder, 'origin'))
  const updates = path.join(folder, 'updates')
  writeFileSync(path.join(folder, 'origin', 'hooks', 'update'), `#!/bin/sh\necho "$@" >> '${updates}'\n`, {
    mode: 0o755,
  })

  const { jobs } = parse(readFileSync('.github/workflows/release.yml', 'utf8')) as {
    readonly jobs: {
      readonly publish: { readonly steps: readonly { readonly name?: string; readonly run?: string }[] }
    }
  }
  const script = jobs.publish.steps.find(step => step.name === 'Move the major tag')?.run ?? ''
  const release = (version: string) => {
    const sha = commit(version)
    run('bash', ['-e', '-c', script], { MOVING: 'v1' })
    return sha
  }

  const [first, second] = [release('1.0.0'), release('1.0.1')]
  const none = '0'.repeat(40)
  expect(readFileSync(updates, 'utf8').trim().split('\n')).toEqual([
    `refs/tags/v1 ${none} ${first}`,
    `refs/tags/v1 ${first} ${second}`,
  ])
})
