import type { Closing, Entry, EntryNote } from '../model/environment-page.ts'
import type { RunReport } from '../model/report.ts'
import type { Side } from '../model/sides.ts'

/**
 * What the page of an environment on GitHub is told. Free text of failures stays out of it: the runner hides secrets in logs and
 * summaries, but not in what is sent to the API.
 *
 * | outcome                     | entry of this run | other entries of these services |
 * | --------------------------- | ----------------- | ------------------------------- |
 * | succeeded, unchanged        | success           | inactive                        |
 * | staged                      | pending           | what was staged is inactive     |
 * | failed, rolled-back         | failure           | as they were, or inactive when all traffic is on the new version |
 * | cancelled                   | inactive          | as they were                    |
 * | cancelled, all traffic moved | success          | inactive                        |
 * | plan, status                | none              | as they were                    |
 */

/** Tells entries of this action from all others. */
const mark = 'ecs-bluegreen'

/** GitHub's limit on descriptions, in characters (its OpenAPI description says "maximum 140"). */
const descriptionLimit = 140

/**
 * @param begun what the run has begun to do something for; absent when it ended before that
 * @returns undefined when nothing is to be told
 */
export function closingOf(
  report: RunReport,
  begun: { readonly revision: string; readonly version: string } | undefined,
): Closing | undefined {
  const { mode, outcome, sides } = report
  if (mode === 'status' || mode === 'plan') return undefined
  if (sides === undefined) return begun && closingOfRefused(report, begun)
  const { after, active, candidate = sides.idle } = sides
  const moved = active !== sides.before.color
  const known = mode !== 'deploy'
  // A run that was over in seconds never came to tell that it had begun.
  const tried = begun ?? (moved ? facts(after) : sides.candidate && facts(sides.candidate))
  switch (outcome.status) {
    case 'succeeded':
    case 'unchanged':
      return {
        ...facts(after),
        state: 'success',
        description: described(`${after.version} is live on ${active}`),
        live: true,
        create: true,
        known: known || outcome.status === 'unchanged',
      }
    case 'staged':
      return {
        ...facts(candidate),
        state: 'pending',
        description: described(
          `${candidate.version} is staged on ${candidate.color}; mode: promote gives it the traffic`,
        ),
        live: false,
        create: true,
        known,
      }
    case 'failed':
    case 'rolled-back': {
      const description = described(`${outcome.failure.code}: ${after.version} is live on ${active}`)
      return tried && { ...tried, state: 'failure', description, live: moved, create: true, known }
    }
    case 'cancelled': {
      const description = described(`Cancelled; ${after.version} is live on ${active}`)
      return (
        tried && { ...tried, state: moved ? 'success' : 'inactive', description, live: moved, create: moved, known }
      )
    }
    default:
      return outcome satisfies never
  }
}

/** A run that began again, with what another has left, and then could not even look. */
function closingOfRefused({ outcome }: RunReport, begun: Pick<Closing, 'revision' | 'version'>): Closing | undefined {
  if (!('failure' in outcome)) return undefined
  const state = outcome.status === 'cancelled' ? 'inactive' : 'failure'
  const description = described(`${outcome.failure.code}: the log says more`)
  return { ...begun, state, description, live: false, create: false, known: true }
}

/** After a main that was killed: by what is live, which its post step has read. */
export function closingAfterKill(status: RunReport, opened: { readonly revision: string }): Closing {
  const live = status.sides?.after
  const isLive = live !== undefined && revisionOf(live.taskDefinition) === opened.revision
  return {
    revision: opened.revision,
    version: live?.version ?? '',
    state: isLive ? 'success' : 'inactive',
    description: described(
      live === undefined ? 'Ended before it was done' : `Ended before it was done; ${live.version} is live`,
    ),
    live: isLive,
    create: false,
    known: true,
  }
}

function facts({ taskDefinition, version }: Side): Pick<Closing, 'revision' | 'version'> {
  return { revision: revisionOf(taskDefinition), version }
}

/** `family:number` of an ARN: the rest of it has the account's id. */
export function revisionOf(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1)
}

/** One line within GitHub's limit; without the marks that hide text or turn its direction. */
export function described(text: string): string {
  const line = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ').trim()
  const characters = [...line]
  return characters.length > descriptionLimit ? `${characters.slice(0, descriptionLimit - 1).join('')}…` : line
}

export function payloadOf(note: EntryNote): Readonly<Record<string, string>> {
  return { by: mark, ...note }
}

/** @returns undefined for an entry that is not ours: payloads of others are anything */
export function noteIn(payload: unknown): EntryNote | undefined {
  if (typeof payload !== 'object' || payload === null) return undefined
  const { by, run, region, cluster, service, revision, version } = payload as Readonly<Record<string, unknown>>
  if (by !== mark || typeof run !== 'string' || typeof region !== 'string' || typeof cluster !== 'string')
    return undefined
  if (typeof service !== 'string' || typeof revision !== 'string' || typeof version !== 'string') return undefined
  return { run, region, cluster, service, revision, version }
}

/** Entries of the same two services, newest first. */
export function ofSameServices(
  entries: readonly Entry[],
  note: Omit<EntryNote, 'revision' | 'version' | 'run'>,
): readonly Entry[] {
  return entries
    .filter(({ note: { region, cluster, service } }) => {
      return region === note.region && cluster === note.cluster && service === note.service
    })
    .toSorted((a, b) => b.id - a.id)
}

/**
 * The commit that an entry is made for. A rollback runs on whatever commit its workflow was started from, which is not what
 * goes live: the entry of that revision's own deploy knows.
 *
 * @param entries of the same services, newest first
 * @param runSha of the workflow run
 */
export function commitOf(
  what: { readonly revision: string; readonly version: string; readonly known: boolean },
  entries: readonly Entry[],
  runSha: string,
): string {
  const earlier = what.known ? entries.find(entry => entry.note.revision === what.revision) : undefined
  if (earlier !== undefined) return earlier.sha
  return /^[0-9a-f]{40}$/.test(what.version) ? what.version : runSha
}

/** An entry's latest status, as somebody has set it. */
export interface Said {
  readonly state: string
  readonly logUrl: string
}

/**
 * Whether an entry that is not ours is the one that GitHub makes for a running job with `environment:`. Its log is that of a job
 * of this run; in the older form of that URL the run is not named.
 */
export function isOfRunningJob({ state, logUrl }: Said, runId: string): boolean {
  if (state !== 'in_progress' && state !== 'queued') return false
  const run = /\/actions\/runs\/(\d+)/.exec(logUrl)
  return run === null ? /\/runs\/\d+/.test(logUrl) : run[1] === runId
}

/** Whether an earlier entry would go on saying of its version what is now so of another. */
export function isRetired(state: string, { live }: Pick<Closing, 'live'>): boolean {
  if (state === 'success') return live
  // Of runs that were superseded, or died.
  return state === 'pending' || state === 'in_progress' || state === 'queued'
}

/** Where the page's button leads. Queries may hold what is not for everybody. */
export function environmentUrl(productionUrl: string | undefined): string | undefined {
  if (productionUrl === undefined || !URL.canParse(productionUrl)) return undefined
  const { origin, pathname } = new URL(productionUrl)
  return `${origin}${pathname}`
}
