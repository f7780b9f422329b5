import type {
  Attributes,
  GroupSeen,
  ListenerSeen,
  NewRule,
  Quotas,
  RuleSeen,
  ServiceSeen,
  Settings,
  Tags,
} from './clone.ts'
import type { ByColor } from './color.ts'
import type { Outcome } from './outcome.ts'
import type { RouteView, RoutingAction, TargetGroupView } from './routing.ts'

/** What makes a pair of a single service: the service that is there is blue, and the twin that it gets is green. */

/** Requests with this header go to the idle color. */
export interface TestHeader {
  readonly name: string
  readonly value: string
}

export interface SetupGoal {
  /** Cluster and the service that is there: `default/shop`. */
  readonly of: string
  readonly names: ByColor<string>
  /** Of the twin's target group. */
  readonly groupName: string
  /** Of every part that is made. */
  readonly tags: Tags
  /** Tasks of the twin. */
  readonly desired: number
  /** Empty: every listener and rule that sends requests to the service. */
  readonly listenerArns: readonly string[]
  readonly testListenerArns: readonly string[]
  readonly testHeader?: TestHeader
  readonly timeoutMs: number
}

export interface SetupGroup extends GroupSeen {
  readonly tags: Tags
  readonly attributes: Attributes
}

export type SetupPart = 'groups' | 'routes' | 'services'

/** All that is there of the pair. */
export interface SetupSeen {
  readonly services: { readonly blue: ServiceSeen; readonly green?: ServiceSeen }
  readonly groups: { readonly blue: SetupGroup; readonly green?: SetupGroup }
  readonly listeners: readonly ListenerSeen[]
  /** Of all listeners. */
  readonly rules: readonly RuleSeen[]
  /** ARNs of rules that have the owner tags of this very pair. */
  readonly ownRules: readonly string[]
  /** Looked at only before the first part is made. */
  readonly crowd?: SetupCrowd
  /** Looked at once, before anything is written. */
  readonly others?: SetupOthers
}

export interface SetupOthers {
  /** Addresses in the service's target group that are none of its tasks. */
  readonly targets: readonly string[]
  /** Other active services behind its target group, or behind one that gets no requests where it gets them. */
  readonly services: readonly { readonly name: string; readonly group: string }[]
}

export interface SetupCrowd {
  /** Names of the target groups of the load balancer. */
  readonly targetGroups: readonly string[]
  readonly quotas: Quotas
}

export type SetupStep =
  | {
      readonly kind: 'create-group'
      readonly name: string
      readonly like: TargetGroupView
      readonly settings: Settings
      readonly tags: Tags
    }
  | { readonly kind: 'modify-group'; readonly group: TargetGroupView; readonly settings: Settings }
  | { readonly kind: 'modify-attributes'; readonly group: TargetGroupView; readonly attributes: Attributes }
  /** Name the twin's target group in an action, at weight 0. */
  | {
      readonly kind: 'attach'
      readonly route: RouteView
      readonly actions: readonly RoutingAction[]
      readonly group: TargetGroupView
    }
  | {
      readonly kind: 'create-test-rule'
      readonly rule: NewRule
      readonly of: RouteView
      readonly header: TestHeader
      readonly group: TargetGroupView
      readonly tags: Tags
    }
  /** Two runs have made one each, in the same moment. */
  | { readonly kind: 'delete-test-rule'; readonly rule: RuleSeen }
  | {
      readonly kind: 'create-service'
      readonly name: string
      readonly taskDefinition: string
      readonly desired: number
      readonly request: Settings
    }

export type SetupDecision =
  | { readonly kind: 'do'; readonly step: SetupStep }
  | { readonly kind: 'wait'; readonly until: number; readonly because: string }
  /** Count first what the load balancer has already. */
  | { readonly kind: 'count' }
  | { readonly kind: 'finish'; readonly outcome: Outcome }

/** What this run has done and cannot read from AWS. */
export interface SetupProgress {
  readonly startedAt: number
  /** What was done, or would be, for people. */
  readonly steps: readonly string[]
  /** Priorities that others had taken when this run wanted them. */
  readonly takenPriorities: readonly number[]
  /** Writes that were not confirmed: no answer, throttled, or somebody else has written meanwhile. */
  readonly unconfirmed: number
  /** Since when ECS does not take the twin yet, and why. */
  readonly refusedSince?: number
  readonly refusedBecause?: string
  readonly serviceMadeAt?: number
}

/** All that outputs and summary say of it. Texts may be hostile, whoever prints them escapes them. */
export interface SetupReport {
  /** Nothing was written. */
  readonly dry?: true
  readonly steps: readonly string[]
  /** What the pair is made of: what it is, and its name or ARN. */
  readonly parts: readonly (readonly [what: string, name: string])[]
  /** Of the first deploy, by name; absent until the pair is whole. */
  readonly inputs?: Readonly<Record<string, string>>
  /** Commands of the AWS CLI, with what to know about them as comments. */
  readonly undo: readonly string[]
  readonly notes: readonly string[]
}
