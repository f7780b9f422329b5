import type { Color } from '../model/color.ts'
import type { Journal, JournalPhase, LockOwner, LockView } from '../model/journal.ts'

/**
 * The lock and the journal as tags of the target group that is the lock: readable in the AWS console, written in the same call
 * that makes it. What is not there is written as an empty value, because adding tags never takes one away.
 */

const phases: readonly JournalPhase[] = ['staging', 'shifting', 'restoring', 'settling']
const colors: readonly Color[] = ['blue', 'green']

/** What Elastic Load Balancing takes as the value of a tag: letters, digits, spaces and some signs, 256 of them. */
export function tagValue(text: string): string {
  return text.replace(/[^\p{L}\p{Z}\p{N}_.:/=+\-@]/gu, '-').slice(0, 256)
}

export function ownerTags(owner: LockOwner, mode: string, startedAt: string): Readonly<Record<string, string>> {
  return tags({
    Purpose: 'Lock of ecs-bluegreen: no traffic goes here',
    Owner: describeOwner(owner),
    Nonce: owner.nonce,
    Repository: owner.repository,
    RunId: owner.runId,
    RunAttempt: String(owner.attempt),
    Job: owner.job,
    RunUrl: owner.runUrl,
    Machine: owner.machine,
    Pid: String(owner.pid),
    Mode: mode,
    StartedAt: startedAt,
  })
}

export function journalTags(journal: Journal): Readonly<Record<string, string>> {
  return tags({
    Phase: journal.phase,
    From: journal.from,
    To: journal.to,
    Live: journal.live ?? '',
    Candidate: journal.candidate ?? '',
    Deployment: journal.deployment ?? '',
    IdleService: journal.idle?.service ?? '',
    IdleTaskDefinition: journal.idle?.taskDefinition ?? '',
    IdleDesired: journal.idle === undefined ? '' : String(journal.idle.desired),
    Shares: journal.shares ?? '',
  })
}

function tags(values: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, tagValue(value)]))
}

/** @param parseTime from text to milliseconds since the Unix epoch, or NaN */
export function readLock(
  arn: string,
  name: string,
  found: Readonly<Record<string, string>>,
  parseTime: (text: string) => number,
): LockView {
  const text = (key: string) => found[key] ?? ''
  const journal = readJournal(found)
  return {
    arn,
    name,
    owner: {
      nonce: text('Nonce'),
      repository: text('Repository'),
      runId: text('RunId'),
      attempt: Number(text('RunAttempt') || 0),
      job: text('Job'),
      runUrl: text('RunUrl'),
      machine: text('Machine'),
      pid: Number(text('Pid') || 0),
    },
    mode: text('Mode'),
    startedAt: parseTime(text('StartedAt')),
    expiresAt: parseTime(text('ExpiresAt')),
    fingerprint: JSON.stringify(Object.entries(found).sort()),
    ...(journal === undefined ? {} : { journal }),
  }
}

function readJournal(found: Readonly<Record<string, string>>): Journal | undefined {
  const phase = phases.find(one => one === found.Phase)
  const from = colors.find(one => one === found.From)
  const to = colors.find(one => one === found.To)
  if (phase === undefined || from === undefined || to === undefined || from === to) return undefined
  const { Live, Candidate, Deployment, IdleService, IdleTaskDefinition, IdleDesired = '', Shares } = found
  const desired = /^\d{1,6}$/.test(IdleDesired) ? Number(IdleDesired) : undefined
  return {
    phase,
    from,
    to,
    ...(Live ? { live: Live } : {}),
    ...(Candidate ? { candidate: Candidate } : {}),
    ...(Deployment ? { deployment: Deployment } : {}),
    ...(IdleService && IdleTaskDefinition && desired !== undefined
      ? { idle: { service: IdleService, taskDefinition: IdleTaskDefinition, desired } }
      : {}),
    ...(Shares ? { shares: Shares } : {}),
  }
}

