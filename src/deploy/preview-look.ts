import type { Attributes, ListenerSeen } from '../model/clone.ts'
import type {
  PreviewGroup,
  PreviewOwner,
  PreviewPart,
  PreviewPlace,
  PreviewRule,
  PreviewSeen,
} from '../model/preview.ts'
import type { RevisionsSeen } from '../plan/preview-destroy.ts'
import { isOwn } from '../plan/preview-names.ts'
import { tagsOfPresent } from './present-tags.ts'
import { isLostPart } from './preview-lost.ts'
import { listenersOf, rulesAt } from './preview-rules.ts'
import { readToExplain } from './read-to-explain.ts'
import { describeIfThere, nameOf } from './revisions.ts'
import type { World } from './world.ts'

/** Where the parts of one preview are looked for. */
export interface PreviewAddress {
  readonly name: string
  readonly owner: PreviewOwner
  /** Absent: all listeners of the load balancers that name its target group, or else of production's. */
  readonly listenerArn?: string
  /** Where rules of runs before may be. */
  readonly otherListeners?: readonly string[]
  /** Whose rules there are others for, too. */
  readonly place?: PreviewPlace
}

export async function firstPreviewLook(world: World, address: PreviewAddress): Promise<PreviewSeen> {
  const at = world.clock.now()
  const nothing: PreviewSeen = {
    group: { at, value: undefined },
    rules: { at, value: [] },
    service: { at, value: undefined },
    endedAt: at,
  }
  return lookAtPreview(world, address, nothing, ['group', 'rules', 'service'])
}

/** @param explains those of `parts` that only tell why something failed: a refusal of AWS to show them is noted, and is no failure */
export async function lookAtPreview(
  world: World,
  address: PreviewAddress,
  seen: PreviewSeen,
  parts: readonly PreviewPart[],
  explains: readonly PreviewPart[] = [],
): Promise<PreviewSeen> {
  const at = world.clock.now()
  const has = (part: PreviewPart) => parts.includes(part)
  const group = has('group') ? { at, value: await groupOf(world, address) } : seen.group
  const arn = group.value?.view.arn
  let unread = seen.unread ?? {}
  const proof = async <T>(part: 'targets' | 'tasks' | 'stopped-tasks', read: () => Promise<T>) => {
    if (!has(part)) return undefined
    if (part !== 'stopped-tasks' && !explains.includes(part)) return { at, value: await read() }
    const answer = await readToExplain(world, seen.unread?.[part], read)
    if (answer.kind === 'refused') unread = { ...unread, [part]: { at, value: answer.failure } }
    return answer.kind === 'read' ? { at, value: answer.value } : undefined
  }
  const [rules, elsewhere, service, targets, tasks, stoppedTasks] = await Promise.all([
    has('rules') ? rulesOf(world, address, group.value) : undefined,
    has('elsewhere') ? rulesAt(world, address, group.value, address.otherListeners ?? []) : undefined,
    has('service') ? world.clone().ecs.describe([address.name]) : undefined,
    proof('targets', async () => (arn === undefined ? [] : world.elb.describeTargets(arn))),
    proof('tasks', () => world.ecs.describeTasks(address.name, 'RUNNING')),
    proof('stopped-tasks', () => world.ecs.describeTasks(address.name, 'STOPPED')),
  ])
  return {
    ...seen,
    group,
    unread,
    endedAt: world.clock.now(),
    ...(rules && { rules: { at, value: rules.rules }, listeners: rules.listeners }),
    ...(elsewhere && { elsewhere }),
    ...(service && { service: { at, value: service[0] } }),
    ...(targets && { targets }),
    ...(tasks && { tasks }),
    ...(stoppedTasks && { stoppedTasks }),
  }
}

async function groupOf(world: World, { name, listenerArn }: PreviewAddress): Promise<PreviewGroup | undefined> {
  const { elb } = world.clone()
  const group = await elb.findGroup(name)
  if (group === undefined) return undefined
  const { arn } = group.view
  const [tags, attributes] = await Promise.all([
    tagsOfPresent(world, [arn]),
    // Whoever deletes it does not mind.
    listenerArn === undefined ? undefined : attributesOf(world, arn),
  ])
  // Somebody has deleted it in this moment.
  const own = tags[arn]
  if (own === undefined || attributes === 'gone') return undefined
  return { ...group, tags: own, ...(attributes && { attributes }) }
}

async function attributesOf(world: World, arn: string): Promise<Attributes | 'gone'> {
  try {
    return await world.clone().elb.describeAllAttributes(arn)
  } catch (error) {
    if (isLostPart(error)) return 'gone'
    throw error
  }
}

async function rulesOf(
  world: World,
  address: PreviewAddress,
  group: PreviewGroup | undefined,
): Promise<{ readonly rules: readonly PreviewRule[]; readonly listeners: readonly ListenerSeen[] }> {
  const { listenerArn } = address
  const listeners = listenerArn === undefined ? await listenersOf(world, group) : []
  const arns = listenerArn === undefined ? listeners.map(listener => listener.arn) : [listenerArn]
  return { rules: await rulesAt(world, address, group, arns), listeners }
}

export interface RevisionInUse {
  readonly arn: string
  /** Name of the service. */
  readonly by: string
}

/** What the services of the cluster run. */
export async function revisionsInUse(world: World): Promise<readonly RevisionInUse[]> {
  const { ecs } = world.clone()
  const services = await ecs.describe(await ecs.list())
  return services.flatMap(({ view }) =>
    [view, ...view.deployments].map(({ taskDefinition }) => ({ arn: taskDefinition, by: view.name })),
  )
}

/**
 * Revisions of its family that have its tags, each read by itself: ECS lists them without. Those that a service runs stay: without its
 * revision, it could start no task any more.
 */
export async function lookAtRevisions(
  world: World,
  { name, owner }: PreviewAddress,
  inUse: () => Promise<readonly RevisionInUse[]>,
): Promise<RevisionsSeen> {
  const own = async (status: 'ACTIVE' | 'INACTIVE') => {
    const arns = await world.ecs.listRevisions(name, status)
    const found: string[] = []
    for (const arn of arns) {
      const described = await describeIfThere(world, arn)
      const tags = Object.fromEntries((described?.tags ?? []).map(({ key = '', value = '' }) => [key, value]))
      if (isOwn(tags, owner)) found.push(arn)
    }
    return found
  }
  const seen = { active: await own('ACTIVE'), inactive: await own('INACTIVE') }
  if (seen.active.length + seen.inactive.length === 0) return seen
  const others = (await inUse()).filter(({ by }) => by !== name)
  const used = others.filter(({ arn }) => [...seen.active, ...seen.inactive].includes(arn))
  for (const { arn, by } of used) {
    world.log.warn(`The service ${by} runs ${nameOf(arn)}: it stays. Deploy its image instead`)
  }
  const unused = (arns: readonly string[]) => arns.filter(own => !used.some(({ arn }) => arn === own))
  const left = { active: unused(seen.active), inactive: unused(seen.inactive) }
  const kept = seen.active.length + seen.inactive.length - left.active.length - left.inactive.length
  return { ...left, used: kept }
}
