import { holds } from '../../sandbox/infra/evaluate.ts'
import type { Account } from './account.ts'
import { discard, prepare } from './change.ts'
import type { Up } from './options.ts'
import { scopeOf } from './parameters.ts'
import type { Stacks } from './stacks.ts'
import { type StackKey, stackName, templateOf, type Values } from './templates.ts'
import type { Terminal } from './terminal.ts'
import { isToBeMade, wantedOf } from './wanted.ts'

/** A change set for what is there, which is deleted again; for what is not, what its template makes. */
export async function plan(
  account: Account,
  terminal: Terminal,
  command: Up,
  found: Stacks,
  keys: readonly StackKey[],
) {
  for (const key of keys) {
    const name = stackName(key, command.name)
    const current = found[key]
    if (current === undefined || isToBeMade(current)) {
      terminal.say(`Stack ${name} would be made${current === undefined ? '' : `, after ${current.status} is deleted`}:`)
      for (const line of madeBy(key, command.given[key])) terminal.say(line)
      continue
    }
    const wanted = wantedOf(command, key, current, found, {})
    const set = await prepare(account, terminal, wanted, command.pollMs)
    if (set === undefined) {
      terminal.say(`Stack ${name}: nothing to change`)
      continue
    }
    await discard(account, name, set.id)
    terminal.say(`Stack ${name} would be updated:`)
    for (const line of set.lines) terminal.say(line)
  }
  terminal.say('This was a plan: nothing was changed.')
}

function madeBy(key: StackKey, values: Values): readonly string[] {
  const template = templateOf(key)
  const scope = scopeOf(template, values)
  return Object.entries(template.resources)
    .filter(([, { Condition }]) => Condition === undefined || holds(Condition, scope))
    .map(([id, { Type }]) => `  + ${id} (${Type})`)
}
