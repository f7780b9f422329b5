import { readLive } from '../../src/plan/weights.ts'
import type { Account } from './account.ts'
import { portsOf, resourcesOf } from './estate.ts'
import type { Stack } from './stacks.ts'
import { Stop } from './stop.ts'
import type { Values } from './templates.ts'

/**
 * Which color a test listener shows that an app gets after its first deploys: by then nobody knows but production, and CloudFormation would
 * write what the template says. From then on deploys lead testers.
 *
 * @returns nothing when no test listener is made
 * @throws Stop while both colors have traffic
 */
export async function testColor(account: Account, app: Stack, given: Values): Promise<Values> {
  const isAdded = (given.TestCidr ?? '') !== '' && (app.parameters.TestCidr ?? '') === ''
  if (!isAdded || given.TestColor !== undefined) return {}
  const made = await resourcesOf(account, app)
  const arn = (id: string) => made.get(id) ?? ''
  const groups = { blue: { arn: arn('BlueTargetGroup') }, green: { arn: arn('GreenTargetGroup') } }
  const { tags: balancing } = portsOf(account, app.parameters.Cluster || app.name)
  const live = readLive(await balancing.describeRoutes([arn('ProductionRule')]), groups)
  if (live.kind === 'live') return { TestColor: live.idle }
  throw new Stop(
    'state',
    `Production of ${app.name} has no single color, so there is no idle one that a new test listener could show: ${live.because}. When a deploy is under way, wait for its end, or end it. Then run this again.`,
  )
}
