import type { Policy, Statement } from '../../src/model/plan.ts'
import { tagKeys } from '../../src/plan/preview-names.ts'
import { order, stackName } from '../infra/templates.ts'
import { allow, arn, iamArn, making, ofStacks, throughStacks } from './statement.ts'

/**
 * What the role of examples/infra.yml may do: run `infra:up` and `infra:down` for one app, and let CloudFormation make what the templates say,
 * which it does with the rights of whoever asks it. `sandbox/iam/formation-needs.ts` has what that takes.
 *
 * Everything with a name is limited to the names of the app; what EC2 names itself, to the tags that CloudFormation gives its own.
 */

/** Not the one that makes this role. */
const keys = order.filter(key => key !== 'bootstrap')
const stacks = (region: string) =>
  keys.map(key => `arn:PARTITION:cloudformation:${region}:ACCOUNT:stack/${stackName(key, 'SERVICE')}/*`)

const colors = ['blue', 'green'] as const
const services = colors.map(color => arn('ecs', `service/CLUSTER/SERVICE-${color}`))
const groups = colors.map(color => arn('elasticloadbalancing', `targetgroup/SERVICE-${color}/*`))
const loadBalancer = arn('elasticloadbalancing', 'loadbalancer/app/SERVICE/*')
const listeners = arn('elasticloadbalancing', 'listener/app/SERVICE/*')
const rules = arn('elasticloadbalancing', 'listener-rule/app/SERVICE/*')
const logs = arn('logs', 'log-group:/ecs/SERVICE')
const cluster = arn('ecs', 'cluster/SERVICE')
const images = arn('ecr', 'repository/SERVICE')
const securityGroups = arn('ec2', 'security-group/*')

const roleOf = (name: string) => iamArn(`role/SERVICE-${name}`)
/** Of github.yml. Whom they trust may change with a parameter. */
const rolesOfJobs = ['build', 'deploy', 'rollback', 'read', 'preview'].map(roleOf)
const roles = [...['task', 'execution'].map(roleOf), ...rolesOfJobs]

/** Whoever may make roles may do whatever a role can, unless its roles have bounds. */
export const bounded = { StringEquals: { 'iam:PermissionsBoundary': iamArn('policy/SERVICE-boundary') } } as const

const alarms = ['TargetErrors', 'BalancerErrors', 'Latency', 'BlueUnhealthy', 'GreenUnhealthy'].map(name =>
  arn('cloudwatch', `alarm:SERVICE-${name}Alarm-*`),
)

const elb = 'elasticloadbalancing'
/** Their ARNs are numbers, and CloudFormation gives them no tags. */
const inEcs = { StringEquals: { 'application-autoscaling:service-namespace': 'ecs', ...throughStacks } }
const ofPreviews = { StringEquals: { [`aws:ResourceTag/${tagKeys.of}`]: 'CLUSTER/SERVICE' } }

/** Also of an app that turns out to be in another Region, and of the stack that this role is in. */
const findStacks = allow('FindStacks', 'cloudformation', 'DescribeStacks', [
  ...stacks('*'),
  'arn:PARTITION:cloudformation:*:ACCOUNT:stack/SERVICE-bootstrap/*',
])

const readImages = allow('ReadImages', 'ecr', 'DescribeImages DescribeRepositories', arn('ecr', 'repository/*'))

/** What is in the way of a removal, beside the stacks. */
const readBeside: readonly Statement[] = [
  allow('ReadServices', 'ecs', 'DescribeServices', arn('ecs', 'service/CLUSTER/*')),
  allow('ListServices', 'ecs', 'ListServices', '*', { ArnEquals: { 'ecs:cluster': arn('ecs', 'cluster/CLUSTER') } }),
]

const plan: readonly Statement[] = [
  findStacks,
  allow(
    'PlanStacks',
    'cloudformation',
    'CreateChangeSet DeleteChangeSet DescribeChangeSet DescribeStackResources',
    stacks('REGION'),
  ),
  // CloudFormation looks up the ids and the names among the parameters.
  allow('ReadNetwork', 'ec2', 'DescribeSubnets DescribeVpcs', '*'),
  allow('ReadMachineImage', 'ssm', 'GetParameters', 'arn:PARTITION:ssm:REGION::parameter/aws/service/ecs/*'),
  readImages,
  // Whether the registry is the app's.
  allow('ReadRegistryTags', 'ecr', 'ListTagsForResource', images),
  ...readBeside,
  allow('ReadLoadBalancing', elb, 'DescribeListeners DescribeRules DescribeTags DescribeTargetGroups', '*'),
]

