import { type Account, connect } from './account.ts'
import { execute, prepare, type Wanted } from './change.ts'
import { chooseImage, type Image } from './choose-image.ts'
import { unprotect } from './empty.ts'
import { resourcesOf } from './estate.ts'
import { findRepository, pushSample } from './first-image.ts'
import { fixedChanges, type Up } from './options.ts'
import { brokenRules, elsewhere } from './parameters.ts'
import { plan } from './plan.ts'
import { keepPolicy, knownProvider, needServiceRole } from './prerequisites.ts'
import { confirm, deleteStack } from './removal.ts'
import { tellResult } from './result.ts'
import { findStacks, notElsewhere, type Stack, type Stacks, standing } from './stacks.ts'
import { Stop } from './stop.ts'
import { type StackKey, stackName, templateOf, type Values } from './templates.ts'
import type { Terminal } from './terminal.ts'
import { testColor } from './test-color.ts'
import { isToBeMade, wantedKeys, wantedOf } from './wanted.ts'

/** Makes or updates everything. Each stack that is done stays done: after a failure the next run goes on where this one stopped. */
export async function up(asked: Up, terminal: Terminal): Promise<void> {
  const account = await connect(asked)
  terminal.say(`Account ${account.id} in ${account.region}, as ${account.arn}`)
  const found = await findStacks(account, asked.name)
  if (found.app === undefined) await notElsewhere(account, asked.name)
  const command = await adoptRegistry(account, terminal, asked, found)
  const keys = wantedKeys(command, found)
  const remains = judge(command, found, keys, account.region)
  const image = await chooseImage(account, command, found)
  if (command.plan) {
    await plan(account, terminal, command, found, keys, image)
    return
  }
  for (const stack of remains) await clear(account, terminal, command, stack)
  const there = without(found, remains)
  if (there.app === undefined) await needServiceRole(account, terminal)
  const done: { -readonly [Key in StackKey]?: Stack } = { ...there }
  for (const key of keys) {
    const more = await moreValues(account, terminal, command, key, done, image)
    done[key] = await bringUp(account, terminal, command, wantedOf(command, key, there[key], done, more))
    if (key === 'app') await keepPolicy(account, terminal, stackName(key, command.name))
  }
  tellResult(account, terminal, done)
}

/** A registry outlives its stack, for the sake of its images. The next stack of the app uses it as it is. */
async function adoptRegistry(account: Account, terminal: Terminal, command: Up, found: Stacks): Promise<Up> {
  const { given, ownRegistry } = command
  if (!ownRegistry || !isToBeMade(found.app) || !isToBeMade(found.registry)) return command
  const { repositoryArn: RepositoryArn } = (await findRepository(account, given.registry.Repository ?? '')) ?? {}
  if (RepositoryArn === undefined) return command
  terminal.say(`The registry ${RepositoryArn} is there already, and is used as it is.`)
  const app = { RepositoryArn, ...given.app }
  const github = { RepositoryArn, ...given.github }
  return { ...command, given: { ...given, app, github }, ownRegistry: false }
}

/** @returns what has to be deleted first. @throws Stop for every reason at once why nothing can be done */
function judge(command: Up, found: Stacks, keys: readonly StackKey[], region: string): readonly Stack[] {
  const stacks = keys.flatMap(key => found[key] ?? [])
  const waits = stacks.flatMap(stack => {
    const state = standing(stack)
    return 'todo' in state ? [`The stack ${stack.name} is ${stack.status}. ${state.todo}`] : []
  })
  if (waits.length > 0) throw new Stop('state', waits.join('\n'))
  if (command.ec2 && found.capacity === undefined && !isToBeMade(found.app)) {
    throw new Stop(
      'usage',
      `--ec2: what an app runs on is fixed at creation, and ${command.name} runs on ${found.app?.parameters.CapacityProvider}. Make a new app of another name with --ec2.`,
    )
  }
  if (command.bootstrap && isToBeMade(found.bootstrap) && command.given.bootstrap.Repository === undefined) {
    throw new Stop('usage', '--bootstrap: its roles are for the jobs of a repository: give --github OWNER/REPOSITORY.')
  }
  const problems = keys.flatMap(key => {
    const current = isToBeMade(found[key]) ? {} : (found[key]?.parameters ?? {})
    const { parameters } = templateOf(key)
    const kept = Object.fromEntries(Object.entries(current).filter(([name]) => name in parameters))
    return [
      ...elsewhere(command.given[key], region),
      ...fixedChanges(key, command.given[key], current),
      ...brokenRules(templateOf(key), { ...kept, ...command.given[key] }),
    ]
  })
  if (problems.length > 0) throw new Stop('usage', problems.join('\n'))
  return stacks.filter(stack => standing(stack).kind === 'remains')
}

async function moreValues(
  account: Account,
  terminal: Terminal,
  command: Up,
  key: StackKey,
  done: Stacks,
  image: Image,
): Promise<Values> {
  if (
    (key === 'github' || key === 'bootstrap') &&
    isToBeMade(done[key]) &&
    command.given[key].ProviderArn === undefined
  ) {
    return knownProvider(account, terminal)
  }
  if (key !== 'app') return {}
  if (done.app !== undefined && !isToBeMade(done.app)) return testColor(account, done.app, command.given.app)
  if (image.kind === 'given' || image.kind === 'needed') return {}
  if (image.kind === 'found') {
    terminal.say(`Both colors start on ${image.image}, the newest image of the registry.`)
    return { Image: image.image }
  }
  const arn = command.given.app.RepositoryArn ?? done.registry?.outputs.RepositoryArn ?? ''
  const repository = await findRepository(account, arn.split(':repository/')[1] ?? command.name)
  const { Architecture = 'X86_64' } = { ...done.capacity?.outputs, ...command.given.app }
  const uri = repository?.repositoryUri ?? ''
  const Image = await terminal.group('The first image', () => pushSample(account, terminal, uri, Architecture))
  return { Image }
}

async function bringUp(account: Account, terminal: Terminal, { pollMs }: Up, wanted: Wanted): Promise<Stack> {
  const name = stackName(wanted.key, wanted.name)
  return terminal.group(`Stack ${name}`, async () => {
    const set = await prepare(account, terminal, wanted, pollMs)
    if (set === undefined) {
      terminal.say(`  ${name}: nothing to change`)
      if (wanted.current === undefined)
        throw new Stop('failed', `CloudFormation made nothing of the new stack ${name}.`)
      return wanted.current
    }
    for (const line of set.lines) terminal.say(line)
    const stack = await execute(account, terminal, wanted, set, pollMs)
    terminal.say(`  ${name}: ${stack.status}`)
    return stack
  })
}

async function clear(account: Account, terminal: Terminal, command: Up, stack: Stack): Promise<void> {
  terminal.say(`The stack ${stack.name} is ${stack.status}: its creation has failed, and it can only be deleted.`)
  await confirm(terminal, command, 'to delete these remains')
  // AWS deletes no load balancer that is protected, and that of the template is from the start.
  if (stack.key === 'app') await unprotect(account, terminal, (await resourcesOf(account, stack)).get('LoadBalancer'))
  await deleteStack(account, terminal, stack, command)
}

function without(found: Stacks, gone: readonly Stack[]): Stacks {
  return Object.fromEntries(Object.entries(found).filter(([, stack]) => !gone.includes(stack)))
}
