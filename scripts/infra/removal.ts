import { DeleteStackCommand } from '@aws-sdk/client-cloudformation'
import { oneLine } from '../../src/aws/errors.ts'
import type { Account } from './account.ts'
import { explainFailures, follow, newestEvent } from './follow.ts'
import type { Command } from './options.ts'
import { findStack, type Stack } from './stacks.ts'
import { Stop } from './stop.ts'
import type { Terminal } from './terminal.ts'

/** Asks for the name of the app, because a "y" is typed too easily. @throws Stop */
export async function confirm(terminal: Terminal, { name, confirmed }: Command, what: string): Promise<void> {
  if (confirmed) return
  const answer = await terminal.ask(`Type ${name} ${what}:`)
  if (answer === name) return
  const said = answer === undefined ? 'Nobody answered: where nobody can, give' : `'${answer}' is not ${name}. Or give`
  throw new Stop('declined', `${said} --yes ${name}. Nothing more was changed.`)
}

/** @throws Stop with what is in the way */
export async function deleteStack(account: Account, terminal: Terminal, stack: Stack, { name, pollMs }: Command) {
  await terminal.group(`Stack ${stack.name}`, async () => {
    const after = await newestEvent(account, stack.id)
    // Somebody deletes it already: that is as good.
    if (stack.status !== 'DELETE_IN_PROGRESS') {
      await account.formation.send(new DeleteStackCommand({ StackName: stack.id }))
    }
    const before = await findStack(account.formation, stack.key, name, stack.id)
    if (before === undefined || before.status === 'DELETE_COMPLETE') {
      terminal.say(`  ${stack.name}: deleted`)
      return
    }
    const { stack: now, failures } = await follow(account, terminal, before, after, pollMs)
    if (now.status === 'DELETE_COMPLETE') {
      terminal.say(`  ${stack.name}: deleted`)
      return
    }
    const reasons = failures.length > 0 ? failures : [oneLine(now.reason) || 'CloudFormation gave no reason.']
    throw new Stop(
      'failed',
      `The stack ${stack.name} is ${now.status}:\n${explainFailures(reasons, name)}\nThe rest of it is gone. Remove what is in the way, then run npm run infra:down again.`,
    )
  })
}
