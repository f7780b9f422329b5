import type { LoggedCall } from '../wire/call-log.ts'
import type { Played } from './play.ts'

const lastCalls = 25

/** A case with a violation, with all that it takes to understand it; everything else that was said is in the replay. */
export function tellViolation(played: Played): string {
  const { violations, calls, start } = played
  return [
    `seed ${played.case.seed} broke ${[...new Set(violations.map(({ rule }) => rule))].join(', ')}`,
    ...violations.map(({ atMs, run, rule, says }) => `  ${rule}, run ${run}, at ${seconds(atMs)}: ${says}`),
    ...tellCase(played),
    `  the last calls of ${calls.length}:`,
    ...calls.slice(-lastCalls).map(call => `    ${callLine(call, start)}`),
    `  replay: npm run soak -- --seed ${played.case.seed}`,
  ].join('\n')
}

/** A case from its schedule to its last call. */
export function tellWhole(played: Played): string {
  const { violations, calls, start, lines, clients } = played
  return [
    `seed ${played.case.seed}: ${violations.length} violations`,
    ...tellCase(played),
    ...lines.flatMap((said, index) => [`  run ${index + 1} says:`, ...said.map(line => `    ${line}`)]),
    `  ${calls.length} calls:`,
    ...calls.map(call => `    ${callLine(call, start)}`),
    `  clients: ${clients.requests} requests, ${clients.failed} failed`,
    ...clients.failures.map(line => `    ${line}`),
    ...violations.map(({ atMs, run, rule, says }) => `  VIOLATION ${rule}, run ${run}, at ${seconds(atMs)}: ${says}`),
  ].join('\n')
}

function tellCase({ case: { seed: _seed, ...schedule }, outcomes }: Played): readonly string[] {
  return [
    ...Object.entries(schedule).map(([name, value]) => `  ${name}: ${JSON.stringify(value)}`),
    ...outcomes.map((outcome, index) => {
      if (outcome === undefined) return `  run ${index + 1} was killed`
      const why = 'failure' in outcome ? `${outcome.failure.code}: ${outcome.failure.headline}` : outcome.because
      return `  run ${index + 1} ended ${outcome.status}, ${why}`
    }),
  ]
}

function callLine({ at, operation, status, error, lost, attempt, input }: LoggedCall, start: number): string {
  const result = [
    status,
    error,
    lost === undefined ? undefined : `lost ${lost}`,
    attempt > 1 ? `attempt ${attempt}` : undefined,
  ]
  const what = /^(Describe|List)/.test(operation) ? '' : ` ${JSON.stringify(input)}`
  return `${seconds(at - start)} ${operation} ${result.filter(one => one !== undefined).join(' ')}${what}`
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(2)}s`
}
