import { readFileSync } from 'node:fs'

/**
 * The number of the pull request that the workflow runs for; empty when it runs for none, or GitHub's file about the event cannot be
 * read: then whoever needs the number is asked for it.
 *
 * @param path GITHUB_EVENT_PATH
 */
export function pullRequestOf(path: string | undefined): string {
  const number = numberIn(eventIn(path))
  return number === undefined ? '' : String(number)
}

/** The last commit of the pull request of this number, when the workflow runs for it. */
export function headCommitOf(path: string | undefined, pullRequest: number | undefined): string | undefined {
  const event = eventIn(path)
  const sha = member(member(member(event, 'pull_request'), 'head'), 'sha')
  return numberIn(event) === pullRequest && typeof sha === 'string' && /^[0-9a-f]{40}$/.test(sha) ? sha : undefined
}

/** `owner/name` that the pull request's branch is in, empty when that is deleted; undefined when the workflow runs for no pull request. */
export function headRepositoryOf(path: string | undefined): string | undefined {
  const event = eventIn(path)
  if (numberIn(event) === undefined) return undefined
  const name = member(member(member(member(event, 'pull_request'), 'head'), 'repo'), 'full_name')
  return typeof name === 'string' ? name : ''
}

/** @returns undefined when it cannot be read */
function eventIn(path: string | undefined): unknown {
  if (path === undefined || path === '') return undefined
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return undefined
  }
}

function numberIn(event: unknown): number | undefined {
  const number = member(member(event, 'pull_request'), 'number')
  return typeof number === 'number' && Number.isSafeInteger(number) ? number : undefined
}

function member(of: unknown, name: string): unknown {
  return typeof of === 'object' && of !== null ? (of as Readonly<Record<string, unknown>>)[name] : undefined
}
