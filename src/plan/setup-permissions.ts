import { record, type Settings } from '../model/clone.ts'
import type { Policy, Statement } from '../model/plan.ts'
import { roleArn } from './permissions.ts'
import { setupTag } from './setup-names.ts'

/** What `mode: setup` asks of AWS. It runs once, so a role of its own may have this alone. */

export interface SetupPolicyFacts {
  /** ARN of the service that is there, and name of its twin. */
  readonly blueArn: string
  readonly green: string
  /** Of the twin's target group. */
  readonly groupName: string
  /** Listeners and rules that production comes through. */
  readonly routes: readonly string[]
  /** The listener that gets the rule for testers; absent without one. */
  readonly testListener?: string
  /** Roles in the task definition, as they are named there: ECS asks for them again with every new service. */
  readonly taskRoles: readonly string[]
  /** Roles that ECS is given with the service itself, which are none as a rule. */
  readonly serviceRoles: readonly string[]
}

/** Whatever is written is bound to the twin's names, and to the routes that name it. */
export function setupPolicy(facts: SetupPolicyFacts): Policy {
  const [, partition = 'aws', , region = '', account = ''] = facts.blueArn.split(':')
  const greenArn = facts.blueArn.replace(/[^/]+$/, facts.green)
  const group = `arn:${partition}:elasticloadbalancing:${region}:${account}:targetgroup/${facts.groupName}/*`
  const passing = (Sid: string, roles: readonly string[], to: string): readonly Statement[] =>
    roles.length === 0
      ? []
      : [
          {
            ...allow(
              Sid,
              ['iam:PassRole'],
              roles.map(role => roleArn(role, partition, account)),
            ),
            Condition: { StringEquals: { 'iam:PassedToService': to } },
          },
        ]
  const listeners = facts.routes.filter(arn => !arn.includes(':listener-rule/'))
  const rules = facts.routes.filter(arn => arn.includes(':listener-rule/'))
  const testRules = facts.testListener?.replace(':listener/', ':listener-rule/')
  return {
    Version: '2012-10-17',
    Statement: [
      allow('ReadLoadBalancing', reads, '*'),
      // Only a plan reads it, to know the roles in it.
      allow('ReadDefinitions', ['ecs:DescribeTaskDefinition'], '*'),
      // Others may be behind the same listener: two services are a pair already, or share a target group.
      allow('ReadServices', ['ecs:DescribeServices'], facts.blueArn.replace(/[^/]+$/, '*')),
      allow('ReadTasks', ['ecs:ListServices', 'ecs:ListTasks', 'ecs:DescribeTasks'], '*'),
      allow('ReadScaling', ['application-autoscaling:DescribeScalableTargets'], '*'),
      allow('MakeTargetGroup', elb('CreateTargetGroup', 'ModifyTargetGroup', 'ModifyTargetGroupAttributes'), group),
      {
        ...allow('Tag', elb('AddTags'), [group, ...(testRules === undefined ? [] : [`${testRules}/*`])]),
        // Whoever could tag another rule could delete it.
        Condition: { StringEquals: { 'elasticloadbalancing:CreateAction': ['CreateTargetGroup', 'CreateRule'] } },
      },
      ...(listeners.length === 0 ? [] : [allow('NameAtListeners', elb('ModifyListener'), listeners)]),
      ...(rules.length === 0 ? [] : [allow('NameAtRules', elb('ModifyRule'), rules)]),
      ...(facts.testListener === undefined
        ? []
        : [
            allow('MakeTestRule', elb('CreateRule'), facts.testListener),
            {
              ...allow('DeleteDoubleRule', elb('DeleteRule'), `${testRules}/*`),
              Condition: { Null: { [`aws:ResourceTag/${setupTag}`]: 'false' } },
            },
          ]),
      allow('MakeService', ['ecs:CreateService', 'ecs:TagResource'], greenArn),
      ...passing('PassRoles', facts.taskRoles, 'ecs-tasks.amazonaws.com'),
      ...passing('PassServiceRoles', facts.serviceRoles, 'ecs.amazonaws.com'),
    ],
  }
}

/** Roles that a service has beside those of its task definition. */
export function serviceRoles(request: Settings): readonly string[] {
  const { role, volumeConfigurations } = request
  const volumes = Array.isArray(volumeConfigurations) ? volumeConfigurations : []
  const found = [role, ...volumes.map(volume => record(record(volume).managedEBSVolume).roleArn)]
  return [...new Set(found.filter(one => typeof one === 'string'))]
}

function elb(...actions: readonly string[]): readonly string[] {
  return actions.map(action => `elasticloadbalancing:${action}`)
}

/** Elastic Load Balancing knows no resources for these. */
const reads = [
  'AccountLimits',
  'Listeners',
  'Rules',
  'Tags',
  'TargetGroupAttributes',
  'TargetGroups',
  'TargetHealth',
].map(things => `elasticloadbalancing:Describe${things}`)

function allow(Sid: string, Action: readonly string[], Resource: string | readonly string[]): Statement {
  return { Sid, Effect: 'Allow', Action, Resource }
}
