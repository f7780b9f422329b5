import { record, type Settings } from '../model/clone.ts'

/** How many tasks ECS may start and stop at once while it replaces those of a copy. */

interface Percents {
  readonly maximumPercent: number
  readonly minimumHealthyPercent: number
}

/** ECS's own, with which one task more than wanted can always start. */
const standard: Percents = { maximumPercent: 200, minimumHealthyPercent: 100 }

/** What a service that is described without them has. */
export function percentsOf(described: Settings): Percents {
  const { maximumPercent, minimumHealthyPercent } = record(described.deploymentConfiguration)
  return {
    maximumPercent: typeof maximumPercent === 'number' ? maximumPercent : standard.maximumPercent,
    minimumHealthyPercent:
      typeof minimumHealthyPercent === 'number' ? minimumHealthyPercent : standard.minimumHealthyPercent,
  }
}

/**
 * Whether ECS could neither start nor stop a task of so many: what is a fine pace for eight tasks may be none at all for one, because
 * the most is rounded down and the fewest up. With no tasks there is nothing to replace.
 */
export function isStuck({ maximumPercent, minimumHealthyPercent }: Percents, desired: number): boolean {
  const most = Math.floor((desired * maximumPercent) / 100)
  return desired > 0 && most <= Math.ceil((desired * minimumHealthyPercent) / 100)
}

/** The percents of the original, where so many tasks can be replaced with them. */
export function paceFor(described: Settings, desired: number): Percents {
  const own = percentsOf(described)
  return isStuck(own, desired) ? standard : own
}

/** What UpdateService can make like the original again. */
const followed = ['networkConfiguration', 'enableExecuteCommand'] as const

export interface Follow {
  /** What UpdateService takes; empty when nothing differs. */
  readonly settings: Settings
  /** ECS gives it to new tasks only, and starts none by itself where the revision is the same. */
  readonly needsTasks: boolean
}

/** What a copy lacks to run as the original does by now. */
export function followOriginal(described: Settings, copy: Settings, desired: number): Follow {
  const differing = followed.filter(
    member => described[member] !== undefined && !alike(described[member], copy[member]),
  )
  const [pace, has] = [paceFor(described, desired), percentsOf(copy)]
  const { deploymentCircuitBreaker } = record(copy.deploymentConfiguration)
  const paced = alike(pace, has)
    ? {}
    : {
        deploymentConfiguration: {
          ...pace,
          ...(deploymentCircuitBreaker === undefined ? {} : { deploymentCircuitBreaker }),
        },
      }
  return {
    settings: { ...Object.fromEntries(differing.map(member => [member, described[member]])), ...paced },
    needsTasks: differing.length > 0,
  }
}

/** Subnets and security groups have no order. */
function alike(one: unknown, two: unknown): boolean {
  return JSON.stringify(sorted(one)) === JSON.stringify(sorted(two))
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value))
    return value.map(sorted).toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries.map(([key, member]) => [key, sorted(member)]))
}
