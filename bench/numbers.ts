import { arch, cpus, platform } from 'node:os'

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, two) => one - two)
  const middle = Math.floor(sorted.length / 2)
  return sorted.length % 2 === 1
    ? (sorted[middle] as number)
    : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2
}

/** Figures mean little without the machine they were taken on. */
export function machine(): string {
  return `${cpus().length} × ${cpus()[0]?.model.trim() || arch()}, ${platform()}, Node ${process.versions.node}`
}

/** One row of the table that the bench prints. `limit` is what the project promises; nothing fails on it. */
export interface Figure {
  readonly what: string
  readonly figure: string
  readonly limit: string
}

export function print(title: string, figures: readonly Figure[]): void {
  const widths = [
    Math.max(4, ...figures.map(row => row.what.length)),
    Math.max(6, ...figures.map(row => row.figure.length)),
  ] as const
  console.log(`\n${title}`)
  for (const row of [{ what: 'what', figure: 'figure', limit: 'promised' }, ...figures]) {
    console.log(`  ${row.what.padEnd(widths[0])}  ${row.figure.padEnd(widths[1])}  ${row.limit}`.trimEnd())
  }
}
