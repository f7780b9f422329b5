/**
 * The page of an environment on GitHub: a list of what GitHub calls Deployments. They are entries here, because ECS has deployments
 * too.
 */

/** Of the states that GitHub knows, those that this action gives. */
export type EntryState = 'in_progress' | 'pending' | 'success' | 'failure' | 'inactive'

/** What an entry carries as its payload. Everybody who can read the repository can read it: no ARNs, hence no account ids. */
export interface EntryNote {
  /** Of the run that made it. */
  readonly run: string
  readonly region: string
  readonly cluster: string
  readonly service: string
  /** `family:number`. */
  readonly revision: string
  readonly version: string
}

/** An entry that this action has made, for these two services. */
export interface Entry {
  readonly id: number
  /** The commit that it is of. */
  readonly sha: string
  readonly note: EntryNote
}

/** How an entry is to end. Plain data: main hands it to the post step when it was cancelled. */
export interface Closing {
  readonly state: Exclude<EntryState, 'in_progress'>
  readonly revision: string
  readonly version: string
  readonly description: string
  /** Whether this version has the traffic, so that no other entry may say so of itself. */
  readonly live: boolean
  /** Whether an entry is made when there is none. */
  readonly create: boolean
  /** Whether the version was there before this run: then the commit of an earlier entry is its commit. */
  readonly known: boolean
}
