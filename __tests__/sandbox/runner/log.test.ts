import { describe, expect, test } from '@jest/globals'
import type { LogLine } from '../../../sandbox/runner/result.ts'
import { LogPrinter } from '../../../sandbox/runner/show.ts'
import { runScripted, said } from './scripted.ts'

describe('The log', () => {
  test('has text, groups and annotations in order, from both streams', async () => {
    const heard: LogLine[] = []
    const result = await runScripted(
      {
        main: `
          say('::group::Verify green'); say('2/2 healthy'); say('::endgroup::')
          say('::notice title=Shift::moved'); say('##[warning]slow'); say('::unknown::text'); say('::debug::hidden')
          process.stdout.write('no line feed')`,
        post: `process.stderr.write('::error file=a.ts,line=2::one%0Atwo\\n')`,
      },
      { onLine: line => heard.push(line) },
    )
    expect(said(result)).toEqual([
      '[group]Verify green',
      '2/2 healthy',
      '[end-group]',
      '[notice]moved',
      '[warning]slow',
      '::unknown::text',
      'no line feed',
      '[error]one\ntwo',
    ])
    expect(result.groups).toEqual(['Run Scripted', 'Verify green'])
    expect(result.annotations).toEqual([
      { stage: 'main', kind: 'notice', message: 'moved', properties: { title: 'Shift' } },
      { stage: 'main', kind: 'warning', message: 'slow', properties: {} },
      { stage: 'post', kind: 'error', message: 'one\ntwo', properties: { file: 'a.ts', line: '2' } },
    ])
    expect(heard).toEqual(result.log)
    const times = result.log.map(line => line.at)
    expect(times).toEqual(times.toSorted((a, b) => a - b))
  })

  test('shows debug lines when asked', async () => {
    const result = await runScripted({ main: `say('::debug::' + process.env.RUNNER_DEBUG)` }, { debug: true })
    expect(said(result)).toEqual(['[debug]1'])
  })

  test('keeps all errors, but only ten become annotations, cut at 4096 characters', async () => {
    const result = await runScripted({ main: `for (let i = 0; i < 12; i++) say('::error::' + i + 'x'.repeat(5000))` })
    expect(said(result)).toHaveLength(12)
    expect(result.annotations.map(({ message }) => message.length)).toEqual(Array(10).fill(4096))
  })

  test('has no commands between stop-commands and its token', async () => {
    const main = `for (const line of ['::stop-commands::T0k', '::error::x', '::t0k::', '::error::y']) say(line)`
    const result = await runScripted({ main })
    expect(said(result)).toEqual(['::stop-commands::T0k', '::error::x', '::t0k::', '[error]y'])
  })

  test('hides masked values from then on, everywhere but in outputs', async () => {
    const result = await runScripted(
      {
        main: `
          say('hunter2 early'); say('::add-mask::hunter2'); say('the hunter2 and topsecret')
          say('::error title=hunter2::bad hunter2')
          tell('OUTPUT', 'password=hunter2\\nother=1\\n'); tell('STEP_SUMMARY', 'hunter2')`,
      },
      { secrets: ['topsecret'] },
    )
    expect(said(result)).toEqual(['hunter2 early', 'the *** and ***', '[error]bad ***'])
    expect(result.annotations[0]).toMatchObject({ message: 'bad ***', properties: { title: '***' } })
    expect(result.summary).toBe('***')
    expect(result.outputs.password).toBe('hunter2')
    expect(result.secretOutputs).toEqual(['password'])
  })

  test('takes the old output and state commands, with a warning', async () => {
    const result = await runScripted({
      main: `say('::set-output name=a::1%0A2'); say('::save-state name=s::3')`,
      post: `say(process.env.STATE_s)`,
    })
    expect([result.outputs, result.state, said(result).at(-1)]).toEqual([{ a: '1\n2' }, { s: '3' }, '3'])
    expect(result.annotations.map(({ kind, message }) => `${kind} ${message.slice(0, 40)}`)).toEqual([
      'warning The `set-output` command is deprecated a',
      'warning The `save-state` command is deprecated a',
    ])
  })

  test.each(['::set-env name=A::1', '::add-path::/x', '::set-output::1', '::stop-commands::error', '::echo::maybe'])(
    'says why %s is refused, and the step fails',
    async line => {
      const result = await runScripted({ main: `say(${JSON.stringify(line)})` })
      expect(result).toMatchObject({ conclusion: 'failure', exitCode: 0, env: {}, outputs: {} })
      expect(result.annotations.map(({ kind }) => kind)).toEqual(['error', 'error'])
    },
  )

  test('is printed with groups indented', () => {
    const printed: string[] = []
    const printer = new LogPrinter(text => printed.push(text))
    const rows = [
      ['group', 'A'],
      ['text', 'in'],
      ['error', 'x\ny'],
      ['end-group', ''],
      ['text', 'out'],
      ['group', 'B'],
      ['group', 'C'],
    ] as const
    for (const [kind, text] of rows) printer.line({ at: 0, stage: 'main', kind, text })
    expect(printed).toEqual(['▸ A', '  in', '  Error: x', '  y', 'out', '▸ B', '▸ C'])
  })
})
