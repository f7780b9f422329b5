import type { Statement } from '../../src/model/plan.ts'
import { ownPrefix } from '../../src/plan/own-tags.ts'

/** Words in capitals stand for what a set-up calls things; the templates have parameters in their place. */
export const arn = (service: string, rest: string) => `arn:PARTITION:${service}:REGION:ACCOUNT:${rest}`

export const iamArn = (rest: string) => `arn:PARTITION:iam::ACCOUNT:${rest}`

type Condition = Statement['Condition']

/** Actions of one service on the same things. */
export function allow(
  Sid: string,
  service: string,
  actions: string,
  Resource: string | readonly string[],
  condition?: Condition,
): Statement {
  const Action = actions
    .split(' ')
    .map(action => `${service}:${action}`)
    .sort()
  return { Sid, Effect: 'Allow', Action, Resource, ...(condition === undefined ? {} : { Condition: condition }) }
}

/** Tags that CloudFormation gives itself, and that nobody else can give: what another stack has made, or a person, is out of reach. */
export function ofStacks(...names: readonly string[]): Condition {
  return { StringEquals: { 'aws:ResourceTag/aws:cloudformation:stack-name': names } }
}

/** Tags are given in the call that makes a thing, and not to what is there. */
export function making(service: string, ...calls: readonly string[]): Condition {
  return { StringEquals: { [`${service}:CreateAction`]: calls } }
}

/**
 * Only when CloudFormation asks for it in the name of somebody, who may have it change the stacks of the app and no others: for what has no name
 * in its ARN, and no tags that AWS lets nobody else give.
 */
export const throughStacks = { 'aws:CalledViaFirst': 'cloudformation.amazonaws.com' } as const

/** Of the launch template of infra/capacity-ec2.yml. */
export const capacityTag = `${ownPrefix}capacity`
