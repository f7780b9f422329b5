import type { ByColor, Color } from './color.ts'
import type { PreDeploy, TestsSoFar } from './idle-tests.ts'
import type { Failure } from './outcome.ts'
import type { HeldScaling } from './scaling.ts'
import type { Reached } from './strategy.ts'

/** What this run has done and cannot read from AWS. A fresh run begins with the first three fields only. */
export interface Progress {
  readonly startedAt: number
  /** Live and idle as they were before the first write: the direction of this run. */
  readonly from: Color
  readonly to: Color
  readonly candidate?: Candidate
  /** What the live and the idle color ran before this run. */
  readonly previous?: RunningVersion & { readonly taskDefinition: string }
  readonly idleWas?: RunningVersion & { readonly taskDefinition: string }
  /** Whether the notes on the live color's target group speak of what it runs; `none` when nobody has written any yet. */
  readonly liveNotes?: 'true' | 'stale' | 'none'
  /** A rollback has noted that production leaves the live color, and it has the traffic all the same: that rollback was undone, or killed. */
  readonly staleWayBack?: true
  readonly preDeploy?: PreDeploy
  readonly staged?: Staged
  readonly tests?: TestsSoFar
  /** When the proof was complete and the first production write was about to be sent. */
  readonly provenAt?: number
  readonly watchingSince?: number
  /** The shares that the new color has had at every production route, oldest first. */
  readonly reached?: readonly Reached[]
  /** Since when it has been unknown whether all is well, without a break. */
  readonly doubtSince?: number
  /** When the first of the writes that give the new color all the traffic was about to be sent. */
  readonly wholeAt?: number
  /** When the last production route had its new weights. */
  readonly shiftedAt?: number
  readonly confirmedAt?: number
  /** When the new version had stood its time under all the traffic: from then on nothing moves back by itself. */
  readonly bakedAt?: number
  /** When a failed run began to give traffic back to the old color. */
  readonly restoringSince?: number
  /** When a failed run had given all the traffic back to the old color. */
  readonly restoredAt?: number
  readonly taggedAt?: number
  /** When it was noted what is staged, or what production is about to go back from. */
  readonly notedAt?: number
  readonly deregisteredAt?: number
  /** When the old color was given its count for later, or could not be. */
  readonly parkedAt?: number
  /** What the idle service had before it was staged; absent when there is nothing to put back. */
  readonly idleBefore?: { readonly service: string; readonly taskDefinition: string; readonly desired: number }
  /** Whose auto scaling the notes on the target groups call held, and how it was before; absent until they were read. */
  readonly held?: HeldScaling
  /** Colors that have got their auto scaling back, or for which AWS has refused that. */
  readonly resumed?: Readonly<Partial<Record<Color, 'done' | 'refused'>>>
  /** Which services have a scalable target; absent until somebody looked. */
  readonly scaled?: ByColor<boolean> | 'unread'
  /** What it was given back after this run had failed. */
  readonly idleBack?: { readonly service: string; readonly taskDefinition: string; readonly desired: number }
  /** Why this run has failed: from then on it only recovers. */
  readonly failure?: Failure
  /** What each route was last told by this run, by ARN: a route that says otherwise was overwritten, or did not obey. */
  readonly told: Readonly<Record<string, ByColor<number>>>
  /** How often the answer to a write got lost, by ARN: the write may or may not have been applied, so it is looked up. */
  readonly unanswered: Readonly<Record<string, number>>
  /** Routes where the idle color was added at weight 0 by this run. */
  readonly referenced: readonly string[]
  /** How often AWS has throttled this run. */
  readonly throttled: number
}

/** A version as people and registries know it. */
export interface RunningVersion {
  readonly image: string
  readonly version: string
  /** `sha256:…`, when somebody knows which bits the image's tag stood for. */
  readonly digest?: string
}

export interface Candidate {
  /** When it was known. */
  readonly at: number
  readonly taskDefinition: string
  /** False when an existing revision was reused. */
  readonly registered: boolean
  readonly container: string
  readonly image: string
  /** Bits that its tag stood for when it was noted on the color: only those are meant. */
  readonly digest?: string
}

export interface Staged {
  readonly at: number
  /** Id of the deployment that we started or found: only this one may be proven. */
  readonly deploymentId: string
  readonly desired: number
  /** Ids of the events that the service had before: they tell of others. */
  readonly eventsBefore?: readonly string[]
  /** When a task of this deployment was first seen healthy behind the load balancer. */
  readonly servedAt?: number
}
