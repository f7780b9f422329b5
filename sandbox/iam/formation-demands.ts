import type { Members, Template } from '../infra/template.ts'
import { arn, ec2, ecs, homes, iam, ownArns, type Place } from './formation-arns.ts'
import { type Inside, needs } from './formation-needs.ts'
import type { Demand } from './policy.ts'

/** What CloudFormation asks IAM on behalf of somebody who executes a change set or deletes a stack, resource by resource. */

export interface Resource {
  readonly id: string
  readonly type: string
  /** With the values of the parameters in them. */
  readonly properties: Members
}

export type Change = 'create' | 'update' | 'delete'

/** That CloudFormation asks, and not somebody by himself. */
const viaFormation = { 'aws:CalledViaFirst': 'cloudformation.amazonaws.com' }

/** @throws Error for a type that no table here knows */
export function demandsOfChange(change: Change, resource: Resource, place: Place): readonly Demand[] {
  const need = needs[resource.type]
  const own = ownArns[resource.type]
  if (need === undefined || own === undefined) throw new Error(`nobody has written down what ${resource.type} needs`)
  const there = own(resource.properties, place, resource.id)
  const asked = (actions: string | undefined, resources: readonly string[], context: Demand['context']) =>
    words(actions).flatMap(action => resources.map(one => ({ action, resource: one, context })))
  const context = contextOf(resource, place)
  const made = change === 'create' ? makes(need, resource, there, place) : []
  const actions = change === 'create' ? need.create : change === 'update' ? need.update : need.delete
  const more = extras[resource.type]?.(change, resource.properties, place) ?? []
  const all = [
    ...made,
    ...asked(actions, there, context),
    ...asked(need.look, there, context),
    ...asked(need.any, ['*'], {}),
    ...more,
  ]
  return all.map(demand => ({ ...demand, context: { ...demand.context, ...viaFormation } }))
}

/** Ids and names among the parameters, which CloudFormation looks up when it makes a change set. */
export function demandsOfParameters({ parameters }: Template, { partition, region }: Place): readonly Demand[] {
  return Object.values(parameters).flatMap(({ Type, Default }): readonly Demand[] => {
    if (Type.includes('AWS::EC2::VPC::Id')) return [{ action: 'ec2:DescribeVpcs', resource: '*', context: {} }]
    if (Type.includes('AWS::EC2::Subnet::Id')) return [{ action: 'ec2:DescribeSubnets', resource: '*', context: {} }]
    if (!Type.startsWith('AWS::SSM::')) return []
    return [
      { action: 'ssm:GetParameters', resource: `arn:${partition}:ssm:${region}::parameter${Default}`, context: {} },
    ]
  })
}

function makes(need: (typeof needs)[string], resource: Resource, there: readonly string[], place: Place) {
  if (need.makes === '') return []
  const { makes: action, tags, in: inside = [] } = need
  const context = resource.type.startsWith('AWS::EC2::')
    ? tagsIn(resource.properties, 'aws:RequestTag')
    : contextOf(resource, place)
  const [service = '', call = ''] = action.split(':')
  // A name that ECS has only when it is made.
  const unnamed = ['ecs:CreateCluster', 'ecs:RegisterTaskDefinition'].includes(action)
  const at = unnamed ? ['*'] : (homes[resource.type]?.(resource.properties, place) ?? there)
  return [
    ...at.map(one => ({ action, resource: one, context })),
    ...inside.map(kind => ({ action, ...insides[kind](place) })),
    ...(tags === undefined
      ? []
      : there.map(one => ({
          action: tags,
          resource: one,
          context: { ...context, [`${service}:CreateAction`]: call },
        }))),
  ]
}

const words = (text: string | undefined) => (text === undefined || text === '' ? [] : text.split(' '))

const inStack = (stack: string) => ({ 'aws:ResourceTag/aws:cloudformation:stack-name': stack })

const insides: Readonly<Record<Inside, (place: Place) => Omit<Demand, 'action'>>> = {
  vpc: place => ({ resource: ec2(place, 'vpc'), context: inStack(place.stack) }),
  'any-vpc': place => ({ resource: ec2(place, 'vpc'), context: {} }),
  subnet: place => ({ resource: ec2(place, 'subnet'), context: inStack(place.stack) }),
  'elastic-ip': place => ({ resource: ec2(place, 'elastic-ip'), context: inStack(place.stack) }),
}

function contextOf({ type, properties }: Resource, { stack }: Place): Demand['context'] {
  if (type === 'AWS::EC2::LaunchTemplate') return tagsIn(properties, 'aws:ResourceTag')
  if (type.startsWith('AWS::EC2::')) return inStack(stack)
  if (type === 'AWS::Route53::RecordSet') {
    return {
      'route53:ChangeResourceRecordSetsNormalizedRecordNames': String(properties.Name),
      'route53:ChangeResourceRecordSetsRecordTypes': String(properties.Type),
    }
  }
  if (type.startsWith('AWS::ApplicationAutoScaling::')) return { 'application-autoscaling:service-namespace': 'ecs' }
  const { PermissionsBoundary: boundary } = properties
  return typeof boundary === 'string' ? { 'iam:PermissionsBoundary': boundary } : {}
}

/** CloudFormation gives launch templates no tags but these. */
function tagsIn({ TagSpecifications = [] }: Members, kind: 'aws:RequestTag' | 'aws:ResourceTag'): Demand['context'] {
  const specifications = TagSpecifications as readonly { readonly Tags: readonly Readonly<Record<string, string>>[] }[]
  const tags = specifications.flatMap(({ Tags }) => Tags)
  return Object.fromEntries(tags.map(({ Key, Value = '' }) => [`${kind}/${Key}`, Value]))
}

