import { readFileSync } from 'node:fs'

/**
 * The number of the pull request that the workflow runs for; empty when it runs for none, or GitHub's file about the event cannot be
 * read: then whoever needs the number is asked for it.
 *
 * @param path GITHUB_EVENT_PATH
 */
export function pullRequestOf(path: string | undefined): string {
  if (path === undefined || path === '') return ''
  let event: unknown
  try {
    event = JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return ''
  }
  const number = member(member(event, 'pull_request'), 'number')
  return typeof number === 'number' && Number.isSafeInteger(number) ? String(number) : ''
}

function member(of: unknown, name: string): unknown {
  return typeof of === 'object' && of !== null ? (of as Readonly<Record<string, unknown>>)[name] : undefined
}
