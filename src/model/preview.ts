import type { Attributes, GroupSeen, ListenerSeen, Quotas, RuleSeen, ServiceSeen, Settings, Tags } from './clone.ts'
import type { Failure, Outcome } from './outcome.ts'
import type { Candidate, Staged } from './progress.ts'
import type { RouteView, TargetGroupView, TargetView } from './routing.ts'
import type { ServiceView, TaskView } from './service.ts'
import type { Part, Seen } from './snapshot.ts'

/** Whose a preview is. */
export interface PreviewOwner {
  /** `owner/name`, or `local` outside of GitHub. */
  readonly repository: string
  /** What GitHub calls it whatever its name is; absent where nobody has said it. */
  readonly repositoryId?: string
  /** Cluster and service that it is a preview of: `default/shop`. */
  readonly of: string
  /** Such as `pr-12`. */
  readonly id: string
}

/** How requests find a preview. */
export type PreviewPlace =
  | { readonly kind: 'host'; readonly host: string }
  /** Everything under this path, which the target does not see. */
  | { readonly kind: 'path'; readonly path: string }
  | { readonly kind: 'header'; readonly name: string; readonly value: string }

export interface Range {
  readonly from: number
  readonly to: number
}

/** What a preview is to become. */
export interface PreviewGoal {
  readonly owner: PreviewOwner
  /** Of its target group, service and task definition family. */
  readonly name: string
  readonly place: PreviewPlace
  /** Where its own priority is looked for first, within the range. */
  readonly seed: number
  readonly priorities: Range
  readonly desired: number
  /** How many previews this service may have; absent for as many as AWS allows. */
  readonly limit?: number
  readonly tags: Tags
  readonly image: string
  readonly container: string
  /** The same text may mean other bits by now. */
  readonly moving: boolean
  readonly timeoutMs: number
  /** Where production answers, as far as anybody has said it. */
  readonly productionUrl?: string
  readonly pollIntervalMs?: number
}

/** What a preview is made from: the live color. */
export interface PreviewOrigin {
  readonly service: ServiceView
  readonly described: Settings
  readonly group: GroupSeen
  readonly attributes: Attributes
  readonly listener: ListenerSeen
  /** ARNs of the others of its load balancer: a target group can be behind no second one. */
  readonly otherListeners: readonly string[]
  /** Where production is found, which may be another listener. */
  readonly production: readonly RouteView[]
  readonly containerName: string
  readonly containerPort: number
}

export type PreviewPart =
  | 'group'
  | 'rules'
  | 'elsewhere'
  | 'service'
  | Extract<Part, 'targets' | 'tasks' | 'stopped-tasks'>

export interface PreviewGroup extends GroupSeen {
  readonly tags: Tags
  /** Absent where nobody has asked. */
  readonly attributes?: Attributes
}

export interface PreviewRule extends RuleSeen {
  /** Absent for rules that neither send requests to this preview nor ask for a place of its own: nobody reads theirs. */
  readonly tags?: Tags
}

/** What there is of one preview. */
export interface PreviewSeen {
  readonly group: Seen<PreviewGroup | undefined>
  /** All rules of the listener. */
  readonly rules: Seen<readonly PreviewRule[]>
  /** Those of its load balancers, with what they do by default. Only whoever deletes looks at them. */
  readonly listeners?: readonly ListenerSeen[]
  /** Rules of the other listeners; only where a run was there before, which may have had another `preview-listener-arn`. */
  readonly elsewhere?: readonly PreviewRule[]
  readonly service: Seen<ServiceSeen | undefined>
  readonly targets?: Seen<readonly TargetView[]>
  readonly tasks?: Seen<readonly TaskView[]>
  readonly stoppedTasks?: Seen<readonly TaskView[]>
  readonly unread?: Readonly<Partial<Record<Part, Seen<Failure>>>>
  readonly endedAt: number
  /** Looked at only before something is made that counts. */
  readonly crowd?: Crowd
}

/** What is already there beside this preview. */
export interface Crowd {
  readonly rules: number
  readonly targetGroups: number
  readonly quotas: Quotas
  /** Absent when the preview had no target group by then. */
  readonly own?: Pick<PreviewStanding, 'createdAt'>
  /** Other previews of the same service. */
  readonly previews: readonly PreviewStanding[]
}

/** One preview, as its parts and tags tell of it. */
export interface PreviewStanding {
  readonly owner: PreviewOwner
  readonly name: string
  readonly pullRequest?: number
  readonly createdAt?: number
  /** When a run was last at it; absent where nobody has noted it. */
  readonly pushedAt?: number
  readonly expiresAt?: number
  /** Parts that are there. */
  readonly parts: readonly ('target group' | 'rule' | 'service' | 'task definition')[]
}

