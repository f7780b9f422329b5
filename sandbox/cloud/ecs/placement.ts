/**
 * The rolling scheduler's decision: which tasks to start and stop now, from how the tasks stand and the two percentages
 * of the service. Pure, so that it can be read and tested as a table.
 *
 * - Alive tasks (desired status RUNNING) never exceed desired × maximumPercent, rounded down.
 * - Serving tasks are never stopped below desired × minimumHealthyPercent, rounded up.
 * - A failing task is replaced first and stopped once its replacement serves; without room it is stopped to make room.
 */

/** `starting`: on its way, or up and not yet proved. `serving`: proved. `failing`: fails its health checks. */
export type TaskStage = 'starting' | 'serving' | 'failing'

export interface PlacedTask<T> {
  readonly task: T
  readonly stage: TaskStage
  /** Of the primary deployment; others are on their way out. */
  readonly primary: boolean
}

export interface PlacementRules {
  readonly desired: number
  readonly minimumHealthyPercent: number
  readonly maximumPercent: number
  /** A failed deployment starts nothing and leaves the older ones alone. */
  readonly primaryFailed: boolean
}

export interface Placement<T> {
  readonly start: number
  /** No longer wanted. */
  readonly surplus: readonly T[]
  /** Failing, and to be replaced. */
  readonly unhealthy: readonly T[]
  /** True when the percentages leave neither a start nor a stop, so the deployment cannot move. */
  readonly stuck: boolean
}

/** @param tasks every task whose desired status is RUNNING, oldest first */
export function place<T>(tasks: readonly PlacedTask<T>[], rules: PlacementRules): Placement<T> {
  if (rules.primaryFailed && rules.desired > 0) {
    return { start: 0, surplus: [], unhealthy: failing(tasks, true), stuck: false }
  }
  const minimum = Math.ceil((rules.desired * rules.minimumHealthyPercent) / 100)
  const maximum = Math.floor((rules.desired * rules.maximumPercent) / 100)
  const primary = tasks.filter(one => one.primary)
  const sound = primary.filter(one => one.stage !== 'failing')
  const serving = sound.filter(one => one.stage === 'serving')

  const surplus = [...excess(sound, rules.desired), ...outgoing(tasks, minimum)]
  const unhealthy = [
    ...failing(tasks, false),
    // Enough others serve, so these are not needed even as a last resort.
    ...(serving.length >= rules.desired ? failing(tasks, true) : []),
  ]
  const need = Math.max(0, rules.desired - sound.length)
  const room = maximum - (tasks.length - surplus.length - unhealthy.length)
  const start = Math.max(0, Math.min(need, room))
  if (need > 0 && start === 0 && unhealthy.length === 0) {
    const [first] = failing(tasks, true)
    if (first !== undefined) return { start: 0, surplus, unhealthy: [first], stuck: false }
  }
  const waiting = sound.length > serving.length
  return { start, surplus, unhealthy, stuck: need > 0 && start + surplus.length + unhealthy.length === 0 && !waiting }
}

function failing<T>(tasks: readonly PlacedTask<T>[], primary: boolean): T[] {
  return tasks.filter(one => one.stage === 'failing' && one.primary === primary).map(one => one.task)
}

/** The primary's tasks above the desired count: those that do not serve yet go first, then the newest. */
function excess<T>(sound: readonly PlacedTask<T>[], desired: number): T[] {
  const count = sound.length - desired
  if (count <= 0) return []
  const newestFirst = [...sound].reverse()
  const order = [
    ...newestFirst.filter(one => one.stage !== 'serving'),
    ...newestFirst.filter(one => one.stage === 'serving'),
  ]
  return order.slice(0, count).map(one => one.task)
}

/** Tasks of older deployments that may go: all that do not serve, and of the others as many as the minimum allows. */
function outgoing<T>(tasks: readonly PlacedTask<T>[], minimum: number): T[] {
  const old = tasks.filter(one => !one.primary)
  const spare = Math.max(0, tasks.filter(one => one.stage === 'serving').length - minimum)
  return [
    ...old.filter(one => one.stage === 'starting'),
    ...old.filter(one => one.stage === 'serving').slice(0, spare),
  ].map(one => one.task)
}
