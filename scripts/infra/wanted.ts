import type { Wanted } from './change.ts'
import type { Up } from './options.ts'
import { isFixed } from './parameters.ts'
import { type Stack, type Stacks, standing } from './stacks.ts'
import { fed, order, type StackKey, templateOf, type Values } from './templates.ts'

/** Which stacks there are to be, and with which values. */

/** What is there is kept up to date; what is not is made when it is asked for, or when a new app needs it. */
export function wantedKeys(command: Up, found: Stacks): readonly StackKey[] {
  const isNew = isToBeMade(found.app)
  const asked: Readonly<Record<StackKey, boolean>> = {
    network: isNew && command.ownNetwork,
    registry: isNew && command.ownRegistry,
    capacity: isNew && command.ec2,
    app: true,
    scaling: command.scaling,
    github: command.github,
  }
  return order.filter(key => asked[key] || found[key] !== undefined)
}

export function isToBeMade(stack: Stack | undefined): boolean {
  return stack === undefined || ['empty', 'remains'].includes(standing(stack).kind)
}

/** What was given, and what the stacks before say. */
export function wantedOf(command: Up, key: StackKey, current: Stack | undefined, done: Stacks, more: Values): Wanted {
  const outputs: Values = {
    ...done.network?.outputs,
    ...done.registry?.outputs,
    ...done.capacity?.outputs,
    ...done.app?.outputs,
  }
  // Of an app with a registry of its own choice.
  const RepositoryArn = outputs.RepositoryArn ?? done.app?.parameters.RepositoryArn ?? ''
  const known: Values = { ...outputs, ...(RepositoryArn === '' ? {} : { RepositoryArn }) }
  const { parameters } = templateOf(key)
  // A network that has got private subnets later does not move the tasks: they stay where they were created.
  const names = fed[key].filter(name => isToBeMade(current) || !isFixed(parameters[name]))
  const handed = names.flatMap(name => (known[name] === undefined ? [] : [[name, known[name]] as const]))
  return { key, name: command.name, current, values: { ...Object.fromEntries(handed), ...more, ...command.given[key] } }
}
