import { parseArgs } from 'node:util'
import { duration } from '../../src/inputs/values.ts'
import { isFixed, problemsOf } from './parameters.ts'
import { Stop } from './stop.ts'
import { problemOfRepository } from './subjects.ts'
import { fed, fileOf, named, order, type StackKey, templateOf, type Values, type ValuesOf } from './templates.ts'

export interface Command {
  readonly name: string
  readonly region: string | undefined
  readonly account: string | undefined
  readonly confirmed: boolean
  readonly plan: boolean
  readonly pollMs: number
}

export interface Up extends Command {
  /** Values that were given, names included. */
  readonly given: ValuesOf
  readonly ownNetwork: boolean
  readonly ownRegistry: boolean
  /** Roles for those who make the rest from a workflow. */
  readonly bootstrap: boolean
  /** Instances, in place of Fargate. */
  readonly ec2: boolean
  readonly scaling: boolean
  readonly github: boolean
}

export interface Down extends Command {
  readonly withBootstrap: boolean
  readonly withImages: boolean
}

const text = { type: 'string' } as const
const flag = { type: 'boolean', default: false } as const
const commonOptions = { region: text, account: text, yes: text, poll: text, plan: flag, help: flag } as const

/** @throws Stop with every problem at once, or TypeError for what is no option at all */
export function readUp(args: readonly string[]): Up | 'help' {
  const options = {
    ...commonOptions,
    vpc: text,
    subnets: text,
    'task-subnets': text,
    image: text,
    'repository-arn': text,
    bootstrap: flag,
    ec2: flag,
    scaling: flag,
    github: text,
    set: { type: 'string', multiple: true, default: [] as string[] },
  } as const
  const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options })
  if (values.help) return 'help'
  const problems: string[] = []
  const command = readCommand(positionals, values, problems)
  const { vpc, subnets, image, github } = values
  if ((vpc === undefined) !== (subnets === undefined)) problems.push('--vpc and --subnets go together.')
  if (values['task-subnets'] !== undefined && vpc === undefined) problems.push('--task-subnets needs --vpc.')
  const wrong = problemOfRepository(github ?? '')
  if (wrong !== undefined) problems.push(wrong)
  const set = readSet(values.set, problems)
  const tasksAt: Values =
    vpc === undefined || subnets === undefined ? {} : { VpcId: vpc, TaskSubnets: values['task-subnets'] ?? subnets }
  const network: Values =
    subnets === undefined
      ? {}
      : {
          ...tasksAt,
          LoadBalancerSubnets: subnets,
          ...(values['task-subnets'] === undefined ? { PublicTasks: 'true' } : {}),
        }
  if (values.ec2) problems.push(...problemsOnEc2(command.name, { ...set.network, ...network }, set.app))
  const repository = values['repository-arn'] === undefined ? {} : { RepositoryArn: values['repository-arn'] }
  const ofGithub: Values = github === undefined ? {} : { Repository: github }
  const options_: ValuesOf = {
    bootstrap: ofGithub,
    network: {},
    registry: {},
    capacity: tasksAt,
    app: { ...network, ...repository, ...(image === undefined ? {} : { Image: image }) },
    scaling: {},
    github: { ...repository, ...ofGithub },
  }
  const given = byStack(key => ({ ...options_[key], ...set[key], ...named(key, command.name) }))
  // A name that no cluster of instances may have is good enough on Fargate.
  const checkedKeys = order.filter(key => key !== 'capacity' || values.ec2 || Object.keys(set.capacity).length > 0)
  problems.push(...checkedKeys.flatMap(key => checked(key, given[key])))
  if (problems.length > 0) throw new Stop('usage', problems.join('\n'))
  return {
    ...command,
    given,
    ownNetwork: vpc === undefined && given.app.VpcId === undefined,
    ownRegistry: given.app.RepositoryArn === undefined,
    bootstrap: values.bootstrap,
    ec2: values.ec2,
    scaling: values.scaling,
    github: given.github.Repository !== undefined,
  }
}

/** @throws Stop with every problem at once, or TypeError for what is no option at all */
export function readDown(args: readonly string[]): Down | 'help' {
  const options = { ...commonOptions, 'with-images': flag, 'with-bootstrap': flag } as const
  const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options })
  if (values.help) return 'help'
  const problems: string[] = []
  const command = readCommand(positionals, values, problems)
  problems.push(...checked('app', named('app', command.name)))
  if (problems.length > 0) throw new Stop('usage', problems.join('\n'))
  return { ...command, withImages: values['with-images'], withBootstrap: values['with-bootstrap'] }
}

