import type { Color } from './color.ts'

/** Who holds the lock of a pair of services. Texts are what the environment says, and may be anything. */
export interface LockOwner {
  /** Of this very process, and its post step: nobody else has it. Hexadecimal digits. */
  readonly nonce: string
  /** `owner/name`; empty outside of GitHub. */
  readonly repository: string
  /** Digits, which stay when it is renamed or given to somebody else; absent outside of GitHub. */
  readonly repositoryId?: string
  readonly runId: string
  readonly attempt: number
  readonly job: string
  /** Empty outside of GitHub. */
  readonly runUrl: string
  /** Tells one machine, and on it one space of process ids, from all others; empty when that is not known. */
  readonly machine: string
  readonly pid: number
}

/**
 * What a run is about to do: `staging` changes the idle service, `shifting` moves traffic, `restoring` takes back what was begun,
 * `settling` writes notes and points testers.
 */
export type JournalPhase = 'staging' | 'shifting' | 'restoring' | 'settling'

/** Written before the act, so that whoever comes after a run that was killed knows what may have been done. */
export interface Journal {
  readonly phase: JournalPhase
  /** The color that had the traffic when the run began, and the other one. */
  readonly from: Color
  readonly to: Color
  /** Revision of the color that had the traffic. */
  readonly live?: string
  /** Revision that goes on the idle service. */
  readonly candidate?: string
  /** Id of the deployment that the run has started there. */
  readonly deployment?: string
  /** What the idle service had before. */
  readonly idle?: { readonly service: string; readonly taskDefinition: string; readonly desired: number }
  /** The weights that are being given to production; when all is being taken back, those that it had been given last. */
  readonly shares?: string
}

/** The lock of a pair of services as AWS has it. Times are milliseconds since the Unix epoch, by the holder's clock. */
export interface LockView {
  readonly arn: string
  readonly name: string
  readonly owner: LockOwner
  readonly mode: string
  readonly startedAt: number
  /** Nobody answers for it from then on. NaN when it cannot be read. */
  readonly expiresAt: number
  readonly journal?: Journal
  /** All of it as text: it changes when the holder gives a sign of life. */
  readonly fingerprint: string
}
