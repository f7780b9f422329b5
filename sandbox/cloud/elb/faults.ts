import { AwsFault } from '../ports.ts'

/** An error that the service model does not list; the SDK shows it under its wire code. */
export function invalid(message: string): AwsFault {
  return new AwsFault('ValidationError', message)
}

/**
 * An error of the service model.
 * @param name without `Exception`, as on the wire: `PriorityInUse`
 */
export function refused(name: string, message: string, status = 400): AwsFault {
  return new AwsFault(`${name}Exception`, message, status)
}

/** @throws AwsFault as the API does for a parameter it cannot do without */
export function required<T>(value: T | undefined, parameter: string): T {
  if (value === undefined) throw invalid(`The request must contain the parameter ${parameter}`)
  return value
}

/** @throws AwsFault in the words of the API's own range check */
export function inRange(value: number, min: number, max: number, parameter: string): void {
  if (Number.isInteger(value) && value >= min && value <= max) return
  const bound = value > max ? `less than or equal to ${max}` : `greater than or equal to ${min}`
  throw invalid(
    `1 validation error detected: Value '${value}' at '${parameter}' failed to satisfy constraint: Member must have value ${bound}`,
  )
}
