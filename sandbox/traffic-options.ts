import { parseArgs } from 'node:util'
import { duration, httpUrl, oneOf, type Parsed, type Parser, versionSource, wholeNumber } from '../src/inputs/values.ts'
import type { TrafficOptions } from '../src/probe/traffic-options.ts'

export const usage = `Usage: npm run traffic -- URL [options]

Sends GET requests to URL and counts how each one ends: answered with a version, or failed and how. Prints a
line for each failed request, at each change of version and per 1,000 requests (per second on a terminal), and a report
at the end: after --duration or --requests, or on Ctrl-C or SIGTERM.

  --rate N|max        requests per second at even intervals, or as many as the connections carry (default 100)
  --duration TIME     such as 60s, 10m or 1h (default: until stopped)
  --requests N        end after so many requests (default: until stopped)
  --connections N     how many requests may be under way at once (default 16)
  --fresh             a new connection for each request (default: connections are kept)
  --timeout TIME      for each request, connecting included (default 10s)
  --version-from W    json:MEMBER, header:NAME or text (default json:version)
  --out FILE          write every request, when it ends, and the report to FILE, one JSON object a line
  --max-failed N      exit with 1 when more requests failed, were not sent in time or were given up (default 0)
  --json              print the report as one line of JSON on the standard output, and all else on the error output
  --quiet             print only the closing report
  --help              this text

Exit codes: 0 as it should be; 1 more than --max-failed requests failed, were due while every connection was busy until the
end, or were given up two seconds after Ctrl-C, or none at all was answered as it should be; 2 the command line is wrong or
FILE cannot be written.
`

export interface Command {
  readonly traffic: TrafficOptions
  readonly out: string | undefined
  readonly maxFailed: number
  readonly json: boolean
  readonly quiet: boolean
}

const hourMs = 3_600_000

/** @throws UsageError with every problem at once, or TypeError for what is no option at all */
export function readCommand(args: readonly string[]): Command | 'help' {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      rate: { type: 'string', default: '100' },
      duration: { type: 'string' },
      requests: { type: 'string' },
      connections: { type: 'string', default: '16' },
      fresh: { type: 'boolean', default: false },
      timeout: { type: 'string', default: '10s' },
      'version-from': { type: 'string', default: 'json:version' },
      out: { type: 'string' },
      'max-failed': { type: 'string', default: '0' },
      json: { type: 'boolean', default: false },
      quiet: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return 'help'
  const problems: string[] = []
  const read = <T>(name: string, text: string, parse: Parser<T>, otherwise: T): T => {
    const parsed = parse(text)
    if (parsed.kind === 'value') return parsed.value
    problems.push(`${name}: ${parsed.problem}`)
    return otherwise
  }
  if (positionals.length !== 1) problems.push(`URL: one is needed, and ${positionals.length} were given.`)
  const durationMs =
    values.duration === undefined ? undefined : read('--duration', values.duration, duration(100, 24 * hourMs), 0)
  const requests =
    values.requests === undefined ? undefined : read('--requests', values.requests, wholeNumber(1, 999_999_999), 1)
  const traffic: TrafficOptions = {
    url: positionals.length === 1 ? read('URL', positionals[0] ?? '', httpUrl, '') : '',
    rate: read('--rate', values.rate, rate, 'max'),
    connections: read('--connections', values.connections, wholeNumber(1, 1_000), 1),
    mode: values.fresh ? 'fresh' : 'keep-alive',
    timeoutMs: read('--timeout', values.timeout, duration(100, hourMs), 0),
    versionFrom: read('--version-from', values['version-from'], versionSource, { kind: 'text' }),
    ...(durationMs === undefined ? {} : { durationMs }),
    ...(requests === undefined ? {} : { requests }),
  }
  const maxFailed = read('--max-failed', values['max-failed'], wholeNumber(0, 999_999_999), 0)
  if (problems.length > 0) throw new UsageError(problems.join('\n'))
  return { traffic, out: values.out, maxFailed, json: values.json, quiet: values.quiet }
}

export class UsageError extends Error {}

const max = oneOf(['max'])

function rate(text: string): Parsed<number | 'max'> {
  const number = Number(text)
  if (/^\d+(\.\d+)?$/.test(text) && number > 0 && number <= 100_000) return { kind: 'value', value: number }
  const word = max(text)
  if (word.kind === 'value') return word
  return { kind: 'problem', problem: `'${text}' is not a rate. Write a number above 0, at most 100000, or max.` }
}
