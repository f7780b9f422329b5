import type { AwsService } from '../cloud/ports.ts'
import { services } from '../wire/catalog.ts'
import type { Demand } from './policy.ts'

type Input = Readonly<Record<string, unknown>>

/** What IAM looks up besides the call itself. */
export interface Surroundings {
  readonly partition: string
  readonly region: string
  readonly account: string
  /** Of a resource that is there; empty when it has none, or is not. */
  readonly tagsOf: (service: AwsService, arn: string) => Readonly<Record<string, string>>
  /** Task and execution role of a revision, as they are named there. */
  readonly rolesOf: (taskDefinition: string) => readonly string[]
}

/**
 * What a call asks leave for, in the order in which AWS asks: the action itself on each of its resources, then tags that are given when
 * something is made, then roles that are handed on. Source: AWS's service authorization reference; that UpdateService hands roles on when a
 * revision is named, and not otherwise, is from what users have met.
 */
export function demandsOf(
  service: AwsService,
  operation: string,
  input: Input,
  around: Surroundings,
): readonly Demand[] {
  const action = `${services[service].iamPrefix}:${operation}`
  const asked = resourcesOf(service, operation, input, around)
  const own = asked.map(resource => demand(service, action, resource, input, around))
  return [...own, ...tagging(service, operation, input, asked, around), ...passing(service, operation, input, around)]
}

function demand(service: AwsService, action: string, resource: string, input: Input, around: Surroundings): Demand {
  const given = Object.entries(tagsGiven(input)).map(([key, value]) => [`aws:RequestTag/${key}`, value])
  const borne = Object.entries(resource.includes('*') ? {} : around.tagsOf(service, resource))
  const context: Record<string, string> = Object.fromEntries([
    ...given,
    ...borne.map(([key, value]) => [`aws:ResourceTag/${key}`, value]),
  ])
  if (service === 'ecs' && typeof input.cluster === 'string') {
    context['ecs:cluster'] = arnIn(around, 'ecs', `cluster/${lastOf(input.cluster)}`)
  }
  if (service === 'application-autoscaling') {
    context['application-autoscaling:service-namespace'] = String(input.ServiceNamespace)
  }
  return { action, resource, context }
}

/** What making something with tags needs besides. */
function tagging(
  service: AwsService,
  operation: string,
  input: Input,
  asked: readonly string[],
  around: Surroundings,
): readonly Demand[] {
  if (Object.keys(tagsGiven(input)).length === 0) return []
  const arn = (kind: string) => arnIn(around, services[service].iamPrefix, kind)
  const made = {
    RegisterTaskDefinition: arn(`task-definition/${String(input.family)}:*`),
    CreateService: asked[0],
    RunTask: arn(`task/${lastOf(String(input.cluster))}/*`),
    CreateTargetGroup: asked[0],
    // The rule has no number yet.
    CreateRule: asked[0] === undefined ? undefined : `${asked[0].replace(':listener/', ':listener-rule/')}/*`,
  }[operation]
  if (made === undefined) return []
  const [action, key] =
    service === 'ecs'
      ? (['ecs:TagResource', 'ecs:CreateAction'] as const)
      : (['elasticloadbalancing:AddTags', 'elasticloadbalancing:CreateAction'] as const)
  const { context } = demand(service, action, '*', input, around)
  return [{ action, resource: made, context: { ...context, [key]: operation } }]
}

/** Roles that ECS will take on for somebody who need not have them himself. */
function passing(service: AwsService, operation: string, input: Input, around: Surroundings): readonly Demand[] {
  if (service !== 'ecs') return []
  const named =
    operation === 'RegisterTaskDefinition'
      ? [input.taskRoleArn, input.executionRoleArn].filter(role => typeof role === 'string')
      : ['CreateService', 'UpdateService', 'RunTask'].includes(operation) && typeof input.taskDefinition === 'string'
        ? around.rolesOf(input.taskDefinition)
        : []
  return [...new Set(named)].map(role => ({
    action: 'iam:PassRole',
    resource: role.startsWith('arn:') ? role : `arn:${around.partition}:iam::${around.account}:role/${role}`,
    context: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' },
  }))
}

function resourcesOf(service: AwsService, operation: string, input: Input, around: Surroundings): readonly string[] {
  switch (service) {
    case 'ecs':
      return ecsResources(operation, input, around)
    case 'elbv2':
      return balancingResources(operation, input, around)
    case 'application-autoscaling':
      return [operation.startsWith('Describe') ? '*' : arnIn(around, 'application-autoscaling', 'scalable-target/*')]
    case 'logs':
      return operation === 'GetLogEvents'
        ? [arnIn(around, 'logs', `log-group:${String(input.logGroupName)}:log-stream:${String(input.logStreamName)}`)]
        : ['*']
    case 'cloudwatch':
      return ['*']
    default:
      return service satisfies never
  }
}

function ecsResources(operation: string, input: Input, around: Surroundings): readonly string[] {
  const cluster = lastOf(String(input.cluster ?? 'default'))
  const arn = (kind: string, name: unknown) => {
    const text = String(name)
    return text.startsWith('arn:') ? text : arnIn(around, 'ecs', `${kind}/${text}`)
  }
  const list = (values: unknown, kind: string) =>
    (Array.isArray(values) ? values : []).map((value: unknown) => arn(kind, value))
  switch (operation) {
    case 'DescribeServices':
      return list(input.services, `service/${cluster}`)
    case 'CreateService':
      return [arn(`service/${cluster}`, input.serviceName)]
    case 'UpdateService':
    case 'DeleteService':
      return [arn(`service/${cluster}`, input.service)]
    case 'DescribeTasks':
      return list(input.tasks, `task/${cluster}`)
    case 'StopTask':
      return [arn(`task/${cluster}`, input.task)]
    case 'RunTask':
      return [arn('task-definition', input.taskDefinition)]
    case 'DeleteTaskDefinitions':
      return list(input.taskDefinitions, 'task-definition')
    case 'TagResource':
    case 'UntagResource':
    case 'ListTagsForResource':
      return [String(input.resourceArn)]
    default:
      // Lists, and all about revisions but to delete them: ECS knows no resources for these.
      return ['*']
  }
}

function balancingResources(operation: string, input: Input, around: Surroundings): readonly string[] {
  if (operation.startsWith('Describe')) return ['*']
  if (Array.isArray(input.ResourceArns)) return input.ResourceArns.map(String)
  if (operation === 'CreateTargetGroup') {
    // Its number is not known before it is made.
    return [arnIn(around, 'elasticloadbalancing', `targetgroup/${String(input.Name)}/*`)]
  }
  const [named] = [input.RuleArn, input.ListenerArn, input.TargetGroupArn, input.LoadBalancerArn].filter(
    one => typeof one === 'string',
  )
  return [named ?? '*']
}

/** ECS and load balancing spell them differently. */
function tagsGiven({ tags, Tags }: Input): Readonly<Record<string, string>> {
  const list = (Array.isArray(tags) ? tags : Array.isArray(Tags) ? Tags : []) as readonly Readonly<
    Record<string, string>
  >[]
  return Object.fromEntries(list.map(tag => [tag.key ?? tag.Key, tag.value ?? tag.Value ?? '']))
}

function arnIn({ partition, region, account }: Surroundings, service: string, kind: string): string {
  return `arn:${partition}:${service}:${region}:${account}:${kind}`
}

function lastOf(nameOrArn: string): string {
  return nameOrArn.slice(nameOrArn.lastIndexOf('/') + 1)
}
