import { AsyncLocalStorage } from 'node:async_hooks'
import type { AwsService, ControlPlane } from './cloud/ports.ts'

/** One call of the action that is carried out, at the moment when it is. */
export interface WitnessedCall {
  /** Which run of the simulation makes it, counted from 1. */
  readonly run: number
  readonly service: AwsService
  readonly operation: string
  readonly input: Record<string, unknown>
}

/** Sees every call of the action at the control plane, right before it and right after it. A refused call has no after. */
export interface Witness {
  before(call: WitnessedCall): void
  after(call: WitnessedCall): void
}

/** Which run the code that is running now belongs to; it follows every promise. */
const running = new AsyncLocalStorage<number>()

export function asRun<T>(run: number, act: () => Promise<T>): Promise<T> {
  return running.run(run, act)
}

export function witnessed(plane: ControlPlane, witness: Witness): ControlPlane {
  return {
    call(service, operation, input) {
      const call = { run: running.getStore() ?? 0, service, operation, input }
      witness.before(call)
      const answer = plane.call(service, operation, input)
      witness.after(call)
      return answer
    },
  }
}
