import type { GroupSeen, RuleSeen } from '../model/clone.ts'
import { Refusal } from '../model/outcome.ts'
import type { SetupCrowd, SetupGoal, SetupGroup, SetupPart, SetupSeen } from '../model/setup.ts'
import { checkBehind } from '../plan/setup-checks.ts'
import { isTwin } from '../plan/setup-names.ts'
import { namesGroup } from '../plan/setup-route.ts'
import { tagsOfPresent } from './present-tags.ts'
import { readQuotas } from './quotas.ts'
import { lookAtOthers } from './setup-others.ts'
import type { World } from './world.ts'

/** Where the parts of a pair are looked for. */
export type SetupAddress = Pick<SetupGoal, 'of' | 'names' | 'groupName'>

/**
 * The service that is there, and its target group: what all names come from.
 *
 * @throws Refusal when there is none, or nothing that could become a pair
 */
export async function lookAtBlue(
  world: World,
  name: string,
  cluster: string,
): Promise<{ readonly service: SetupSeen['services']['blue']; readonly group: GroupSeen }> {
  const { elb, ecs } = world.clone()
  const [service] = await world.checks.read('Services', () => ecs.describe([name]))
  if (service === undefined) {
    throw new Refusal({
      code: 'SERVICE_NOT_FOUND',
      headline: `The service ${name} does not exist in cluster ${cluster}.`,
      details: [
        '`service` is the full name of the service that is there, without -blue unless it has that. Check `cluster` and the Region too.',
      ],
    })
  }
  world.checks.pass('Services', [() => checkBehind({ services: { blue: service } })])
  const arn = service.view.loadBalancers[0]?.targetGroupArn ?? ''
  const [, groupName = ''] = arn.split('/')
  const group = await world.checks.read('Target groups', () => elb.findGroup(groupName))
  if (group?.view.arn === arn) return { service, group }
  throw new Refusal({
    code: 'TARGET_GROUP_NOT_FOUND',
    headline: `The target group ${groupName} of ${name} does not exist any more.`,
    details: ['Give the service one that is there with UpdateService.', arn],
  })
}

export async function firstSetupLook(
  world: World,
  address: SetupAddress,
  found: Awaited<ReturnType<typeof lookAtBlue>>,
): Promise<SetupSeen> {
  const blue = { ...found.group, tags: {}, attributes: {} }
  const nothing: SetupSeen = {
    services: { blue: found.service },
    groups: { blue },
    listeners: [],
    rules: [],
    ownRules: [],
  }
  const seen = await lookAtSetup(world, address, nothing, ['groups', 'services', 'routes'])
  return { ...seen, others: await lookAtOthers(world, seen) }
}

/** Looks again at these parts; the others stay as they were. */
export async function lookAtSetup(
  world: World,
  address: SetupAddress,
  before: SetupSeen,
  parts: readonly SetupPart[],
): Promise<SetupSeen> {
  const groups = parts.includes('groups') ? await groupsOf(world, address, before) : before.groups
  const services = parts.includes('services') ? await servicesOf(world, address, before) : before.services
  const seen = { ...before, groups, services }
  return parts.includes('routes') ? { ...seen, ...(await routesOf(world, address, seen)) } : seen
}

async function groupsOf(world: World, { groupName }: SetupAddress, before: SetupSeen): Promise<SetupSeen['groups']> {
  const twin = await world.clone().elb.findGroup(groupName)
  const blue = before.groups.blue
  const arns = [blue.view.arn, ...(twin === undefined ? [] : [twin.view.arn])]
  const tags = await tagsOfPresent(world, arns)
  const whole = async (group: GroupSeen): Promise<SetupGroup> => ({
    ...group,
    tags: tags[group.view.arn] ?? {},
    attributes: await world.clone().elb.describeAllAttributes(group.view.arn),
  })
  const [original, green] = await Promise.all([whole(blue), twin && whole(twin)])
  return { blue: original, ...(green && { green }) }
}

async function servicesOf(world: World, { names }: SetupAddress, before: SetupSeen): Promise<SetupSeen['services']> {
  const found = await world.clone().ecs.describe([names.blue, names.green])
  const blue = found.find(service => service.view.name === names.blue) ?? before.services.blue
  const green = found.find(service => service.view.name === names.green)
  return { blue, ...(green && { green }) }
}

async function routesOf(
  world: World,
  { of }: SetupAddress,
  { groups, services }: SetupSeen,
): Promise<Pick<SetupSeen, 'listeners' | 'rules' | 'ownRules'>> {
  const { elb } = world.clone()
  const [loadBalancerArn] = groups.blue.view.loadBalancerArns
  if (loadBalancerArn === undefined) return { listeners: [], rules: [], ownRules: [] }
  const listeners = await elb.describeListeners(loadBalancerArn)
  const rules: RuleSeen[] = []
  for (const { arn } of listeners) rules.push(...(await elb.describeRulesOf(arn)))
  const pair = [groups.blue.view.arn, groups.green?.view.arn, services.green?.view.loadBalancers[0]?.targetGroupArn]
  const candidates = rules.filter(rule => pair.some(arn => arn !== undefined && namesGroup(rule, arn)))
  const tags = await tagsOfPresent(
    world,
    candidates.map(rule => rule.arn),
  )
  return {
    listeners,
    // Another run has deleted its double in this moment.
    rules: rules.filter(rule => !candidates.includes(rule) || tags[rule.arn] !== undefined),
    ownRules: candidates.map(rule => rule.arn).filter(arn => isTwin(tags[arn], of)),
  }
}

/** What counts against quotas, before the first part is made. */
export async function lookAtSetupCrowd(world: World, { groups }: SetupSeen): Promise<SetupCrowd> {
  const { elb } = world.clone()
  const [all, quotas] = await Promise.all([elb.allGroups(), readQuotas(world)])
  const shares = groups.blue.view.loadBalancerArns
  const there = all.filter(({ view }) => view.loadBalancerArns.some(arn => shares.includes(arn)))
  return { targetGroups: there.map(({ view }) => view.name), quotas }
}
