import { UpdateServiceCommand } from '@aws-sdk/client-ecs'
import { ModifyLoadBalancerAttributesCommand } from '@aws-sdk/client-elastic-load-balancing-v2'
import { errorName } from '../../src/aws/errors.ts'
import type { Account } from './account.ts'
import { type Estate, portsOf } from './estate.ts'
import type { Command } from './options.ts'
import { Stop } from './stop.ts'
import type { Terminal } from './terminal.ts'

/** As often as a target group is tried that its rule has only just let go of. */
const groupTries = 60

/**
 * Takes away what keeps the app's stack from being deleted, each thing before what it holds on to: rules of previews, their services, their
 * target groups, the lock of a dead run, the tasks of both colors, and the protection of the load balancer.
 */
export async function empty(account: Account, terminal: Terminal, estate: Estate, command: Command): Promise<void> {
  const { elb, ecs, locks } = portsOf(account, estate.cluster)
  const { previews, lock } = estate
  for (const rule of previews.rules) {
    terminal.say(`  Deleting the rule ${rule} of a preview`)
    await elb.deleteRule(rule)
  }
  for (const service of previews.services) {
    terminal.say(`  Deleting the service ${service} of a preview`)
    await ecs.remove(service)
  }
  for (const group of previews.groups) {
    terminal.say(`  Deleting the target group ${group} of a preview`)
    await deleteGroup(() => elb.deleteGroup(group), terminal, group, command.pollMs)
  }
  if (lock !== undefined) {
    terminal.say(`  Deleting the lock ${lock.name} of a run that is over`)
    await locks.remove(lock.arn)
  }
  // Both at once. CloudFormation would wait for the one before it turns to the other.
  for (const service of estate.colors) await toZero(account, terminal, estate.cluster, service)
  await unprotect(account, terminal, estate.loadBalancer)
}

async function deleteGroup(
  remove: () => Promise<'gone' | 'in-use'>,
  terminal: Terminal,
  group: string,
  pollMs: number,
): Promise<void> {
  for (let tries = 0; tries < groupTries; tries += 1) {
    if ((await remove()) === 'gone') return
    await terminal.sleep(pollMs)
  }
  throw new Stop(
    'failed',
    `The target group ${group} is still in use. Find the rule that names it, then run this again.`,
  )
}

async function toZero({ ecs }: Account, terminal: Terminal, cluster: string, service: string): Promise<void> {
  try {
    await ecs.send(new UpdateServiceCommand({ cluster, service, desiredCount: 0 }))
    terminal.say(`  Stopping the tasks of ${service}`)
  } catch (error) {
    // Half of a removal that did not get to its end.
    if (!['ServiceNotFound', 'ServiceNotActive', 'ClusterNotFound'].includes(errorName(error))) throw error
  }
}

/** `DeletionProtection` of app.yml is for those who delete by mistake; here the name was typed. */
export async function unprotect({ elb }: Account, terminal: Terminal, LoadBalancerArn: string | undefined) {
  if (LoadBalancerArn === undefined) return
  const Attributes = [{ Key: 'deletion_protection.enabled', Value: 'false' }]
  try {
    await elb.send(new ModifyLoadBalancerAttributesCommand({ LoadBalancerArn, Attributes }))
    terminal.say('  Lifting the deletion protection of the load balancer')
  } catch (error) {
    if (errorName(error) !== 'LoadBalancerNotFound') throw error
  }
}
