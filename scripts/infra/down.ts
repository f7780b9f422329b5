import { DeleteRepositoryCommand } from '@aws-sdk/client-ecr'
import { errorName } from '../../src/aws/errors.ts'
import { block, list } from '../../src/report/markdown.ts'
import { type Account, connect } from './account.ts'
import { empty } from './empty.ts'
import { type Estate, survey } from './estate.ts'
import { untilNoInstances } from './instances.ts'
import type { Down } from './options.ts'
import { type Registry, registriesOf } from './registry.ts'
import { confirm, deleteStack } from './removal.ts'
import { findStacks, notElsewhere, type Stack, type Stacks, standing } from './stacks.ts'
import { Stop } from './stop.ts'
import { order } from './templates.ts'
import type { Terminal } from './terminal.ts'

/** Removes everything, the last made first. After a failure the next run goes on where this one stopped. */
export async function down(command: Down, terminal: Terminal): Promise<void> {
  const account = await connect(command)
  terminal.say(`Account ${account.id} in ${account.region}, as ${account.arn}`)
  const found = await findStacks(account, command.name)
  if (Object.keys(found).length === 0) await notElsewhere(account, command.name)
  const keys = order.toReversed().filter(key => key !== 'bootstrap' || command.withBootstrap)
  const stacks = keys.flatMap(key => found[key] ?? [])
  const registries = await registriesOf(account, command.name, found)
  const doomed = command.withImages ? registries.filter(({ isOurs }) => isOurs) : []
  if (stacks.length === 0 && doomed.length === 0) {
    terminal.say(`There is nothing of ${command.name} in ${account.region}: no stack to remove.`)
    for (const line of left(command, found, registries)) terminal.say(line)
    return
  }
  const estate = found.app && (await survey(account, found.app, found.capacity !== undefined))
  refuse(stacks, estate, terminal.now())
  const lines = [...goes(stacks, estate, doomed), ...left(command, found, registries)]
  for (const line of lines) terminal.say(line)
  if (command.plan) {
    terminal.say('This was a plan: nothing was removed.')
    terminal.summarize(`### Removal of ${command.name} from ${account.region}\n\n${block(lines.join('\n'))}`)
    return
  }
  await confirm(terminal, command, 'to remove all of this')
  await remove(account, terminal, command, stacks, estate)
  for (const registry of doomed) await deleteRegistry(account, terminal, registry)
  terminal.say(`${command.name} is removed.`)
  const kept = left(command, found, registries)
  for (const line of kept) terminal.say(line)
  terminal.summarize(`### ${command.name} is removed from ${account.region}\n\n${list(kept.slice(1))}`)
}

async function remove(account: Account, terminal: Terminal, command: Down, stacks: readonly Stack[], estate?: Estate) {
  for (const stack of stacks) {
    if (stack.key === 'app' && estate !== undefined) {
      await terminal.group('What is in the way', () => empty(account, terminal, estate, command))
    }
    if (stack.key === 'capacity') {
      await terminal.group('The instances', () => untilNoInstances(account, terminal, command.name, command))
    }
    await deleteStack(account, terminal, stack, command)
  }
}

/** @throws Stop for every reason at once why nothing may be removed */
function refuse(stacks: readonly Stack[], estate: Estate | undefined, now: number): void {
  const reasons = stacks.flatMap(stack => {
    const state = standing(stack)
    if (state.kind === 'busy' && stack.status !== 'DELETE_IN_PROGRESS')
      return [`The stack ${stack.name} is ${stack.status}. ${state.todo}`]
    if (!stack.isProtected) return []
    const command = `aws cloudformation update-termination-protection --no-enable-termination-protection --stack-name ${stack.name}`
    return [
      `The stack ${stack.name} has termination protection. Whoever may lift it runs ${command}, and then this again.`,
    ]
  })
  if (estate !== undefined && estate.foreignServices.length > 0) {
    reasons.push(
      `The cluster ${estate.cluster} goes with its stack, and has services of others: ${estate.foreignServices.join(', ')}. Move or delete them first.`,
    )
  }
  if (estate?.lock !== undefined && estate.lock.expiresAt > now) {
    const { repository, runUrl } = estate.lock.owner
    reasons.push(
      `A run deploys right now: ${runUrl || repository || estate.lock.name}. Wait for its end, or cancel it; the lock of a run that died ends within three minutes.`,
    )
  }
  if (reasons.length > 0) throw new Stop('state', `${reasons.join('\n')}\nNothing was removed.`)
}

function goes(stacks: readonly Stack[], estate: Estate | undefined, doomed: readonly Registry[]) {
  const previews = [
    ...(estate?.previews.rules ?? []),
    ...(estate?.previews.services ?? []),
    ...(estate?.previews.groups ?? []),
  ]
  return [
    'This goes:',
    ...stacks.map(({ name, status }) => `  the stack ${name} (${status})`),
    ...previews.map(part => `  ${part}, of a preview`),
    ...(estate?.foreignRules ?? []).map(
      ({ arn, to }) =>
        `  ${arn}, of somebody else${to.length === 0 ? '' : `, to ${to.join(', ')}`}: a rule goes with its listener`,
    ),
    ...doomed.map(({ arn }) => `  the registry ${arn} with all its images`),
  ]
}

function left(command: Down, found: Stacks, registries: readonly Registry[]): readonly string[] {
  const { app, github, bootstrap } = found
  const lines = [
    ...registries.flatMap(registry => keptRegistry(command, registry)),
    ...(app === undefined
      ? []
      : [
          `registered revisions of task definitions, of ${app.parameters.Service} and its previews, which cost nothing`,
        ]),
    ...(app?.parameters.Cluster && found.capacity === undefined
      ? [`the cluster ${app.parameters.Cluster}, which is yours`]
      : []),
    ...(app !== undefined && found.network === undefined ? [`the VPC ${app.parameters.VpcId}, which is yours`] : []),
    ...([github, bootstrap].some(stack => stack?.parameters.ProviderArn === '')
      ? ["GitHub's identity provider in IAM, which an account has once, and which other roles may use"]
      : []),
    ...(bootstrap === undefined || command.withBootstrap
      ? []
      : [
          `the stack ${bootstrap.name}, because a job cannot remove the role that it runs with: --with-bootstrap removes it, too`,
        ]),
    ...(app === undefined ? [] : ['the role AWSServiceRoleForECS, which is of the whole account']),
  ]
  return lines.length === 0 ? [] : ['This is left:', ...lines.map(line => `  ${line}`)]
}

function keptRegistry({ withImages }: Down, { arn, name, isOurs, why }: Registry): readonly string[] {
  if (!isOurs) return [`the registry ${arn}, ${why}`]
  return withImages
    ? []
    : [
        `the registry ${name}, because with the last image the last way back would be gone: --with-images removes it, too`,
      ]
}

async function deleteRegistry({ ecr, id }: Account, terminal: Terminal, { name }: Registry): Promise<void> {
  try {
    await ecr.send(new DeleteRepositoryCommand({ registryId: id, repositoryName: name, force: true }))
    terminal.say(`Deleted the registry ${name} with all its images.`)
  } catch (error) {
    if (errorName(error) !== 'RepositoryNotFound') throw error
  }
}
