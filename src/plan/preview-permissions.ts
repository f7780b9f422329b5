import type { Policy, Statement } from '../model/plan.ts'
import { servicePrefix, tagKeys } from './preview-names.ts'

/** What the modes of previews ask of AWS. A role of their own may have these alone. */

export interface PreviewPolicyFacts {
  readonly clusterArn: string
  /** Base name of the two colors. */
  readonly service: string
  readonly listenerArn: string
  /** Roles in the task definition, as they are named there. */
  readonly roles: readonly string[]
}

/**
 * Nobody may give the tags of a preview to what is not made by the same call: names alone do not tell previews of `shop` from the service
 * `shop-blue`, and whoever could tag it could change it.
 *
 * Whatever is written is bound to names that begin as previews do, and what is deleted or changed to their tags where IAM can ask for them.
 */
export function previewPolicy(facts: PreviewPolicyFacts): Policy {
  const [, partition = 'aws', , region = '', account = ''] = facts.clusterArn.split(':')
  const cluster = facts.clusterArn.slice(facts.clusterArn.indexOf('/') + 1)
  const ecs = `arn:${partition}:ecs:${region}:${account}`
  const begin = servicePrefix(facts.service)
  const names = begin === '' ? '*' : `${begin}-*`
  const group = `arn:${partition}:elasticloadbalancing:${region}:${account}:targetgroup/${names}/*`
  const rule = `${facts.listenerArn.replace(':listener/', ':listener-rule/')}/*`
  const balancer = facts.listenerArn.slice(0, facts.listenerArn.lastIndexOf('/'))
  // A preview that moves to another listener takes its rule there along.
  const rules = `${balancer.replace(':listener/', ':listener-rule/')}/*/*`
  const previews = `${ecs}:service/${cluster}/${names}`
  const revisions = `${ecs}:task-definition/${names}:*`
  const tagged = { Null: { [`aws:ResourceTag/${tagKeys.preview}`]: 'false' } }
  const elb = (...actions: readonly string[]) => actions.map(action => `elasticloadbalancing:${action}`)
  return {
    Version: '2012-10-17',
    Statement: [
      allow('ReadLoadBalancing', elb(...reads.map(things => `Describe${things}`)), '*'),
      allow(
        'ReadDefinitions',
        ['ecs:DescribeTaskDefinition', 'ecs:ListTaskDefinitions', 'ecs:ListTaskDefinitionFamilies', 'ecs:ListServices'],
        '*',
      ),
      // All of them: a revision that any of them runs is not deleted.
      allow('ReadServices', ['ecs:DescribeServices'], `${ecs}:service/${cluster}/*`),
      {
        ...allow('ListTasks', ['ecs:ListTasks'], '*'),
        Condition: { ArnEquals: { 'ecs:cluster': facts.clusterArn } },
      },
      allow('ReadTasks', ['ecs:DescribeTasks'], `${ecs}:task/${cluster}/*`),
      allow('MakePreviews', elb('CreateTargetGroup'), group),
      allow('MakeRules', elb('CreateRule'), facts.listenerArn),
      {
        ...allow('TagWhatIsMade', elb('AddTags'), [group, rule]),
        Condition: { StringEquals: { 'elasticloadbalancing:CreateAction': ['CreateTargetGroup', 'CreateRule'] } },
      },
      {
        ...allow(
          'ChangePreviews',
          elb(
            'AddTags',
            'ModifyTargetGroup',
            'ModifyTargetGroupAttributes',
            'DeleteTargetGroup',
            'ModifyRule',
            'DeleteRule',
          ),
          [group, rules],
        ),
        Condition: tagged,
      },
      allow('MakeServices', ['ecs:CreateService'], previews),
      {
        ...allow('TagServices', ['ecs:TagResource'], [previews, revisions]),
        Condition: { StringEquals: { 'ecs:CreateAction': ['CreateService', 'RegisterTaskDefinition'] } },
      },
      {
        ...allow('ChangeServices', ['ecs:UpdateService', 'ecs:DeleteService', 'ecs:TagResource'], previews),
        Condition: tagged,
      },
      // ECS knows no resources for these.
      allow('MakeRevisions', ['ecs:RegisterTaskDefinition', 'ecs:DeregisterTaskDefinition'], '*'),
      allow('DeleteRevisions', ['ecs:DeleteTaskDefinitions'], revisions),
      ...(facts.roles.length === 0
        ? []
        : [
            {
              ...allow(
                'PassRoles',
                ['iam:PassRole'],
                facts.roles.map(role =>
                  role.startsWith('arn:') ? role : `arn:${partition}:iam::${account}:role/${role}`,
                ),
              ),
              Condition: { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } },
            },
          ]),
    ],
  }
}

/** Elastic Load Balancing knows no resources for these. */
const reads = [
  'AccountLimits',
  'Listeners',
  'LoadBalancers',
  'Rules',
  'Tags',
  'TargetGroupAttributes',
  'TargetGroups',
  'TargetHealth',
]

function allow(Sid: string, Action: readonly string[], Resource: string | readonly string[]): Statement {
  return { Sid, Effect: 'Allow', Action, Resource }
}