/** `octo-org/app run 12 attempt 1 job deploy`. */
export function describeOwner(owner: LockOwner): string {
  if (owner.runId === '') return owner.nonce === '' ? 'nobody who says so' : `a run outside of GitHub, ${owner.nonce}`
  return `${owner.repository} run ${owner.runId} attempt ${owner.attempt} job ${owner.job}`
}

/** What a run was about to do, in words. */
export function describeJournal({ phase, from, to, shares }: Journal): string {
  switch (phase) {
    case 'staging':
      return `putting a new version on ${to}`
    case 'shifting':
      return `moving traffic from ${from} to ${to}${shares === undefined ? '' : ` (${shares})`}`
    case 'restoring':
      return `taking back what was begun on ${to}`
    case 'settling':
      return `settling after the move to ${to}`
    default:
      return phase satisfies never
  }
}

/** Whether traffic may be between the colors because of this run. Of all else that a dead run leaves, nothing needs to be undone. */
export function isHalfShift(journal: Journal | undefined): journal is Journal {
  return journal?.phase === 'shifting' || journal?.phase === 'restoring'
}

/** The tag of the blue target group that keeps a journal while its lock changes hands. */
export const shiftNoteTag = 'UnfinishedShift'

/** Long enough for a next run; a note that was forgotten must not explain what somebody does much later. */
const shiftNoteMs = 24 * 3_600_000

/** The direction, and what the idle service had where there is room for it: revisions by name, because two ARNs are too long. */
export function shiftNote({ from, to, candidate, idle }: Journal, time: string): string {
  const direction = `${from} to ${to} at ${time}`
  if (candidate === undefined || idle === undefined) return direction
  const [tried, had] = [candidate, idle.taskDefinition].map(arn => arn.slice(arn.lastIndexOf('/') + 1))
  const whole = `${direction} with ${tried} on ${idle.service} after ${idle.desired} of ${had}`
  // Half of a name would be another one.
  return tagValue(whole) === whole ? whole : direction
}

const noteForm = /^(\w+) to (\w+) at (\S+)(?: with (\S+) on (\S+) after (\d{1,6}) of (\S+))?$/

/**
 * @param parseTime from text to milliseconds since the Unix epoch, or NaN
 * @param arnOf the ARN of a revision by its name; without it only the direction is read
 */
export function readShiftNote(
  text: string | undefined,
  now: number,
  parseTime: (text: string) => number,
  arnOf?: (name: string) => string,
): Journal | undefined {
  const [, first, second, time = '', tried, service, desired, had] = noteForm.exec(text ?? '') ?? []
  const from = colors.find(color => color === first)
  const to = colors.find(color => color === second)
  if (from === undefined || to === undefined || from === to) return undefined
  if (!(Math.abs(now - parseTime(time)) < shiftNoteMs)) return undefined
  const direction = { phase: 'restoring', from, to } as const
  if (arnOf === undefined || tried === undefined || service === undefined || had === undefined) return direction
  const idle = { service, taskDefinition: arnOf(had), desired: Number(desired) }
  return { ...direction, candidate: arnOf(tried), idle }
}

/**
 * Tags of the blue target group: whose lock was taken last, and by whom. The winner may have ended, and its lock be gone, before the
 * other one learns of it.
 */
export function takenNote(from: LockOwner, by: LockOwner): Readonly<Record<string, string>> {
  return tags({ LockTakenFrom: from.nonce, LockTakenBy: describeOwner(by), LockTakenUrl: by.runUrl })
}

/** Who has taken the lock of the run with this nonce; undefined when nobody has noted it, or somebody's lock was taken since. */
export function readTaken(nonce: string, found: Readonly<Record<string, string>> = {}): Taker | undefined {
  const { LockTakenFrom, LockTakenBy = '', LockTakenUrl = '' } = found
  return nonce === '' || LockTakenFrom !== nonce || LockTakenBy === ''
    ? undefined
    : { who: LockTakenBy, runUrl: LockTakenUrl }
}

export interface Taker {
  /** As `describeOwner` says it. */
  readonly who: string
  readonly runUrl: string
}