const changeStacks: readonly Statement[] = [
  findStacks,
  allow(
    'ChangeStacks',
    'cloudformation',
    'CreateChangeSet DeleteChangeSet DeleteStack DescribeChangeSet DescribeStackEvents DescribeStackResources ExecuteChangeSet GetStackPolicy SetStackPolicy',
    stacks('REGION'),
  ),
]

const identities: readonly Statement[] = [
  allow('MakeRoles', 'iam', 'CreateRole DeleteRolePolicy PutRolePermissionsBoundary PutRolePolicy', roles, bounded),
  allow('KeepRoles', 'iam', 'DeleteRole GetRole GetRolePolicy ListAttachedRolePolicies ListRolePolicies', roles),
  allow('ChangeRolesOfJobs', 'iam', 'UpdateAssumeRolePolicy UpdateRole', rolesOfJobs),
  allow('PassRoles', 'iam', 'PassRole', ['task', 'execution'].map(roleOf), {
    StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' },
  }),
  allow('FindServiceRole', 'iam', 'GetRole', iamArn('role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS')),
  allow('MakeServiceRoles', 'iam', 'CreateServiceLinkedRole', iamArn('role/aws-service-role/*'), {
    StringEquals: {
      'iam:AWSServiceName': [
        'ecs.amazonaws.com',
        'ecs.application-autoscaling.amazonaws.com',
        'elasticloadbalancing.amazonaws.com',
      ],
    },
  }),
  allow('FindProvider', 'iam', 'GetOpenIDConnectProvider', iamArn('oidc-provider/token.actions.githubusercontent.com')),
]

const balancing: readonly Statement[] = [
  allow(
    'ReadLoadBalancing',
    elb,
    'DescribeCapacityReservation DescribeListenerAttributes DescribeListeners DescribeLoadBalancerAttributes DescribeLoadBalancers DescribeRules DescribeTags DescribeTargetGroupAttributes DescribeTargetGroups DescribeTargetHealth',
    '*',
  ),
  allow(
    'LoadBalancer',
    elb,
    'CreateListener CreateLoadBalancer DeleteLoadBalancer ModifyLoadBalancerAttributes SetSubnets',
    loadBalancer,
  ),
  allow('Listeners', elb, 'CreateRule DeleteListener ModifyListener ModifyListenerAttributes', listeners),
  allow('Rules', elb, 'DeleteRule', rules),
  allow(
    'TargetGroups',
    elb,
    'CreateTargetGroup DeleteTargetGroup ModifyTargetGroup ModifyTargetGroupAttributes',
    groups,
  ),
  allow(
    'TagLoadBalancing',
    elb,
    'AddTags',
    [loadBalancer, ...groups],
    making(elb, 'CreateLoadBalancer', 'CreateTargetGroup'),
  ),
  allow('EndLocks', elb, 'DeleteTargetGroup', arn(elb, 'targetgroup/ecs-bg-lock-*/*')),
  // Also at a load balancer of their own.
  allow(
    'EndPreviews',
    elb,
    'DeleteRule DeleteTargetGroup',
    [arn(elb, 'listener-rule/app/*'), arn(elb, 'targetgroup/*')],
    ofPreviews,
  ),
]

