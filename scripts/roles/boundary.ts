import type { Policy, Statement } from '../../src/model/plan.ts'
import { tagKeys } from '../../src/plan/preview-names.ts'
import { arn, iamArn, making } from './statement.ts'

/**
 * The most that a role of one app can ever do, whatever policies somebody with the role of examples/infra.yml gives it: what the jobs of
 * infra/github.yml, ECS for its tasks, the tasks and the instances need, on things of this app. It gives nothing by itself. A role can have
 * one only, of 6144 characters, so it is one for all of them, and has what is asked on one kind of thing beside what is asked on others.
 */

const elb = 'elasticloadbalancing'
const clusterArn = arn('ecs', 'cluster/CLUSTER')
const clusterServices = arn('ecs', 'service/CLUSTER/*')
const revisions = arn('ecs', 'task-definition/*')
const groups = arn(elb, 'targetgroup/*')

/** By service, in words. */
type Actions = Readonly<Record<string, string>>

const may = (Sid: string, actions: Actions, Resource: string | readonly string[], condition?: Statement['Condition']) =>
  ({
    Sid,
    Effect: 'Allow',
    Action: Object.entries(actions).flatMap(([service, names]) => names.split(' ').map(name => `${service}:${name}`)),
    Resource,
    ...(condition === undefined ? {} : { Condition: condition }),
  }) satisfies Statement

/** Whatever a preview is called, its tags say whose it is. */
const ofThis = (kind: 'aws:ResourceTag' | 'aws:RequestTag') => ({
  StringEquals: { [`${kind}/${tagKeys.of}`]: 'CLUSTER/SERVICE' },
})

/** These know no resources. */
const everywhere = may(
  'Everywhere',
  {
    [elb]: 'Describe*',
    ecs: 'DeregisterTaskDefinition DescribeTaskDefinition DiscoverPollEndpoint ListServices ListTaskDefinition* ListTasks RegisterTaskDefinition',
    'application-autoscaling': 'DescribeScalableTargets',
    ecr: 'GetAuthorizationToken',
    cloudwatch: 'DescribeAlarms PutMetricData',
    xray: 'PutTelemetryRecords PutTraceSegments',
    // ECS Exec, and the Session Manager of instances.
    ssmmessages: '*',
  },
  '*',
)

/** What is named after the app, and the instances of its cluster. What one kind of thing is asked, no other knows. */
const own = may(
  'Own',
  {
    ecs: 'DeregisterContainerInstance DescribeTasks Poll RegisterContainerInstance StartTelemetrySession StopTask Submit* UpdateContainerInstancesState UpdateService',
    [elb]: 'AddTags CreateRule CreateTargetGroup DeleteRule DeleteTargetGroup ModifyRule',
    ecr: 'BatchCheckLayerAvailability CompleteLayerUpload InitiateLayerUpload PutImage UploadLayerPart',
    logs: 'CreateLogStream GetLogEvents PutLogEvents',
    secretsmanager: 'GetSecretValue',
    ssm: 'GetParameter*',
  },
  [
    ...['blue', 'green'].map(color => arn('ecs', `service/CLUSTER/SERVICE-${color}`)),
    ...[clusterArn, arn('ecs', 'container-instance/CLUSTER/*'), arn('ecs', 'task/CLUSTER/*')],
    ...['listener/app/SERVICE/*', 'listener-rule/app/SERVICE/*'].map(rest => arn(elb, rest)),
    ...['SERVICE-blue', 'SERVICE-green', 'ecs-bg-lock-*'].map(name => arn(elb, `targetgroup/${name}/*`)),
    ...[arn('ecr', 'repository/SERVICE'), arn('logs', 'log-group:/ecs/SERVICE:*')],
    ...[arn('secretsmanager', 'secret:SERVICE/*'), arn('ssm', 'parameter/SERVICE/*')],
  ],
)

export const boundary: Policy = {
  Version: '2012-10-17',
  Statement: [
    everywhere,
    own,
    may('ReadServices', { ecs: 'DescribeServices' }, clusterServices),
    may('RunTasks', { ecs: 'RunTask' }, arn('ecs', 'task-definition/SERVICE:*'), {
      ArnEquals: { 'ecs:cluster': clusterArn },
    }),
    may(
      'PassRoles',
      { iam: 'PassRole' },
      ['task', 'execution'].map(name => iamArn(`role/SERVICE-${name}`)),
      {
        StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' },
      },
    ),
    may(
      'HoldScaling',
      { 'application-autoscaling': 'RegisterScalableTarget' },
      arn('application-autoscaling', 'scalable-target/*'),
      { StringEquals: { 'application-autoscaling:service-namespace': 'ecs' } },
    ),
    may('Pull', { ecr: 'BatchGetImage DescribeImages GetDownloadUrlForLayer' }, 'arn:PARTITION:ecr:*:*:repository/*'),
    may(
      'MakePreviews',
      { ecs: 'CreateService', [elb]: 'CreateTargetGroup' },
      [clusterServices, groups],
      ofThis('aws:RequestTag'),
    ),
    may(
      'TagNew',
      { ecs: 'TagResource' },
      [clusterServices, revisions],
      making('ecs', 'CreateService', 'RegisterTaskDefinition'),
    ),
    may('TagNewGroups', { [elb]: 'AddTags' }, groups, making(elb, 'CreateTargetGroup')),
    may(
      'Previews',
      {
        ecs: 'DeleteService DeleteTaskDefinitions TagResource UpdateService',
        [elb]: 'AddTags DeleteTargetGroup ModifyTargetGroup ModifyTargetGroupAttributes',
      },
      [clusterServices, revisions, groups],
      ofThis('aws:ResourceTag'),
    ),
    may('Instances', { ssm: 'UpdateInstanceInformation' }, arn('ec2', 'instance/*')),
  ],
}
