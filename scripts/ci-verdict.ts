/** What CI has said of a commit: the check runs of the one job that branch protection requires. */

export interface Place {
  /** Such as `https://api.github.com`. */
  readonly apiUrl: string
  /** `owner/name`. */
  readonly repository: string
  /** Needs `checks: read`. */
  readonly token: string
}

interface CheckRun {
  readonly name: string
  readonly status: string
  readonly conclusion: string | null
  readonly html_url: string | null
  readonly app: { readonly slug?: string } | null
}

interface Answer {
  readonly total_count: number
  readonly check_runs: readonly CheckRun[]
}

export const gate = 'ci-ok'

/** @throws Error that says why this commit must not be released */
export async function mustHavePassed(sha: string, { apiUrl, repository, token }: Place): Promise<void> {
  // `latest`: a job that was run again counts as it ended then.
  const query = new URLSearchParams({ check_name: gate, filter: 'latest', per_page: '100' })
  const response = await fetch(`${apiUrl}/repos/${repository}/commits/${sha}/check-runs?${query}`, {
    headers: { accept: 'application/vnd.github+json', authorization: `Bearer ${token}` },
    signal: AbortSignal.timeout(30_000),
  })
  const body = await response.text()
  if (!response.ok)
    throw new Error(`GitHub does not tell the checks of ${sha}: ${response.status} ${body.slice(0, 200)}`)
  const objection = objectionTo(sha, JSON.parse(body) as Answer)
  if (objection !== undefined) throw new Error(objection)
}

/** Anybody with `checks: write` may call a check ci-ok: only GitHub Actions itself is asked. */
function objectionTo(sha: string, { total_count, check_runs: listed }: Answer): string | undefined {
  if (total_count > listed.length) return `${sha} has ${total_count} checks ${gate}, more than GitHub lists at once.`
  const runs = listed.filter(run => run.name === gate && run.app?.slug === 'github-actions')
  if (runs.length === 0) return `${sha} has no check ${gate}: push the commit to main, and its tag when CI is done.`
  const open = runs.find(run => run.status !== 'completed')
  if (open !== undefined) return `${gate} of ${sha} is ${open.status}: run this again when it is done. ${open.html_url}`
  const bad = runs.find(run => run.conclusion !== 'success')
  if (bad !== undefined)
    return `${gate} of ${sha} ended as ${bad.conclusion}: nothing is released from it. ${bad.html_url}`
  return undefined
}
