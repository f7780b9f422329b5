import type { Scaling } from '../aws/ports.ts'
import type { World } from '../deploy/world.ts'
import { type Color, colors } from '../model/color.ts'
import { Refusal } from '../model/outcome.ts'
import type { ScalingView } from '../model/scaling.ts'
import type { Snapshot } from '../model/snapshot.ts'
import { scalingText } from '../plan/scaling.ts'

/**
 * What a plan tells about Application Auto Scaling of the two services. One call; a role that may not make it learns how to allow it.
 *
 * @returns what was read, to be rehearsed with
 */
export async function checkScaling(
  world: World,
  seen: Snapshot,
  to: Color,
  desired: number,
): Promise<Pick<Scaling, 'describe'>> {
  const section = 'Auto scaling'
  const names = colors.map(color => seen.services.value[color].name)
  let found: Readonly<Record<string, ScalingView>> = {}
  try {
    found = await world.scaling.describe(names)
    const lines = names.flatMap(name => {
      const view = found[name]
      if (view === undefined) return []
      const few = name === seen.services.value[to].name && view.max < desired
      return [`${name} ${scalingText(view)}${few ? `, fewer than the ${desired} that the new version gets` : ''}`]
    })
    const none = `${names.join(' and ')} have no scalable target: nothing but people and deploys changes their counts`
    for (const says of lines.length > 0 ? lines : [none]) world.checks.note({ section, mark: 'OK', says })
  } catch (error) {
    if (!(error instanceof Refusal) || world.signal.aborted) throw error
    const { headline, details } = error.failure
    world.checks.note({ section, mark: 'SKIP', says: [headline, ...details].join(' ') })
  }
  return { describe: async () => found }
}