function problemsOnEc2(name: string, network: Values, app: Values): readonly string[] {
  const isPublic = network.PublicTasks === 'true' || network.PrivateSubnets === 'false'
  const others = ['Cluster', 'CapacityProvider', 'Architecture'].filter(name => name in app)
  return [
    ...(/^(aws|ecs|fargate)/.test(name)
      ? [`--ec2: '${name}' begins with aws, ecs or fargate, which ECS keeps for capacity providers of its own.`]
      : []),
    ...(isPublic
      ? [
          '--ec2: tasks on instances get no public address, so they need private subnets: those of NAME-network, or --task-subnets.',
        ]
      : []),
    ...others.map(name => `--set: with --ec2 ${name} is what NAME-capacity says (--set capacity.…).`),
  ]
}

interface CommonValues {
  readonly region?: string | undefined
  readonly account?: string | undefined
  readonly yes?: string | undefined
  readonly poll?: string | undefined
  readonly plan: boolean
}

function readCommand(positionals: readonly string[], values: CommonValues, problems: string[]): Command {
  const [name = ''] = positionals
  if (positionals.length !== 1) problems.push(`NAME: one is needed, and ${positionals.length} were given.`)
  const { region, account, yes } = values
  if (region !== undefined && !/^[a-z]{2}(-[a-z]+)+-\d$/.test(region)) {
    problems.push(`--region: '${region}' is not the name of a Region, such as eu-central-1.`)
  }
  if (account !== undefined && !/^\d{12}$/.test(account)) {
    problems.push(`--account: '${account}' is not the number of an account, which has twelve digits.`)
  }
  if (yes !== undefined && yes !== name) problems.push(`--yes: '${yes}' is not the name ${name}.`)
  const poll = duration(10, 60_000)(values.poll ?? '5s')
  if (poll.kind === 'problem') problems.push(`--poll: ${poll.problem}`)
  return {
    name,
    region,
    account,
    confirmed: yes !== undefined,
    plan: values.plan,
    pollMs: poll.kind === 'value' ? poll.value : 0,
  }
}

/** `PARAMETER=VALUE` is of the app's stack, `network.PARAMETER=VALUE` of another. */
function readSet(entries: readonly string[], problems: string[]): ValuesOf {
  const found = entries.flatMap(entry => {
    const [, stack = 'app', name = '', value = ''] = /^(?:([a-z]+)\.)?([A-Za-z0-9]+)=(.*)$/s.exec(entry) ?? []
    const key = order.find(one => one === stack)
    if (name === '' || key === undefined) {
      problems.push(
        `--set: '${entry}' is not PARAMETER=VALUE, nor STACK.PARAMETER=VALUE with one of ${order.join(', ')}.`,
      )
      return []
    }
    if (name in named(key, '')) {
      problems.push(`--set: ${name} of ${fileOf(key)} is NAME, the name of the app.`)
      return []
    }
    if (key !== 'app' && name === 'Cluster' && fed[key].includes(name)) {
      problems.push(`--set: ${name} of ${fileOf(key)} is the app's, as its stack says.`)
      return []
    }
    return [{ key, name, value }]
  })
  return byStack(key =>
    Object.fromEntries(found.filter(one => one.key === key).map(({ name, value }) => [name, value])),
  )
}

function checked(key: StackKey, values: Values): readonly string[] {
  return problemsOf(templateOf(key), values, fileOf(key)).map(problem =>
    key === 'app' ? problem : `${key}.${problem}`,
  )
}

function byStack(make: (key: StackKey) => Values): ValuesOf {
  return {
    bootstrap: make('bootstrap'),
    network: make('network'),
    registry: make('registry'),
    capacity: make('capacity'),
    app: make('app'),
    scaling: make('scaling'),
    github: make('github'),
  }
}

/** What was given and differs from what a stack keeps for good. */
export function fixedChanges(key: StackKey, given: Values, current: Values): readonly string[] {
  const { parameters } = templateOf(key)
  return Object.entries(given)
    .filter(([name, value]) => isFixed(parameters[name]) && current[name] !== undefined && current[name] !== value)
    .map(([name, value]) => `${name} is fixed at creation: it is '${current[name]}', and cannot become '${value}'.`)
}
