import { holds } from '../../sandbox/infra/evaluate.ts'
import { block } from '../../src/report/markdown.ts'
import type { Account } from './account.ts'
import { discard, prepare } from './change.ts'
import { type Image, imageLine } from './choose-image.ts'
import type { Up } from './options.ts'
import { scopeOf } from './parameters.ts'
import type { Stacks } from './stacks.ts'
import { fed, type StackKey, stackName, templateOf, type Values } from './templates.ts'
import type { Terminal } from './terminal.ts'
import { testColor } from './test-color.ts'
import { isToBeMade, wantedOf } from './wanted.ts'

/** A change set for what is there, which is deleted again; for what is not, what its template makes. */
export async function plan(
  account: Account,
  terminal: Terminal,
  command: Up,
  found: Stacks,
  keys: readonly StackKey[],
  image: Image,
) {
  const told: string[] = []
  const tell = (...lines: readonly string[]) => {
    for (const line of lines) terminal.say(line)
    told.push(...lines)
  }
  for (const key of keys) {
    const name = stackName(key, command.name)
    const current = found[key]
    if (current === undefined || isToBeMade(current)) {
      const after = current === undefined ? '' : `, after what is left of it (${current.status}) is deleted`
      tell(`Stack ${name} would be made${after}:`, ...madeBy(key, { ...laterOf(key, keys), ...command.given[key] }))
      continue
    }
    const more = key === 'app' ? await testColor(account, current, command.given.app) : {}
    const set = await prepare(account, terminal, wantedOf(command, key, current, found, more), command.pollMs)
    if (set === undefined) {
      tell(`Stack ${name}: nothing to change`)
      continue
    }
    await discard(account, name, set.id)
    tell(`Stack ${name} would be updated:`, ...set.lines)
  }
  tell(...imageLine(image))
  terminal.say('This was a plan: nothing was changed.')
  terminal.summarize(`### Plan of ${command.name} in ${account.region}\n\n${block(told.join('\n'))}`)
}

/** What stacks before it will say, once they are made. */
function laterOf(key: StackKey, keys: readonly StackKey[]): Values {
  const before = keys.slice(0, keys.indexOf(key)).flatMap(one => Object.keys(templateOf(one).outputs))
  return Object.fromEntries(fed[key].filter(name => before.includes(name)).map(name => [name, 'known-later']))
}

function madeBy(key: StackKey, values: Values): readonly string[] {
  const template = templateOf(key)
  const scope = scopeOf(template, values)
  return Object.entries(template.resources)
    .filter(([, { Condition }]) => Condition === undefined || holds(Condition, scope))
    .map(([id, { Type }]) => `  + ${id} (${Type})`)
}
