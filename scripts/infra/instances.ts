import { ListContainerInstancesCommand } from '@aws-sdk/client-ecs'
import { errorName } from '../../src/aws/errors.ts'
import { counted } from '../../src/model/count.ts'
import { durationText } from '../../src/model/duration.ts'
import type { Account } from './account.ts'
import type { Command } from './options.ts'
import { Stop } from './stop.ts'
import type { Terminal } from './terminal.ts'

/** ECS looks at a whole quarter of an hour without tasks before it ends an instance, and then drains it. */
const patienceMs = 45 * 60_000
const silenceMs = 60_000

/**
 * Waits until ECS has ended the instances of a cluster without services. They are protected from everybody else, and CloudFormation would wait
 * for them in vain: it deletes the capacity provider, which alone lifts the protection, before the instances.
 *
 * @throws Stop when some are still there after three quarters of an hour
 */
export async function untilNoInstances(account: Account, terminal: Terminal, cluster: string, { pollMs }: Command) {
  const startedAt = terminal.now()
  let told = ''
  let toldAt = startedAt
  for (;;) {
    const count = await instancesOf(account, cluster)
    if (count === 0) return
    const waited = terminal.now() - startedAt
    if (waited > patienceMs) {
      throw new Stop(
        'failed',
        `The cluster ${cluster} still has ${counted(count, 'instance')} after ${durationText(waited)}. See in the console of ECS what runs on them, stop it, and run this again.`,
      )
    }
    if (String(count) !== told || terminal.now() - toldAt >= silenceMs) {
      terminal.say(
        `  … ${durationText(waited)}, waiting for ECS to end ${counted(count, 'instance')}, about 20 minutes after the last task`,
      )
      told = String(count)
      toldAt = terminal.now()
    }
    await terminal.sleep(pollMs)
  }
}

/** Up to a hundred of them, which is as many as there may be. */
async function instancesOf({ ecs }: Account, cluster: string): Promise<number> {
  try {
    const { containerInstanceArns = [] } = await ecs.send(new ListContainerInstancesCommand({ cluster }))
    return containerInstanceArns.length
  } catch (error) {
    // Half of a removal that did not get to its end.
    if (errorName(error) === 'ClusterNotFound') return 0
    throw error
  }
}
