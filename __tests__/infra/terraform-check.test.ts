import { spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, test } from '@jest/globals'

/** `npm run infra:terraform` never passes in silence: what it could not check it says, or refuses. */

const programs = mkdtempSync(path.join(tmpdir(), 'programs-'))
afterAll(() => rmSync(programs, { recursive: true, force: true }))

/** A program called terraform whose `init` says this, and which fails at what is named. */
function terraform(init: string, fails: readonly string[]): void {
  const body = [
    '#!/bin/sh',
    `if [ "$1" = init ]; then printf '%s\\n' '${init}'; fi`,
    `case "$1" in ${[...fails, 'nothing'].join('|')}) exit 1;; esac`,
    `if [ "$1" = test ]; then echo 'Success! 2 passed, 0 failed.'; fi`,
  ]
  writeFileSync(path.join(programs, 'terraform'), `${body.join('\n')}\n`)
  chmodSync(path.join(programs, 'terraform'), 0o755)
}

/** With only these programs. */
function check(PATH: string, env: NodeJS.ProcessEnv = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/infra-terraform.ts'], {
    env: { ...env, PATH },
    encoding: 'utf8',
  })
  return { status, stdout, stderr }
}

const unreachable =
  'Error: Failed to query available provider packages\n\ncould not connect to registry.terraform.io: no such host'

describe('without Terraform', () => {
  test('says so, and passes', () => {
    const { status, stdout } = check('/nowhere')
    expect([status, stdout]).toEqual([
      0,
      'skipped: fmt, validate and test: neither terraform nor tofu is on the PATH\n',
    ])
  })

  test('fails where it is required', () => {
    const { status, stderr } = check('/nowhere', { TERRAFORM: 'required' })
    expect([status, stderr]).toEqual([1, expect.stringContaining('neither terraform nor tofu is on the PATH')])
  })
})

describe('with Terraform', () => {
  const PATH = `${programs}:/bin:/usr/bin`

  test('without the provider, form is checked, and the rest is said to be skipped', () => {
    terraform(unreachable, ['init'])
    const { status, stdout } = check(PATH)
    expect([status, stdout]).toEqual([0, expect.stringContaining('fmt: nothing to mend')])
    expect(stdout).toContain('skipped: validate and test: the provider cannot be had: could not connect to registry')
    expect(check(PATH, { TERRAFORM: 'required' }).status).toBe(1)
  })

  test('an init that fails for another reason fails', () => {
    terraform('Error: Unsupported Terraform Core version', ['init'])
    const { status, stderr } = check(PATH)
    expect([status, stderr]).toEqual([1, expect.stringContaining('Unsupported Terraform Core version')])
  })

  test.each(['fmt', 'validate', 'test'])('%s that fails fails', command => {
    terraform('done', [command])
    const { status, stderr } = check(PATH)
    expect([status, stderr]).toEqual([1, expect.stringContaining(`terraform ${command}`)])
  })

  test('every module is looked at', () => {
    terraform('done', [])
    const { status, stdout } = check(PATH)
    expect(status).toBe(0)
    for (const name of ['app', 'capacity-ec2', 'github', 'network', 'registry', 'scaling']) {
      expect(stdout).toContain(`terraform/${name}: valid, 2 runs of its tests passed`)
    }
    expect(stdout).toContain('terraform/examples/shop: valid, no tests')
  })
})
