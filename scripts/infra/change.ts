import {
  type Change,
  CreateChangeSetCommand,
  DeleteChangeSetCommand,
  DescribeChangeSetCommand,
  ExecuteChangeSetCommand,
  type Parameter,
} from '@aws-sdk/client-cloudformation'
import { errorName, oneLine } from '../../src/aws/errors.ts'
import type { Account } from './account.ts'
import { firstTasks } from './first-tasks.ts'
import { explainFailures, follow, isFailure, newestEvent, type Witness } from './follow.ts'
import { findStack, type Stack, standing } from './stacks.ts'
import { Stop } from './stop.ts'
import { bodyOf, type StackKey, stackName, templateOf, type Values } from './templates.ts'
import type { Terminal } from './terminal.ts'

/** What a stack is to become. */
export interface Wanted {
  readonly key: StackKey
  /** Of the app. */
  readonly name: string
  /** Undefined when it is to be made. */
  readonly current: Stack | undefined
  /** What is neither given nor fed stays as it is, or is the template's default. */
  readonly values: Values
}

export interface ChangeSet {
  readonly id: string
  readonly lines: readonly string[]
}

/** AWS says it in a change set that has failed, and for some changes at once. */
const nothing = /didn't contain changes|no updates are to be performed/i

/** @returns undefined when there is nothing to change. @throws Stop when CloudFormation finds the change impossible */
export async function prepare(
  account: Account,
  terminal: Terminal,
  wanted: Wanted,
  pollMs: number,
): Promise<ChangeSet | undefined> {
  const StackName = stackName(wanted.key, wanted.name)
  const id = await create(account, StackName, wanted, `infra-up-${terminal.now()}`)
  if (id === undefined) return undefined
  for (;;) {
    const seen = await account.formation.send(new DescribeChangeSetCommand({ StackName, ChangeSetName: id }))
    const { Status = '', StatusReason = '' } = seen
    if (Status === 'CREATE_COMPLETE') {
      const changes = await changesOf(account, StackName, id, seen.Changes ?? [], seen.NextToken)
      return { id, lines: changes.map(lineOf) }
    }
    if (Status === 'FAILED') {
      await discard(account, StackName, id)
      if (nothing.test(StatusReason)) return undefined
      throw new Stop('failed', `CloudFormation cannot change the stack ${StackName}: ${oneLine(StatusReason)}`)
    }
    await terminal.sleep(pollMs)
  }
}

async function create(account: Account, StackName: string, wanted: Wanted, ChangeSetName: string) {
  const isNew = wanted.current === undefined || standing(wanted.current).kind === 'empty'
  const command = new CreateChangeSetCommand({
    StackName,
    ChangeSetName,
    ChangeSetType: isNew ? 'CREATE' : 'UPDATE',
    TemplateBody: bodyOf(wanted.key),
    Capabilities: ['CAPABILITY_NAMED_IAM'],
    Parameters: parametersOf(wanted),
  })
  try {
    return (await account.formation.send(command)).Id ?? ''
  } catch (error) {
    if (errorName(error) === 'ValidationError' && error instanceof Error && nothing.test(error.message))
      return undefined
    throw error
  }
}

export async function discard(account: Account, StackName: string, id: string): Promise<void> {
  await account.formation.send(new DeleteChangeSetCommand({ StackName, ChangeSetName: id }))
}

/** Executes a change set and tells what happens. @throws Stop with the first reasons first when it fails */
export async function execute(account: Account, terminal: Terminal, wanted: Wanted, set: ChangeSet, pollMs: number) {
  const name = stackName(wanted.key, wanted.name)
  const before = await findStack(account.formation, wanted.key, wanted.name)
  if (before === undefined) throw new Stop('failed', `The stack ${name} has gone before its change set was executed.`)
  const after = await newestEvent(account, before.id)
  await account.formation.send(new ExecuteChangeSetCommand({ StackName: name, ChangeSetName: set.id }))
  const witness = witnessOf(account, wanted)
  const { stack, failures, evidence } = await follow(account, terminal, before, after, pollMs, witness)
  if (['CREATE_COMPLETE', 'UPDATE_COMPLETE'].includes(stack.status)) return stack
  const reasons = failures.length > 0 ? failures : [oneLine(stack.reason) || 'CloudFormation gave no reason.']
  throw new Stop(
    'failed',
    `The stack ${name} is ${stack.status}:\n${explainFailures(reasons, wanted.name, evidence)}\n${afterFailure(stack)}`,
  )
}

function afterFailure(stack: Stack): string {
  const state = standing(stack)
  if ('todo' in state) return state.todo
  if (state.kind !== 'remains') return 'The stack is as it was before.'
  const gone =
    stack.status === 'ROLLBACK_COMPLETE'
      ? 'What was made of it is taken away again.'
      : 'Not all that was made of it could be taken away again.'
  return `${gone} Run this again when that is mended: it deletes the remains first, after you have typed the name.`
}

/** The first tasks of an app, which nobody can ask any more when their stack has been rolled back. */
function witnessOf(account: Account, { key, values }: Wanted): Witness | undefined {
  if (key !== 'app') return undefined
  let isAsked = false
  return async event => {
    const [, color] = /^(Blue|Green)Service$/.exec(event.LogicalResourceId ?? '') ?? []
    if (isAsked || color === undefined || event.ResourceStatus !== 'CREATE_FAILED' || !isFailure(event)) return []
    // The other one fails in the same way.
    isAsked = true
    return firstTasks(account, values, `${values.Service}-${color.toLowerCase()}`)
  }
}

function parametersOf({ key, current, values }: Wanted): Parameter[] {
  return Object.keys(templateOf(key).parameters).flatMap((ParameterKey): Parameter[] => {
    const ParameterValue = values[ParameterKey]
    if (ParameterValue !== undefined) return [{ ParameterKey, ParameterValue }]
    return current !== undefined && ParameterKey in current.parameters ? [{ ParameterKey, UsePreviousValue: true }] : []
  })
}

async function changesOf(
  account: Account,
  StackName: string,
  ChangeSetName: string,
  first: readonly Change[],
  token?: string,
) {
  const found = [...first]
  let NextToken = token
  while (NextToken !== undefined) {
    const page = await account.formation.send(new DescribeChangeSetCommand({ StackName, ChangeSetName, NextToken }))
    found.push(...(page.Changes ?? []))
    NextToken = page.NextToken
  }
  return found
}

const signs: Readonly<Record<string, string>> = { Add: '+', Remove: '-', Modify: '~', Import: '+', Dynamic: '~' }

function lineOf({ ResourceChange: change = {} }: Change): string {
  const { Action = '', LogicalResourceId = '', ResourceType = '', Replacement = 'False', Scope = [] } = change
  const sign = signs[Action] ?? Action
  const replaced = Replacement === 'True' ? ', replaced' : Replacement === 'Conditional' ? ', perhaps replaced' : ''
  const what = Scope.length === 0 ? '' : ` ${Scope.join(', ').toLowerCase()}`
  return `  ${sign} ${LogicalResourceId} (${ResourceType})${what}${replaced}`
}
