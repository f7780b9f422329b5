import type { KillResult } from './kill-case.ts'

/** One line per case, when it is over; of one that went wrong everything that is known. */
export function caseLine({ case: one, operation, problems, seconds, log }: KillResult): string {
  const where = `${one.scenario} ${one.call} ${one.when} ${operation ?? '(never called)'}`
  if (problems.length === 0) return `  ok    ${where} (${seconds.toFixed(1)} s)\n`
  return `  WRONG ${where}, followed by ${one.follower}:\n${[...problems, ...log.split('\n')].map(line => `        ${line}\n`).join('')}`
}

/** What it came to, by scenario. A run that ended before its call came was not killed, and is no case. */
export function table(results: readonly KillResult[], all: number, seed: string): string {
  const played = results.filter(one => one.operation !== undefined)
  const names = [...new Set(results.map(one => one.case.scenario))].sort()
  const groups = [...names.map(name => [name, played.filter(one => one.case.scenario === name)] as const)]
  const rows = [...groups, ['all', played] as const].map(([name, group]) => [
    name,
    group.length,
    group.filter(one => one.problems.length === 0).length,
    new Set(group.map(one => one.operation)).size,
    sum(group.map(one => one.requests)),
    sum(group.map(one => one.failed)),
    Math.round(sum(group.map(one => one.perSecond)) / Math.max(1, group.length)),
  ])
  const head = ['killed run', 'cases', 'converged', 'operations', 'requests', 'failed', 'requests/s']
  const cells = [head, ...rows.map(row => row.map(String))]
  const widths = head.map((_, column) => Math.max(...cells.map(row => row[column]?.length ?? 0)))
  const text = cells.map(row =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
  const unreached = results.length - played.length
  const closing = [
    `${played.length} of ${all} cases, from where the seed '${seed}' says`,
    ...(unreached === 0 ? [] : [`${unreached} runs had ended before their call came`]),
  ]
  const wrong = results.filter(one => one.problems.length > 0).length
  return `\n${text.join('\n')}\n${closing.join('; ')}.\n${results.length - wrong} passed, ${wrong} failed\n`
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0)
}
