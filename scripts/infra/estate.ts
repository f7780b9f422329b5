import { DescribeStackResourcesCommand } from '@aws-sdk/client-cloudformation'
import { cloneBalancing } from '../../src/aws/clone-balancing.ts'
import type { Cloning } from '../../src/aws/clone-ports.ts'
import { cloneServices } from '../../src/aws/clone-services.ts'
import { isNotFound } from '../../src/aws/errors.ts'
import { loadBalancing } from '../../src/aws/load-balancing.ts'
import { createLocks, type Locks } from '../../src/aws/locks.ts'
import type { LoadBalancing } from '../../src/aws/ports.ts'
import { loadBalancerOf } from '../../src/aws/views.ts'
import { tagsOfPresent } from '../../src/deploy/present-tags.ts'
import { lockName } from '../../src/deploy/run-lock.ts'
import type { GroupSeen, RuleSeen, Tags } from '../../src/model/clone.ts'
import type { LockView } from '../../src/model/journal.ts'
import { Refusal } from '../../src/model/outcome.ts'
import { readLock } from '../../src/plan/journal.ts'
import { mayBePreview, tagKeys } from '../../src/plan/preview-names.ts'
import { forwardConfig } from '../../src/plan/weights.ts'
import type { Account } from './account.ts'
import type { Stack } from './stacks.ts'

/** Things in and around the app's stack that CloudFormation knows nothing of, and that keep it from deleting the stack, or would be left behind. */
export interface Estate {
  readonly cluster: string
  /** Undefined when the stack has none, or none any more. */
  readonly loadBalancer: string | undefined
  /** Names of the two colors that are there. */
  readonly colors: readonly string[]
  readonly previews: {
    readonly services: readonly string[]
    readonly rules: readonly string[]
    readonly groups: readonly string[]
  }
  /** Rules of others on our listeners, which go with these, and names of the target groups that they lead to. */
  readonly foreignRules: readonly { readonly arn: string; readonly to: readonly string[] }[]
  /** Services of others in a cluster that goes with the app. */
  readonly foreignServices: readonly string[]
  /** Of a run that deploys, or that died of it. */
  readonly lock: LockView | undefined
}

export interface Ports extends Cloning {
  readonly locks: Locks
  readonly tags: LoadBalancing
}

export function portsOf({ elb, ecs }: Account, cluster: string): Ports {
  const never = new AbortController().signal
  return {
    elb: cloneBalancing(elb, () => elb, never),
    ecs: cloneServices(ecs, cluster, never),
    locks: createLocks(elb, never),
    tags: loadBalancing(elb, () => elb, never),
  }
}

/** Looks, and changes nothing. @param clusterGoes with another stack of the app, if not with its own */
export async function survey(account: Account, stack: Stack, clusterGoes: boolean): Promise<Estate> {
  const made = await resourcesOf(account, stack)
  const service = stack.parameters.Service ?? stack.name
  const ownCluster = made.get('OwnedCluster')
  const cluster = ownCluster ?? (stack.parameters.Cluster || service)
  const ports = portsOf(account, cluster)
  const colors = ['BlueService', 'GreenService'].flatMap(id => made.get(id) ?? [])
  const of = `${cluster}/${service}`
  const loadBalancer = made.get('LoadBalancer')
  const groups = await ports.elb.allGroups()
  const [{ previews: services, others }, ofPreviews] = await Promise.all([
    servicesBeside(ports, colors, of),
    previewGroups(ports, groups, service, of),
  ])
  // Previews may have a load balancer of their own.
  const balancers = new Set([loadBalancer ?? [], ...ofPreviews.map(({ view }) => view.loadBalancerArns)].flat())
  const rules = await rulesBeside(ports, [...balancers], [...made.values()], of)
  return {
    cluster,
    loadBalancer,
    colors: colors.map(lastPart),
    previews: { services, rules: rules.previews, groups: ofPreviews.map(({ view }) => view.arn) },
    foreignRules: rules.others.filter(({ arn }) => loadBalancerOf(arn) === loadBalancer).map(leadingTo),
    foreignServices: ownCluster === undefined && !clusterGoes ? [] : others,
    lock: colors.length === 2 ? await findLock(ports, lockName(colors)) : undefined,
  }
}

/** Physical ids by logical ones, of what is there. */
export async function resourcesOf({ formation }: Account, stack: Stack): Promise<ReadonlyMap<string, string>> {
  const { StackResources = [] } = await formation.send(new DescribeStackResourcesCommand({ StackName: stack.id }))
  return new Map(
    StackResources.filter(({ ResourceStatus = '' }) => ResourceStatus !== 'DELETE_COMPLETE').flatMap(
      ({ LogicalResourceId, PhysicalResourceId }) =>
        LogicalResourceId === undefined || PhysicalResourceId === undefined || PhysicalResourceId === ''
          ? []
          : [[LogicalResourceId, PhysicalResourceId] as const],
    ),
  )
}

async function servicesBeside({ ecs }: Ports, colors: readonly string[], of: string) {
  const mine = colors.map(lastPart)
  const names = await listed(() => ecs.list())
  const beside = await ecs.describe(names.filter(name => !mine.includes(name)))
  const isPreview = ({ tags }: { readonly tags: Tags }) => tags[tagKeys.of] === of
  return {
    previews: beside.filter(isPreview).map(({ view }) => view.name),
    others: beside.filter(one => !isPreview(one)).map(({ view }) => view.name),
  }
}

/** A cluster that is gone has nothing in it. */
async function listed(list: () => Promise<readonly string[]>): Promise<readonly string[]> {
  try {
    return await list()
  } catch (error) {
    if (error instanceof Refusal && isNotFound(error.cause)) return []
    throw error
  }
}

async function rulesBeside(
  { elb, tags }: Ports,
  loadBalancers: readonly string[],
  made: readonly string[],
  of: string,
) {
  const listeners = (await Promise.all(loadBalancers.map(arn => elb.describeListeners(arn)))).flat()
  const rules = (await Promise.all(listeners.map(({ arn }) => elb.describeRulesOf(arn)))).flat()
  const beside = rules.filter(({ arn }) => !made.includes(arn))
  const tagged = await tagsOfPresent(
    { elb: tags },
    beside.map(({ arn }) => arn),
  )
  const isPreview = (arn: string) => tagged[arn]?.[tagKeys.of] === of
  return {
    previews: beside.map(({ arn }) => arn).filter(isPreview),
    others: beside.filter(({ arn }) => !isPreview(arn)),
  }
}

function leadingTo({ arn, actions }: RuleSeen) {
  const groups = forwardConfig(actions)?.TargetGroups ?? []
  return { arn, to: groups.flatMap(({ TargetGroupArn }) => TargetGroupArn?.split('/')[1] ?? []) }
}

/** Their tags say whose they are; the names only spare us the tags of everything else in the account. */
async function previewGroups({ tags }: Ports, groups: readonly GroupSeen[], service: string, of: string) {
  const candidates = groups.filter(({ view }) => mayBePreview(view.name, service))
  const arns = candidates.map(({ view }) => view.arn)
  const tagged = await tagsOfPresent({ elb: tags }, arns)
  return candidates.filter(({ view }) => tagged[view.arn]?.[tagKeys.of] === of)
}

async function findLock({ locks }: Ports, name: string): Promise<LockView | undefined> {
  const found = await locks.find(name)
  return found && readLock(found.arn, name, found.tags, text => Date.parse(text))
}

function lastPart(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1)
}