/** A group is made by somebody who could start its instances from its launch template, which is one of the same stack. */
function starts(place: Place): readonly Demand[] {
  const kinds = ['instance', 'network-interface', 'security-group', 'subnet', 'volume'].map(kind => ec2(place, kind))
  const image = `arn:${place.partition}:ec2:${place.region}::image/ami-0a1b2c3d`
  const template = ec2(place, 'launch-template')
  const action = 'ec2:RunInstances'
  return [
    { action, resource: template, context: { 'aws:ResourceTag/ecs-bluegreen:capacity': place.cluster } },
    ...[...kinds, image].map(resource => ({ action, resource, context: { 'ec2:LaunchTemplate': template } })),
  ]
}

const serviceRole = (place: Place, AWSServiceName: string): Demand => ({
  action: 'iam:CreateServiceLinkedRole',
  resource: iam(place, `role/aws-service-role/${AWSServiceName}/AWSServiceRoleForIt`),
  context: { 'iam:AWSServiceName': AWSServiceName },
})

const pass = (place: Place, role: string, to: string): Demand => ({
  action: 'iam:PassRole',
  resource: iam(place, `role/${role}`),
  context: { 'iam:PassedToService': to },
})

const rolesOfTasks = (place: Place) =>
  ['task', 'execution'].map(name => pass(place, `${place.app}-${name}`, 'ecs-tasks.amazonaws.com'))

/** What a resource type asks of other services, or on other things than itself. */
const extras: Readonly<Record<string, (change: Change, properties: Members, place: Place) => readonly Demand[]>> = {
  'AWS::ElasticLoadBalancingV2::LoadBalancer': (change, _, place) =>
    change === 'create' ? [serviceRole(place, 'elasticloadbalancing.amazonaws.com')] : [],
  'AWS::Route53::RecordSet': (_, __, { partition }) => [
    { action: 'route53:GetChange', resource: `arn:${partition}:route53:::change/C0A1B2C3D`, context: {} },
  ],
  'AWS::ECS::Cluster': (change, _, place) => (change === 'create' ? [serviceRole(place, 'ecs.amazonaws.com')] : []),
  'AWS::ECS::TaskDefinition': (_, __, place) => [
    ...rolesOfTasks(place),
    ...rolesOfTasks(place).map(({ resource }) => ({ action: 'iam:GetRole', resource, context: {} })),
  ],
  'AWS::ECS::Service': (change, { ServiceName }, place) =>
    change === 'create'
      ? [
          ...rolesOfTasks(place),
          ...ecs(place, `service-deployment/${place.cluster}/${ServiceName}/0a1b2c3d`).map(resource => ({
            action: 'ecs:DescribeServiceDeployments',
            resource,
            context: {},
          })),
        ]
      : [],
  'AWS::ApplicationAutoScaling::ScalableTarget': (change, _, place) =>
    change === 'create' ? [serviceRole(place, 'ecs.application-autoscaling.amazonaws.com')] : [],
  // Target tracking makes alarms in the name of whoever asks for it.
  'AWS::ApplicationAutoScaling::ScalingPolicy': (change, { PolicyName }, place) => [
    {
      action: change === 'delete' ? 'cloudwatch:DeleteAlarms' : 'cloudwatch:PutMetricAlarm',
      resource: `${arn(place, 'cloudwatch')}alarm:TargetTracking-service/${place.cluster}/${String(PolicyName).replace(/-cpu$/, '')}-AlarmHigh-0a1b`,
      context: {},
    },
  ],
  'AWS::AutoScaling::AutoScalingGroup': (change, _, place) =>
    change === 'delete'
      ? []
      : [
          serviceRole(place, 'autoscaling.amazonaws.com'),
          pass(place, `${place.cluster}-instance`, 'ec2.amazonaws.com'),
          ...starts(place),
        ],
  'AWS::IAM::InstanceProfile': (change, _, place) =>
    change === 'delete' ? [] : [pass(place, `${place.cluster}-instance`, 'ec2.amazonaws.com')],
  'AWS::IAM::Role': policiesOfRole,
}

/** Policies of its own, and AWS's. */
function policiesOfRole(change: Change, properties: Members, place: Place): readonly Demand[] {
  const { RoleName, Policies = [], ManagedPolicyArns = [], PermissionsBoundary } = properties
  const trust = JSON.stringify(properties.AssumeRolePolicyDocument).includes('Federated')
    ? ['UpdateAssumeRolePolicy']
    : []
  const session = 'MaxSessionDuration' in properties ? ['UpdateRole'] : []
  const resource = iam(place, `role/${RoleName}`)
  const bounds = typeof PermissionsBoundary === 'string' ? { 'iam:PermissionsBoundary': PermissionsBoundary } : {}
  const inline =
    change === 'create'
      ? ['PutRolePolicy']
      : change === 'delete'
        ? ['DeleteRolePolicy']
        : ['DeleteRolePolicy', 'PutRolePolicy']
  const own = (Policies as readonly unknown[]).flatMap(() => [...inline, 'GetRolePolicy'])
  const managed = (ManagedPolicyArns as readonly string[]).map(policy => ({
    action: change === 'delete' ? 'iam:DetachRolePolicy' : 'iam:AttachRolePolicy',
    resource,
    context: { ...bounds, 'iam:PolicyARN': policy },
  }))
  const changed = change === 'update' ? [...trust, ...session] : []
  return [...[...own, ...changed].map(name => ({ action: `iam:${name}`, resource, context: bounds })), ...managed]
}
