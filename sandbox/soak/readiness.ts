import type { ControlPlane } from '../cloud/ports.ts'
import type { Topology } from '../cloud/topology.ts'
import type { SeedColor } from '../cloud/topology-options.ts'
import type { Plan } from './case.ts'
import { colors, type ServiceState, serviceState, targetsOf, tasksOf } from './look.ts'

/**
 * A proof is made of answers, and the write comes after the last of them: with an answer that is late and a journal that is written
 * again and again in between. Nothing is proven for longer than this.
 */
export const proofMs = 15_000

/** Calls side by side see the same world: a look at it serves them all. */
const sampleMs = 400

interface Sample {
  readonly at: number
  readonly running: Readonly<Record<SeedColor, number>>
}

/** When each color could take traffic, as its services, tasks and targets say. */
export class Readiness {
  readonly #plane: ControlPlane
  readonly #topology: Topology
  readonly #provenAt = new Map<SeedColor, number>()
  /** When all its tasks ran, each with a healthy target: enough to take back what it had. */
  readonly #wellAt = new Map<SeedColor, number>()
  #samples: Sample[] = []
  #sampledAt = Number.NEGATIVE_INFINITY

  constructor(plane: ControlPlane, topology: Topology) {
    this.#plane = plane
    this.#topology = topology
  }

  isOld(now: number): boolean {
    return now - this.#sampledAt >= sampleMs
  }

  /** @param plans of the runs so far: one of them may have asked for fewer healthy targets */
  sample(at: number, plans: readonly Plan[]): void {
    this.#sampledAt = at
    const states = { blue: this.#service('blue'), green: this.#service('green') }
    for (const color of colors) {
      if (this.#isWell(color, states[color])) this.#wellAt.set(color, at)
      if (this.#isProven(color, states[color], plans)) this.#provenAt.set(color, at)
    }
    this.#samples = this.#samples.filter(one => at - one.at <= proofMs)
    this.#samples.push({ at, running: { blue: states.blue.runningCount, green: states.green.runningCount } })
  }

  /**
   * When it was last fit to take more traffic, in milliseconds; undefined for never.
   * @param back it takes back what it had: `min-healthy-targets` may have allowed less than all
   */
  provenAt(color: SeedColor, back: boolean): number | undefined {
    return Math.max(this.#provenAt.get(color) ?? 0, back ? (this.#wellAt.get(color) ?? 0) : 0) || undefined
  }

  /** How many of its tasks ran within the last moments. */
  running(color: SeedColor): { readonly most: number; readonly fewest: number } {
    const counts = this.#samples.map(({ running }) => running[color])
    return { most: Math.max(...counts), fewest: Math.min(...counts) }
  }

  #service(color: SeedColor): ServiceState {
    return serviceState(this.#plane, this.#topology, color)
  }

  /** Its newest deployment is complete, runs what it should, and enough targets are its own tasks and healthy. */
  #isProven(color: SeedColor, service: ServiceState, plans: readonly Plan[]): boolean {
    const primary = service.deployments.find(one => one.status === 'PRIMARY')
    if (service.status !== 'ACTIVE' || primary?.rolloutState !== 'COMPLETED') return false
    if (service.desiredCount === 0 || service.runningCount !== service.desiredCount) return false
    const tasks = tasksOf(this.#plane, this.#topology, color).filter(
      task => task.startedBy === primary.id && task.taskDefinitionArn === service.taskDefinition,
    )
    const addresses = new Set(tasks.map(task => task.address))
    const healthy = targetsOf(this.#plane, this.#topology, color).filter(
      target => target.state === 'healthy' && addresses.has(target.id),
    )
    const asked = plans.map(plan => Number(plan['min-healthy-targets'] ?? service.desiredCount))
    return healthy.length >= Math.min(service.desiredCount, ...asked)
  }

  #isWell(color: SeedColor, { status, desiredCount, runningCount }: ServiceState): boolean {
    if (status !== 'ACTIVE' || desiredCount === 0 || runningCount !== desiredCount) return false
    const healthy = targetsOf(this.#plane, this.#topology, color).filter(target => target.state === 'healthy')
    return healthy.length >= desiredCount
  }
}
