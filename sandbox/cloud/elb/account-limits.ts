import type { DescribeAccountLimitsInput, DescribeAccountLimitsOutput } from '@aws-sdk/client-elastic-load-balancing-v2'
import type { Core } from './core.ts'
import { page } from './paging.ts'

/** The quotas of a new account, under the API's names. Source: the user guide's page on quotas. */
const LIMITS: Readonly<Record<string, number>> = {
  'target-groups': 3000,
  'targets-per-application-load-balancer': 1000,
  'listeners-per-application-load-balancer': 50,
  'rules-per-application-load-balancer': 100,
  'application-load-balancers': 50,
  'targets-per-target-group': 1000,
  'target-groups-per-application-load-balancer': 100,
  'target-groups-per-action-on-application-load-balancer': 5,
  'condition-values-per-alb-rule': 5,
  'condition-wildcards-per-alb-rule': 6,
  'certificates-per-application-load-balancer': 25,
}

export function describeAccountLimits(_core: Core, input: DescribeAccountLimitsInput): DescribeAccountLimitsOutput {
  const { items, ...more } = page(
    Object.entries(LIMITS).map(([Name, max]) => ({ Name, Max: String(max) })),
    input,
  )
  return { Limits: [...items], ...more }
}