const tasks: readonly Statement[] = [
  // ECS knows no resources for these.
  allow(
    'Definitions',
    'ecs',
    'CreateCluster DeregisterTaskDefinition DescribeTaskDefinition RegisterTaskDefinition',
    '*',
  ),
  allow('Cluster', 'ecs', 'DeleteCluster DescribeClusters', cluster),
  allow('Services', 'ecs', 'CreateService DeleteService ListServiceDeployments UpdateService', services),
  allow(
    'Rollouts',
    'ecs',
    'DescribeServiceDeployments',
    colors.map(color => arn('ecs', `service-deployment/CLUSTER/SERVICE-${color}/*`)),
  ),
  allow(
    'TagTasks',
    'ecs',
    'TagResource',
    [cluster, ...services, arn('ecs', 'task-definition/SERVICE:*')],
    making('ecs', 'CreateCluster', 'CreateService', 'RegisterTaskDefinition'),
  ),
  ...readBeside,
  // Why the first ones are not healthy.
  allow('ListTasks', 'ecs', 'ListTasks', '*', { ArnEquals: { 'ecs:cluster': arn('ecs', 'cluster/CLUSTER') } }),
  allow('ReadTasks', 'ecs', 'DescribeTasks', arn('ecs', 'task/CLUSTER/*')),
  allow('EndPreviewServices', 'ecs', 'DeleteService', arn('ecs', 'service/CLUSTER/*'), ofPreviews),
]

const watching: readonly Statement[] = [
  allow('FindLogs', 'logs', 'DescribeLogGroups', '*'),
  allow(
    'Logs',
    'logs',
    'CreateLogGroup DeleteLogGroup DescribeIndexPolicies GetDataProtectionPolicy GetLogEvents ListTagsForResource PutRetentionPolicy TagResource',
    [logs, `${logs}:*`],
  ),
  allow('FindAlarms', 'cloudwatch', 'DescribeAlarms', '*'),
  allow('Alarms', 'cloudwatch', 'DeleteAlarms ListTagsForResource PutMetricAlarm TagResource', alarms),
  // Target tracking has alarms of its own.
  allow(
    'AlarmsOfScaling',
    'cloudwatch',
    'DeleteAlarms PutMetricAlarm',
    arn('cloudwatch', 'alarm:TargetTracking-service/CLUSTER/SERVICE-*'),
  ),
  allow(
    'FindScaling',
    'application-autoscaling',
    'DescribeScalableTargets DescribeScalingPolicies DescribeScheduledActions',
    '*',
  ),
  allow(
    'Scaling',
    'application-autoscaling',
    'DeleteScalingPolicy DeregisterScalableTarget PutScalingPolicy RegisterScalableTarget',
    arn('application-autoscaling', 'scalable-target/*'),
    inEcs,
  ),
]

/** The first image is built and pushed by the same job. */
const registry: readonly Statement[] = [
  readImages,
  allow('LogIn', 'ecr', 'GetAuthorizationToken', '*'),
  allow(
    'Registry',
    'ecr',
    'CreateRepository DeleteRepository GetLifecyclePolicy GetRepositoryPolicy ListTagsForResource PutImageTagMutability PutLifecyclePolicy TagResource',
    images,
  ),
  allow(
    'PushImages',
    'ecr',
    'BatchCheckLayerAvailability BatchGetImage CompleteLayerUpload InitiateLayerUpload PutImage UploadLayerPart',
    images,
  ),
]

const reach: readonly Statement[] = [
  allow(
    'ReadNetwork',
    'ec2',
    'DescribeInstances DescribeSecurityGroupRules DescribeSecurityGroups DescribeSubnets DescribeVpcs',
    '*',
  ),
  allow('MakeSecurityGroups', 'ec2', 'CreateSecurityGroup', [securityGroups, arn('ec2', 'vpc/*')]),
  allow('TagSecurityGroups', 'ec2', 'CreateTags', securityGroups, making('ec2', 'CreateSecurityGroup')),
  allow(
    'SecurityGroups',
    'ec2',
    'AuthorizeSecurityGroupEgress AuthorizeSecurityGroupIngress DeleteSecurityGroup RevokeSecurityGroupEgress RevokeSecurityGroupIngress',
    securityGroups,
    ofStacks('SERVICE', 'SERVICE-network', 'SERVICE-capacity'),
  ),
]

const policy = (...Statement: readonly Statement[]): Policy => ({ Version: '2012-10-17', Statement })

export const infraPlan = policy(...plan)

/** In three, because IAM takes 6144 characters at a time. */
export const infra = policy(...changeStacks, ...identities, ...registry)
export const infraTraffic = policy(...balancing, ...reach)
export const infraTasks = policy(...tasks, ...watching)
