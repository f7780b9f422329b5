import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test } from '@jest/globals'
import { parseWorkflowCommand } from '../../sandbox/runner/workflow-command.ts'

const source = (file: string) => JSON.stringify(new URL(`../../src/${file}`, import.meta.url).href)

/** What the log of a step says on its standard output, in a process of its own. */
function said(statements: string, env: Readonly<Record<string, string>> = {}): readonly string[] {
  const program = `import { actionLog } from ${source('report/log.ts')}; const log = actionLog(); ${statements}; await log.flushed()`
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', program], {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    env: { ...process.env, ...env },
  })
  expect(stderr.replace(/\(node:\d+\).*\n.*\n/g, '')).toBe('')
  return stdout.split('\n')
}

const commands = (lines: readonly string[]) => lines.flatMap(line => parseWorkflowCommand(line, () => true)?.name ?? [])

test('at most two warnings are annotations, with one place kept for the failure; the others are lines', () => {
  const lines = said("for (const number of [1, 2, 3, 4, 5]) log.warn('warning ' + number)")
  expect(commands(lines)).toEqual(['warning', 'warning'])
  expect(lines.filter(line => /^Warning: warning [345]$/.test(line))).toHaveLength(3)
})

test('a whole failed run has at most three annotations, whatever cannot be written, and the last is the failure', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'ecs-bluegreen-log-'))
  try {
    // Nobody writes to a folder, not even root.
    const unwritable = { GITHUB_OUTPUT: folder, GITHUB_STEP_SUMMARY: folder, GITHUB_STATE: folder }
    const inputs = { INPUT_SERVICE: 'app', INPUT_IMAGE: 'App', 'INPUT_REPORT-PATH': '/dev/null/report.html' }
    const run = `const { main } = await import(${source('main.ts')}); await main(process.env)`
    const lines = said(`log.warn('one'); await log.flushed(); ${run}`, { ...unwritable, ...inputs })
    expect(commands(lines)).toEqual(['warning', 'warning', 'error'])
    expect(
      lines.filter(line => /^Warning: The outputs deployment-status, .* could not be set: /.test(line)),
    ).toHaveLength(1)
    expect(lines.filter(line => line.startsWith('Warning: The report could not be written'))).toHaveLength(1)
    expect(lines.filter(line => line.includes('INVALID_INPUT'))).toEqual([expect.stringMatching(/^::error::/)])
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('an output that GitHub would not take is left empty, and told in one warning; the others are set', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'ecs-bluegreen-log-'))
  try {
    const file = path.join(folder, 'outputs')
    writeFileSync(file, '')
    const report = `(await import(${JSON.stringify(new URL('./hostile.ts', import.meta.url).href)})).hostileReport()`
    const publish = `await (await import(${source('report/publish.ts')})).publish(${report}, { env: {}, summary: false, reportPath: '' })`
    const lines = said(publish, { GITHUB_OUTPUT: file })
    expect(commands(lines)).toEqual(['warning'])
    expect(lines.join('\n')).toMatch(/The outputs .*image.* could not be set: it is longer than GitHub takes/)
    const outputs = readFileSync(file, 'utf8')
    expect(outputs).toMatch(/^deployment-status<<(\S+)\nfailed\n\1$/m)
    expect(outputs).not.toMatch(/^image<</m)
    expect(Buffer.byteLength(outputs)).toBeLessThan(500_000)
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('a group ends before the next begins', () => {
  expect(commands(said("log.phase('a'); log.info('x'); log.phase('b'); log.endPhase(); log.endPhase()"))).toEqual([
    'group',
    'endgroup',
    'group',
    'endgroup',
  ])
})

test('nothing in a title, a line or a warning is a command', () => {
  const hostile = JSON.stringify('x\n::error::y\n##[group]z')
  const lines = said(`log.phase(${hostile}); log.info(${hostile}); log.warn(${hostile}); log.endPhase()`)
  expect(commands(lines)).toEqual(['group', 'warning', 'endgroup'])
})

test('nothing in a title, a line, a warning or a failure steers a terminal, or hides or turns what is said', () => {
  const hostile = String.raw`'x\u001b[2J\u009b31m\u0000\u0007\u0085::error::y \u202egnp\u2066\u2028::error::z\u2029\ud800\tend'`
  const fail = `const { failed } = await import(${source('report/log.ts')}); failed(await import('@actions/core'), { code: ${hostile}, headline: ${hostile}, details: [${hostile}] })`
  const lines = said(
    `log.phase(${hostile}); log.info(${hostile}); log.warn(${hostile}); log.endPhase(); await log.flushed(); ${fail}`,
  )
  expect(commands(lines)).toEqual(['group', 'warning', 'endgroup', 'error'])
  expect(lines.filter(line => /(?!\t)[\p{Cc}\p{Bidi_Control}\u2028\u2029]/u.test(line))).toEqual([])
  expect(lines.filter(line => line.includes('\tend'))).toHaveLength(4)
})

const megabyte = "'x🦊<'.repeat(260_000)"

test.each([
  ['a line', `log.info(${megabyte})`],
  ['a title', `log.phase(${megabyte})`],
  ['a warning', `log.warn(${megabyte})`],
  ['a warning that is no annotation any more', `for (const _ of [1, 2, 3]) log.warn(${megabyte})`],
])('%s of a megabyte has at most 4,000 characters, and whole ones', (_, statement) => {
  const lines = said(statement)
  expect(Math.max(...lines.map(line => line.length))).toBeLessThan(4_100)
  expect(Math.max(...lines.map(line => line.length))).toBeGreaterThan(3_900)
  expect(lines.some(line => line.endsWith('…'))).toBe(true)
  expect(lines.filter(line => !line.isWellFormed() || line.includes('\ufffd'))).toEqual([])
})

test('a megabyte of lines is as little as one of text', () => {
  expect(said(`log.info('x\\n'.repeat(500_000))`).length).toBeLessThan(20_010)
})

test('a failure has at most 40 details, and tells how many there are more', () => {
  const failure = `{ code: 'UNHEALTHY', headline: ${megabyte}, details: Array(100).fill(${megabyte}) }`
  const [line = ''] = said(
    `const { failed } = await import(${source('report/log.ts')}); failed(await import('@actions/core'), ${failure})`,
  )
  const details = line.split('%0A')
  expect(details[0]).toMatch(/^::error::UNHEALTHY: x/)
  expect(details).toHaveLength(42)
  expect(Math.max(...details.map(detail => detail.length))).toBeLessThan(4_100)
  expect(details.at(-1)).toBe('  and 60 more')
})
