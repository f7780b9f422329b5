/** The shortest exact way to write a duration, as inputs take it: `90s`, `10m`, `1h`. */
export function durationText(ms: number): string {
  if (ms >= 3_600_000 && ms % 3_600_000 === 0) return `${ms / 3_600_000}h`
  if (ms >= 60_000 && ms % 60_000 === 0) return `${ms / 60_000}m`
  return `${ms / 1_000}s`
}

/** The same to the second, and above ten minutes to the minute. */
export function roughDuration(ms: number): string {
  const unit = ms > 600_000 ? 60_000 : 1_000
  return durationText(Math.round(ms / unit) * unit)
}
