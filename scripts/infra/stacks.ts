import {
  type CloudFormationClient,
  DescribeStacksCommand,
  type Stack as SdkStack,
} from '@aws-sdk/client-cloudformation'
import { errorName } from '../../src/aws/errors.ts'
import type { Account } from './account.ts'
import { Stop } from './stop.ts'
import { marks, named, order, type StackKey, stackName, type Values } from './templates.ts'

/** A stack that is there. */
export interface Stack {
  readonly key: StackKey
  readonly name: string
  readonly id: string
  readonly status: string
  readonly reason: string
  readonly parameters: Values
  readonly outputs: Values
  readonly isProtected: boolean
}

export type Stacks = Readonly<Partial<Record<StackKey, Stack>>>

/** What can be done with a stack as it is. */
export type Standing =
  | { readonly kind: 'ready' }
  /** Nothing is in it: a change set that nobody has executed. */
  | { readonly kind: 'empty' }
  /** Of a creation that failed: it can only be deleted. */
  | { readonly kind: 'remains' }
  | { readonly kind: 'busy'; readonly todo: string }
  | { readonly kind: 'stuck'; readonly todo: string }

/**
 * | status                                                    | standing |
 * |-----------------------------------------------------------|----------|
 * | REVIEW_IN_PROGRESS                                        | empty    |
 * | …_IN_PROGRESS                                             | busy     |
 * | CREATE_FAILED, ROLLBACK_COMPLETE, ROLLBACK_FAILED         | remains  |
 * | DELETE_FAILED, UPDATE_FAILED, UPDATE_ROLLBACK_FAILED      | stuck    |
 * | CREATE_, UPDATE_, UPDATE_ROLLBACK_, IMPORT_…_COMPLETE     | ready    |
 */
export function standing({ name, status }: Pick<Stack, 'name' | 'status'>): Standing {
  if (status === 'REVIEW_IN_PROGRESS') return { kind: 'empty' }
  if (status.endsWith('_IN_PROGRESS')) {
    const todo = `Somebody, or a run before, is changing it. Wait until that has ended, then run this again; to end an update, run aws cloudformation cancel-update-stack --stack-name ${name}.`
    return { kind: 'busy', todo }
  }
  switch (status) {
    case 'CREATE_FAILED':
    case 'ROLLBACK_COMPLETE':
    case 'ROLLBACK_FAILED':
      return { kind: 'remains' }
    case 'DELETE_FAILED':
      return {
        kind: 'stuck',
        todo: 'Its removal has failed half-way. Run npm run infra:down again; it says what is in the way.',
      }
    case 'UPDATE_ROLLBACK_FAILED':
      return {
        kind: 'stuck',
        todo: `An update has failed, and so has the way back. Mend what the events say (aws cloudformation describe-stack-events --stack-name ${name}), then run aws cloudformation continue-update-rollback --stack-name ${name}, with --resources-to-skip for what cannot be mended, and then this again.`,
      }
    case 'UPDATE_FAILED':
      return { kind: 'stuck', todo: `Run aws cloudformation rollback-stack --stack-name ${name}, and then this again.` }
    default:
      return status.endsWith('_COMPLETE')
        ? { kind: 'ready' }
        : {
            kind: 'stuck',
            todo: 'This version does not know that state. Look at the stack in the console of CloudFormation.',
          }
  }
}

/** All stacks of the app in this Region. @throws Stop when one of these names is taken by a stack that is none of these */
export async function findStacks(account: Account, name: string): Promise<Stacks> {
  const found = await Promise.all(order.map(key => findStack(account.formation, key, name)))
  const stacks = found.filter(stack => stack !== undefined)
  const strangers = stacks.filter(stack => !isOurs(stack, name))
  if (strangers.length > 0) {
    const names = strangers.map(
      stack => `${stack.name} (${Object.keys(stack.parameters).join(', ') || 'no parameters'})`,
    )
    throw new Stop(
      'state',
      `The stack ${names.join(' and ')} in ${account.region} was not made from these templates. It is left alone: choose another name for the app.`,
    )
  }
  return Object.fromEntries(stacks.map(stack => [stack.key, stack]))
}

function isOurs({ key, status, parameters }: Stack, name: string): boolean {
  // What was never created has no parameters to be known by.
  if (status === 'REVIEW_IN_PROGRESS') return true
  const service = named(key, name).Service
  return marks[key].every(mark => mark in parameters) && (service === undefined || parameters.Service === service)
}

/** By name, or by id, under which a deleted one is still known. */
export async function findStack(
  formation: CloudFormationClient,
  key: StackKey,
  name: string,
  id?: string,
): Promise<Stack | undefined> {
  const StackName = id ?? stackName(key, name)
  try {
    const { Stacks = [] } = await formation.send(new DescribeStacksCommand({ StackName }))
    return Stacks[0] === undefined ? undefined : stackOf(key, Stacks[0])
  } catch (error) {
    // CloudFormation has no error of its own for this.
    if (errorName(error) === 'ValidationError' && error instanceof Error && /does not exist/.test(error.message))
      return undefined
    throw error
  }
}

function stackOf(key: StackKey, stack: SdkStack): Stack {
  return {
    key,
    name: stack.StackName ?? '',
    id: stack.StackId ?? '',
    status: stack.StackStatus ?? '',
    reason: stack.StackStatusReason ?? '',
    parameters: Object.fromEntries(
      (stack.Parameters ?? []).map(one => [one.ParameterKey ?? '', one.ParameterValue ?? '']),
    ),
    outputs: Object.fromEntries((stack.Outputs ?? []).map(one => [one.OutputKey ?? '', one.OutputValue ?? ''])),
    isProtected: stack.EnableTerminationProtection === true,
  }
}

/** Regions that every account has; one that had to be turned on is not looked into. */
const usualRegions =
  'us-east-1 us-east-2 us-west-1 us-west-2 ca-central-1 sa-east-1 eu-central-1 eu-north-1 eu-west-1 eu-west-2 eu-west-3 ap-south-1 ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-southeast-1 ap-southeast-2'.split(
    ' ',
  )

/**
 * A wrong Region looks like an app that is not there: `up` would make a second one, whose roles have the names of the first one's, and `down`
 * would say that there is nothing.
 *
 * @throws Stop when the app's stack is in another Region
 */
export async function notElsewhere(account: Account, name: string): Promise<void> {
  if (account.partition !== 'aws') return
  const others = usualRegions.filter(region => region !== account.region)
  const seen = await Promise.allSettled(others.map(region => findStack(account.formationIn(region), 'app', name)))
  const where = others.filter((_, index) => {
    const one = seen[index]
    return one?.status === 'fulfilled' && one.value !== undefined && isOurs(one.value, name)
  })
  if (where.length > 0) {
    throw new Stop(
      'other-region',
      `The stack ${name} is in ${where.join(' and ')}, and this is ${account.region}. Nothing was changed. Run it with --region ${where[0]}, or choose another name for a second app: the names of its roles are those of the whole account.`,
    )
  }
}
