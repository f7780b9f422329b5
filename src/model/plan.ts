/** What `mode: plan` finds: what a deploy would do here, and what it needs. */
export interface DeployPlan {
  readonly steps: readonly PlannedStep[]
  readonly definition: DefinitionPlan
  readonly policy: Policy
}

/** A step that a run would take, for people. */
export interface PlannedStep {
  readonly says: string
  /** What it changes: shares of a route, or revision and tasks of a service. */
  readonly before?: string
  readonly after?: string
}

export interface DefinitionPlan {
  /** ARN of the live revision. */
  readonly from: string
  /** ARN of the revision that would be used; absent when one would be registered. */
  readonly reused?: string
  readonly changes: readonly DefinitionChange[]
}

/** What one member of a task definition becomes. */
export interface DefinitionChange {
  /** Such as `containerDefinitions[app].image`. */
  readonly path: string
  /** Absent where there was, or will be, nothing. */
  readonly before?: string
  readonly after?: string
}

/** An IAM policy, as AWS spells it. */
export interface Policy {
  readonly Version: '2012-10-17'
  readonly Statement: readonly Statement[]
}

export interface Statement {
  readonly Sid: string
  readonly Effect: 'Allow'
  readonly Action: readonly string[]
  readonly Resource: string | readonly string[]
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>
}
