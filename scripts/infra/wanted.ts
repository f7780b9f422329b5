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
    bootstrap: command.bootstrap,
    network: isNew && command.ownNetwork,
    registry: isNew && command.ownRegistry,
    capacity: isNew && command.ec2,
    app: true,
    scaling: command.scaling,
    github: command.github,
  }
  // A job cannot change the role that it has itself.
  return order.filter(key => asked[key] || (key !== 'bootstrap' && found[key] !== undefined))
}

export function isToBeMade(stack: Stack | undefined): boolean {
  return stack === undefined || ['empty', 'remains'].includes(standing(stack).kind)
}

/** What was given, and what the stacks before say. */
export function wantedOf(command: Up, key: StackKey, current: Stack | undefined, done: Stacks, more: Values): Wanted {
  const outputs: Values = {
    ...done.bootstrap?.outputs,
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
  const chosen = key === 'bootstrap' ? choices(command, done) : {}
  const values = { ...Object.fromEntries(handed), ...chosen, ...more, ...command.given[key] }
  return { key, name: command.name, current, values }
}

/** What the app has or is to get, and its roles need rights for. */
function choices({ name, given, ownNetwork, ec2 }: Up, { app, network, capacity }: Stacks): Values {
  const isNew = isToBeMade(app)
  const now = isNew ? {} : (app?.parameters ?? {})
  const {
    Cluster = now.Cluster ?? '',
    HostedZoneId = now.HostedZoneId ?? '',
    DomainName = now.DomainName ?? '',
    NamespaceId = now.NamespaceId ?? '',
  } = given.app
  return {
    Cluster: Cluster === '' ? name : Cluster,
    Network: String(network !== undefined || (isNew && ownNetwork)),
    Ec2: String(capacity !== undefined || (isNew && ec2)),
    HostedZoneId,
    DomainName,
    NamespaceId,
  }
}
