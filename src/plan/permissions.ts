import type { Policy, Statement } from '../model/plan.ts'

/** What each mode of this action asks of AWS: from here come the policy that `mode: plan` prints, and its tests. */

/** What this set-up is made of. ARNs throughout. */
export interface PolicyFacts {
  readonly clusterArn: string
  readonly services: readonly string[]
  readonly targetGroups: readonly string[]
  /** Listeners and rules whose weights are written. */
  readonly routes: readonly string[]
  /** Name of the lock; absent when there is none. */
  readonly lock?: string
  /** Roles in the task definitions, as they are named there. */
  readonly roles: readonly string[]
  /** `idle-desired-count` is set, or was when the idle color was parked. */
  readonly parks: boolean
  /** `keep-revisions` is set. */
  readonly keepsRevisions: boolean
  /** ARNs of the log streams of the containers, as patterns. */
  readonly logs: readonly string[]
  /** `alarm-names` is set. */
  readonly alarms: boolean
  /** `pre-deploy-command` is set. */
  readonly oneOffTask: boolean
  /** The family that is registered, and that one-off tasks are started from. */
  readonly family: string
  /** The revision that is registered has tags. */
  readonly tagged: boolean
}

/** The least that a deploy of this very set-up needs, and a rollback to any version that it has had. */
export function deployPolicy(facts: PolicyFacts): Policy {
  const { clusterArn } = facts
  const [, partition = 'aws', , region = '', account = ''] = clusterArn.split(':')
  const cluster = clusterArn.slice(clusterArn.indexOf('/') + 1)
  const ecs = `arn:${partition}:ecs:${region}:${account}`
  const inCluster = { ArnEquals: { 'ecs:cluster': clusterArn } }
  const listeners = facts.routes.filter(arn => !arn.includes(':listener-rule/'))
  const rules = facts.routes.filter(arn => arn.includes(':listener-rule/'))
  return {
    Version: '2012-10-17',
    Statement: [
      allow('ReadLoadBalancing', balancingReads, '*'),
      allow('ReadDefinitions', ['ecs:DescribeTaskDefinition', 'ecs:RegisterTaskDefinition'], '*'),
      // For a rollback to a version that is named: whoever finds that it is missing at night has no time to ask for it.
      allow('FindRevisions', ['ecs:ListTaskDefinitions'], '*'),
      allow('UpdateServices', ['ecs:DescribeServices', 'ecs:UpdateService'], facts.services),
      { ...allow('ListTasks', ['ecs:ListTasks'], '*'), Condition: inCluster },
      allow('ReadTasks', ['ecs:DescribeTasks'], `${ecs}:task/${cluster}/*`),
      ...(facts.tagged ? [allow('TagRevisions', ['ecs:TagResource'], `${ecs}:task-definition/${facts.family}:*`)] : []),
      ...(facts.oneOffTask
        ? [
            {
              ...allow('RunOneOffTask', ['ecs:RunTask'], `${ecs}:task-definition/${facts.family}:*`),
              Condition: inCluster,
            },
            allow('StopOneOffTask', ['ecs:StopTask'], `${ecs}:task/${cluster}/*`),
          ]
        : []),
      ...(facts.roles.length === 0
        ? []
        : [
            {
              ...allow(
                'PassRoles',
                ['iam:PassRole'],
                facts.roles.map(role => roleArn(role, partition, account)),
              ),
              Condition: { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } },
            },
          ]),
      ...(listeners.length === 0 ? [] : [allow('SwitchListeners', ['elasticloadbalancing:ModifyListener'], listeners)]),
      ...(rules.length === 0 ? [] : [allow('SwitchRules', ['elasticloadbalancing:ModifyRule'], rules)]),
      allow('ReadScaling', ['application-autoscaling:DescribeScalableTargets'], '*'),
      ...(facts.parks
        ? [
            {
              ...allow(
                'HoldScaling',
                ['application-autoscaling:RegisterScalableTarget'],
                `arn:${partition}:application-autoscaling:${region}:${account}:scalable-target/*`,
              ),
              Condition: { StringEquals: { 'application-autoscaling:service-namespace': 'ecs' } },
            },
          ]
        : []),
      ...(facts.keepsRevisions ? [allow('DeregisterOldRevisions', ['ecs:DeregisterTaskDefinition'], '*')] : []),
      ...(facts.logs.length === 0 ? [] : [allow('ReadLogs', ['logs:GetLogEvents'], facts.logs)]),
      ...(facts.alarms ? [allow('WatchAlarms', ['cloudwatch:DescribeAlarms'], '*')] : []),
      ...(facts.lock === undefined
        ? []
        : [
            allow(
              'Lock',
              ['AddTags', 'CreateTargetGroup', 'DeleteTargetGroup'].map(action => `elasticloadbalancing:${action}`),
              `arn:${partition}:elasticloadbalancing:${region}:${account}:targetgroup/${facts.lock}/*`,
            ),
          ]),
      allow('NoteVersions', ['elasticloadbalancing:AddTags'], facts.targetGroups),
    ],
  }
}

/** A task definition may name a role of its account without the rest of the ARN; a policy may not. */
export function roleArn(role: string, partition: string, account: string): string {
  return role.startsWith('arn:') ? role : `arn:${partition}:iam::${account}:role/${role}`
}

/** Elastic Load Balancing knows no resources for these. */
const balancingReads = ['Listeners', 'Rules', 'Tags', 'TargetGroupAttributes', 'TargetGroups', 'TargetHealth'].map(
  things => `elasticloadbalancing:Describe${things}`,
)

function allow(Sid: string, Action: readonly string[], Resource: string | readonly string[]): Statement {
  return { Sid, Effect: 'Allow', Action, Resource }
}
