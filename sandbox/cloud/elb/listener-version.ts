import type { Action, RuleCondition, RuleTransform } from '@aws-sdk/client-elastic-load-balancing-v2'

/** A listener with its rules as it was at one moment: what a write sends to the nodes. */
export interface ListenerVersion {
  readonly arn: string
  readonly port: number
  readonly protocol: string
  readonly defaultActions: readonly Action[]
  /** Lowest priority number first; without the default rule. */
  readonly rules: readonly {
    readonly conditions: readonly RuleCondition[]
    readonly actions: readonly Action[]
    readonly transforms: readonly RuleTransform[]
  }[]
}
