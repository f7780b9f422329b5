import { oneLine } from '../../src/aws/errors.ts'
import { Refusal } from '../../src/model/outcome.ts'
import { block } from '../../src/report/markdown.ts'
import { credentialsStop } from './account.ts'
import { down } from './down.ts'
import { readDown, readUp } from './options.ts'
import { exitCodes, Stop } from './stop.ts'
import { createTerminal } from './terminal.ts'
import { up } from './up.ts'
import { usageDown, usageUp } from './usage.ts'

/** `npm run infra:up` and `npm run infra:down`: one command up, one down. */

const terminal = createTerminal(process.env)
const [verb, ...args] = process.argv.slice(2)

process.on('SIGINT', () => {
  terminal.say(
    '\nStopped looking. CloudFormation goes on by itself with what it has begun: run this again to see how it ends.',
  )
  process.exit(130)
})

try {
  if (verb === 'up') {
    const command = readUp(args)
    if (command === 'help') process.stdout.write(usageUp)
    else await up(command, terminal)
  } else if (verb !== 'down') {
    throw new Stop('usage', 'Run npm run infra:up or npm run infra:down.')
  } else {
    const command = readDown(args)
    if (command === 'help') process.stdout.write(usageDown)
    else await down(command, terminal)
  }
} catch (error) {
  const stop = stopOf(error)
  terminal.fail(stop.message)
  terminal.summarize(`### Stopped\n\n${block(stop.message)}`)
  process.exitCode = exitCodes[stop.kind]
}

function stopOf(error: unknown): Stop {
  if (error instanceof Stop) return error
  // What node:util says of an option that does not exist.
  if (error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS_')) {
    return new Stop('usage', `${error.message}\nTry --help.`)
  }
  const refused = error instanceof Refusal ? error.cause : error
  const credentials = credentialsStop(refused)
  if (credentials !== undefined) return credentials
  if (error instanceof Refusal) {
    return new Stop('failed', [error.failure.headline, ...error.failure.details.map(line => `  ${line}`)].join('\n'))
  }
  if (isSdkError(error)) {
    const denied = /AccessDenied|not authorized/i.test(`${error.name} ${error.message}`)
    const todo = denied ? ' The credentials may not do that: docs/one-command.md says what they need.' : ''
    return new Stop('failed', `AWS said ${oneLine(`${error.name}: ${error.message}`)}${todo}`)
  }
  throw error
}

function isSdkError(error: unknown): error is Error {
  return error instanceof Error && ('$metadata' in error || 'code' in error)
}
