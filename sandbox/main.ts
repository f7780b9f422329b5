import { parseArgs } from 'node:util'
import { troubles } from './images.ts'
import { splitCommand } from './runtime/command.ts'
import { startSandbox } from './sandbox.ts'

const usage = `Usage: npm run sandbox -- [options]

Plays Amazon ECS, Elastic Load Balancing and CloudWatch on this machine: an API that the AWS SDKs and the AWS CLI
talk to, a load balancer with real sockets, and tasks that are real processes. Serves until Ctrl-C or SIGTERM.

  --json              print one line of JSON (env, inputs, productionUrl, testUrl) and nothing else
  --speed N           let its time run N times faster than the clock (default 1)
  --app COMMAND       run this program for every task instead of the sample app, such as 'node server.js'.
                      It gets PORT and VERSION (the image's tag) in its environment and answers GET /health
  --tasks N           tasks of each color (default 2)
  --port N            port of production (default: a free one)
  --https-port N      production on HTTPS too, at this port; 0 for a free one (default: HTTP alone)
  --test-port N       port for testers (default: a free one)
  --api-port N        port of the AWS API (default: a free one)
  --seed N            seed of its random delays and ids (default 1)
  --verbose           print what the tasks print
  --help              this text

The last word of an image's tag asks for trouble, such as sample-app:1-crash:
${troubles.map(([word, meaning]) => `  -${word.padEnd(19)}${meaning}\n`).join('')}
GET  {endpoint}/_sandbox/calls    API calls so far
POST {endpoint}/_sandbox/faults   rules for throttles, errors, delays, lost answers (docs/sandbox.md)
`

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      json: { type: 'boolean', default: false },
      speed: { type: 'string', default: '1' },
      app: { type: 'string' },
      tasks: { type: 'string', default: '2' },
      port: { type: 'string' },
      'https-port': { type: 'string' },
      'test-port': { type: 'string' },
      'api-port': { type: 'string' },
      seed: { type: 'string', default: '1' },
      verbose: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) {
    process.stdout.write(usage)
    return
  }
  const tasks = number('tasks', values.tasks, 1, 50)
  const https = values['https-port'] === undefined ? undefined : number('https-port', values['https-port'], 0, 65_535)
  const ports = {
    ...(https === undefined || https === 0 ? {} : { https }),
    ...(values.port === undefined ? {} : { production: number('port', values.port, 1, 65_535) }),
    ...(values['test-port'] === undefined ? {} : { test: number('test-port', values['test-port'], 1, 65_535) }),
    ...(values['api-port'] === undefined ? {} : { api: number('api-port', values['api-port'], 1, 65_535) }),
  }
  const sandbox = await startSandbox({
    speed: number('speed', values.speed, 0.1, 1_000),
    seed: number('seed', values.seed, 0, 2 ** 32 - 1),
    ports,
    topology: {
      tasks: { blue: tasks, green: tasks },
      ...(https === undefined ? {} : { productionPorts: [80, 443], httpsPorts: [443] }),
    },
    ...(values.app === undefined ? {} : { appCommand: splitCommand(values.app) }),
    ...(values.verbose ? { log: (line: string) => process.stderr.write(`${line}\n`) } : {}),
  })
  const { description } = sandbox
  if (values.json) process.stdout.write(`${JSON.stringify(description)}\n`)
  else {
    const lines = [
      `production  ${description.productionUrl}`,
      ...(description.httpsUrl === undefined ? [] : [`            ${description.httpsUrl}`]),
      `testers     ${description.testUrl}`,
      ...(description.caFile === undefined ? [] : [`certificate ${description.caFile}`]),
      '',
      ...Object.entries(description.env).map(([name, value]) => `export ${name}=${value}`),
      '',
      ...Object.entries(description.inputs).map(([name, value]) => `${name}: ${value}`),
      '',
      'Serving until Ctrl-C.',
    ]
    process.stdout.write(`${lines.join('\n')}\n`)
  }
  await new Promise<void>(resolve => {
    process.once('SIGTERM', () => resolve())
    process.once('SIGINT', () => resolve())
  })
  await sandbox.close()
}

function number(name: string, text: string, min: number, max: number): number {
  const value = Number(text)
  if (text.trim() === '' || !Number.isFinite(value) || value < min || value > max) {
    throw new Error(`--${name} takes a number from ${min} to ${max}, not '${text}'`)
  }
  return value
}

try {
  await main()
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\nTry --help.\n`)
  process.exitCode = 2
}
