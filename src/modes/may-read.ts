import type { World } from '../deploy/world.ts'
import type { Check, Section } from '../model/check.ts'
import { colors } from '../model/color.ts'
import { counted } from '../model/count.ts'
import { Refusal } from '../model/outcome.ts'
import type { DeployGoal } from '../plan/goal.ts'
import type { Prepared } from './begin.ts'

/**
 * What a deploy reads only when it is under way, read once by a plan: so that it tells what this role may not see before anybody
 * depends on it, all of it at once. Four calls, and one for `keep-revisions`.
 *
 * @throws Refusal for whatever a deploy cannot do without
 */
export async function mayRead({ before, goal, progress }: Prepared, world: World): Promise<void> {
  const live = before.services.value[progress.from]
  const checks = await Promise.all([
    ...colors.map(color =>
      looked(world, 'Target groups', async () => {
        const group = before.targetGroups[color]
        const targets = await world.elb.describeTargets(group.arn)
        const healthy = targets.filter(target => target.state === 'healthy').length
        return `${group.name}: ${healthy} of ${counted(targets.length, 'target')} healthy`
      }),
    ),
    looked(world, 'Services', async () => {
      const tasks = await world.ecs.describeTasks(live.name, 'RUNNING')
      return `${live.name}: ECS shows its tasks, ${tasks.length} of them RUNNING`
    }),
    looked(world, 'Task definition', async () => {
      await world.ecs.describeTaskDefinition(live.taskDefinition)
      return undefined
    }),
    ...revisions(goal, live.taskDefinition, world),
  ])
  world.checks.take(checks.flatMap(check => check ?? []))
}

/** Older revisions are only tidied up: a deploy goes on without. */
function revisions({ keepRevisions }: DeployGoal, arn: string, world: World): readonly Promise<Check | undefined>[] {
  if (keepRevisions === undefined) return []
  const family = arn.slice(arn.lastIndexOf('/') + 1).replace(/:[^:]*$/, '')
  const read = looked(world, 'Task definition', async () => {
    const { length } = await world.ecs.listRevisions(family)
    return `${family} has ${counted(length, 'active revision')}; \`keep-revisions\` is ${keepRevisions}`
  })
  return [
    read.then(check => {
      if (check?.failure === undefined) return check
      return { section: check.section, mark: 'SKIP', says: `Old revisions will not be deregistered. ${check.says}` }
    }),
  ]
}

async function looked(
  world: World,
  section: Section,
  read: () => Promise<string | undefined>,
): Promise<Check | undefined> {
  try {
    const says = await read()
    return says === undefined ? undefined : { section, mark: 'OK', says }
  } catch (error) {
    if (!(error instanceof Refusal) || world.signal.aborted) throw error
    const { failure } = error
    return { section, mark: 'NG', says: [failure.headline, ...failure.details].join('\n'), failure }
  }
}
