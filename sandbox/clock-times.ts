import type { ControlPlane } from './cloud/ports.ts'

/** Between two times: those of a sandbox that runs faster than life, and those of the clock. */
export interface ClockTimes {
  toClock(time: number): number
  fromClock(time: number): number
}

/**
 * A control plane that tells its times, and is told those of others, as the clock has them. Without that the events of a
 * sandbox that runs 8 times faster would lie minutes ahead of whoever reads them beside his own.
 */
export function inClockTime(plane: ControlPlane, times: ClockTimes): ControlPlane {
  return {
    call(service, operation, input) {
      const numbers = service === 'logs' ? numbersOfLogs : none
      const asked = converted(input, times.fromClock, numbers)
      return converted(plane.call(service, operation, asked), times.toClock, numbers)
    },
  }
}

type Convert = (time: number) => number

/** What CloudWatch Logs writes as numbers: milliseconds since the Unix epoch. */
const numbersOfLogs: ReadonlySet<string> = new Set(['timestamp', 'ingestionTime', 'startTime', 'endTime'])
const none: ReadonlySet<string> = new Set()

function converted(members: object, convert: Convert, numbers: ReadonlySet<string>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(members).map(([name, value]) => [
      name,
      typeof value === 'number' && numbers.has(name)
        ? Math.round(convert(value))
        : convertedValue(value, convert, numbers),
    ]),
  )
}

function convertedValue(value: unknown, convert: Convert, numbers: ReadonlySet<string>): unknown {
  if (value instanceof Date) return new Date(Math.round(convert(value.getTime())))
  if (Array.isArray(value)) return value.map(each => convertedValue(each, convert, numbers))
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value
  return converted(value, convert, numbers)
}
