import type { Action } from '@aws-sdk/client-elastic-load-balancing-v2'
import type { LoadBalancer, TargetGroup } from './state.ts'

/** Where actions are to be put: what they must fit. */
export interface ActionPlace {
  readonly now: number
  readonly protocol: string
  readonly loadBalancer: LoadBalancer
  /** The actions there now: an OIDC action may keep the client secret of the one it replaces. */
  readonly existing: readonly Action[]
  /** @throws AwsFault when there is no such group */
  targetGroup(arn: string): TargetGroup
}
