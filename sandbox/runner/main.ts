import { parseArgs } from 'node:util'
import type { RunResult } from './result.ts'
import { startAction } from './run-action.ts'
import { describeResult, LogPrinter } from './show.ts'

const usage = `Usage: node sandbox/runner/main.ts ACTION_DIRECTORY [options]

Runs a JavaScript action as GitHub's runner does, and shows its log, annotations, outputs and summary.
Ctrl-C cancels it as the Cancel button does; a second Ctrl-C is the loss of the runner.

  --input NAME=VALUE  an input of the action (again for each)
  --env NAME=VALUE    a variable of its environment (again for each); of yours it gets only PATH and HOME
  --secret VALUE      text to hide in everything it prints (again for each)
  --workspace DIR     the checkout that it works in (default: an empty folder)
  --debug             show its debug lines
  --help              this text
`

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      input: { type: 'string', multiple: true, default: [] },
      env: { type: 'string', multiple: true, default: [] },
      secret: { type: 'string', multiple: true, default: [] },
      workspace: { type: 'string' },
      debug: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) {
    process.stdout.write(usage)
    return 0
  }
  const [actionDirectory, ...others] = positionals
  if (actionDirectory === undefined || others.length > 0) throw new Error('Name one action directory.')
  const printer = new LogPrinter(text => process.stdout.write(`${text}\n`))
  const action = startAction({
    actionDirectory,
    inputs: pairs('input', values.input),
    env: pairs('env', values.env),
    secrets: values.secret,
    debug: values.debug,
    onLine: line => printer.line(line),
    ...(values.workspace === undefined ? {} : { workspace: values.workspace }),
  })
  let interrupts = 0
  process.on('SIGINT', () => (++interrupts === 1 ? action.cancel() : action.kill()))
  process.on('SIGTERM', () => action.cancel())
  const result = await action.result
  process.stdout.write(`\n${describeResult(result)}\n`)
  return exitCode(result)
}

/** The action's own, unless that would call a failed run good. 130 is a shell's word for "interrupted". */
function exitCode(result: RunResult): number {
  if (result.conclusion === 'success') return 0
  if (result.exitCode !== null && result.exitCode !== 0) return result.exitCode
  return result.conclusion === 'failure' ? 1 : 130
}

function pairs(option: string, texts: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    texts.map(text => {
      const equals = text.indexOf('=')
      if (equals <= 0) throw new Error(`--${option} takes NAME=VALUE, not '${text}'`)
      return [text.slice(0, equals), text.slice(equals + 1)]
    }),
  )
}

try {
  process.exitCode = await main()
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\nTry --help.\n`)
  process.exitCode = 2
}