export type PreviewStep =
  | { readonly kind: 'create-group'; readonly name: string; readonly settings: Settings; readonly tags: Tags }
  | { readonly kind: 'modify-group'; readonly group: TargetGroupView; readonly settings: Settings }
  | { readonly kind: 'modify-attributes'; readonly group: TargetGroupView; readonly attributes: Attributes }
  | {
      readonly kind: 'create-rule'
      readonly listener: ListenerSeen
      readonly priority: number
      readonly place: PreviewPlace
      readonly group: TargetGroupView
      readonly tags: Tags
    }
  | {
      readonly kind: 'modify-rule'
      readonly rule: RuleSeen
      readonly place: PreviewPlace
      readonly group: TargetGroupView
    }
  | {
      readonly kind: 'delete-rule'
      readonly rule: RuleSeen
      readonly why: 'double' | 'rival' | 'shadows' | 'moved' | 'destroy'
    }
  | { readonly kind: 'register' }
  | {
      readonly kind: 'create-service'
      readonly name: string
      readonly taskDefinition: string
      readonly group: TargetGroupView
    }
  | {
      readonly kind: 'update-service'
      readonly name: string
      readonly taskDefinition: string
      readonly desired: number
      readonly force: boolean
      /** What production has by now, as UpdateService takes it. */
      readonly settings: Settings
    }
  /** Tell in the tags which run it was, and until when it stays. */
  | {
      readonly kind: 'tag'
      readonly group: string
      readonly rules: readonly string[]
      readonly service?: string
      readonly tags: Tags
    }
  | { readonly kind: 'delete-service'; readonly service: ServiceView }
  /** `failure`: why it is taken back by the run that wanted it. */
  | { readonly kind: 'delete-group'; readonly group: TargetGroupView; readonly failure?: Failure }
  | { readonly kind: 'deregister'; readonly arns: readonly string[] }
  | { readonly kind: 'delete-revisions'; readonly arns: readonly string[] }

export type PreviewDecision =
  | { readonly kind: 'do'; readonly step: PreviewStep }
  | {
      readonly kind: 'wait'
      readonly until: number
      readonly look: readonly PreviewPart[]
      readonly explains?: readonly PreviewPart[]
      readonly because: string
    }
  /** Count first what is there already. */
  | { readonly kind: 'count' }
  | { readonly kind: 'finish'; readonly outcome: Outcome }

/** What this run has done to one preview and cannot read from AWS. */
export interface PreviewProgress {
  readonly startedAt: number
  /** The preview was there before. */
  readonly updates?: true
  /** Something was written that visitors notice. */
  readonly changed: boolean
  readonly candidate?: Candidate
  readonly staged?: Staged
  /** The service was created or updated by this run. */
  readonly told?: true
  readonly taggedAt?: number
  /** Since when ECS does not see the rule, or the name is not free. */
  readonly refusedSince?: number
  readonly refusedBecause?: string
  /** Since when another preview has had a rule for the same place. */
  readonly rivalSince?: number
  /** Since when there have been more previews than `preview-limit` allows, with others that are younger. */
  readonly crowdedSince?: number
  /** Why there is no room for it, after all. */
  readonly noRoom?: Failure
  /** What was made was taken back, or cannot be. */
  readonly tookBack?: true
  /** Priorities that others had taken when this run wanted them. */
  readonly takenPriorities: readonly number[]
  /** How often the answer to CreateRule got lost. */
  readonly lostRules?: number
  /** AWS has denied to delete a rule at another listener. */
  readonly keepsOthers?: true
  /** How often a part was gone that this run had seen. */
  readonly lostParts?: number
}

/** All that outputs and summary say of previews. Texts may be hostile, whoever prints them escapes them. */
export interface PreviewReport {
  readonly task: 'preview' | 'preview-destroy' | 'preview-sweep'
  /** Nothing was written. */
  readonly dry?: true
  /** Absent for a sweep. */
  readonly id?: string
  /** Of target group, service and family. */
  readonly name?: string
  readonly url?: string
  /** What it is found by, when that is not the host. */
  readonly place?: string
  readonly image?: string
  readonly version?: string
  readonly taskDefinition?: string
  readonly desired?: number
  readonly healthy?: boolean
  readonly expires?: string
  /** What was done, or would be. */
  readonly steps?: readonly string[]
  readonly swept?: readonly Swept[]
  /** How many previews stay. */
  readonly left?: number
}

export interface Swept {
  readonly id: string
  readonly pullRequest?: number
  readonly because: string
  readonly ended: 'gone' | 'stays' | 'would go' | 'failed'
  readonly failure?: Failure
}

/** What a pull request is told of its preview. Texts may be hostile. */
export interface PreviewNews {
  readonly id: string
  /** Absent for a preview of no pull request. */
  readonly pullRequest?: number
  /** `stuck`: it was to go, and could not. */
  readonly state: 'ready' | 'failed' | 'gone' | 'stuck'
  readonly preview?: PreviewReport
  /** Why it went. */
  readonly because?: string
  readonly failure?: Failure
}
