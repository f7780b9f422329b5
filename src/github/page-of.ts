import type { Clock } from '../deploy/clock.ts'
import type { Log } from '../deploy/log.ts'
import type { Inputs } from '../inputs/inputs.ts'
import { isPreviewMode } from '../inputs/preview.ts'
import { versionLabel } from '../model/image.ts'
import type { LockOwner } from '../model/journal.ts'
import { deploymentsApi } from './api.ts'
import { createEnvironmentPage, type EnvironmentPage } from './environment-page.ts'
import { Trouble } from './trouble.ts'

type Env = Readonly<Record<string, string | undefined>>

interface Around {
  readonly env: Env
  readonly owner: LockOwner
  readonly region: string
  readonly clock: Clock
  readonly log: Log
  readonly save: (name: 'entry' | 'page', value: string) => void
}

/** The page of `environment`; undefined when none was named, and for modes that change nothing. */
export function pageOf(inputs: Inputs, around: Around): EnvironmentPage | undefined {
  const { environmentPage: environment, githubToken: token, mode, productionUrl } = inputs
  if (environment === undefined || mode === 'plan' || mode === 'status' || mode === 'setup' || isPreviewMode(mode))
    return undefined
  const { env, owner, region, clock, log, save } = around
  const problem = problemWith(token, owner.repository, env.GITHUB_SHA)
  const url = env.GITHUB_API_URL || 'https://api.github.com'
  const place = { url, repository: owner.repository, environment }
  return createEnvironmentPage({
    api: () => (problem === undefined ? deploymentsApi(token ?? '', place) : Promise.reject(problem)),
    environment,
    mode,
    about: { region, cluster: nameOf(inputs.cluster), service: inputs.serviceLabel },
    run: { nonce: owner.nonce, id: owner.runId, sha: env.GITHUB_SHA ?? '', url: owner.runUrl },
    versionOf: image => inputs.version ?? versionLabel(image),
    ...(productionUrl === undefined ? {} : { productionUrl }),
    warn: line => log.warn(line),
    info: line => log.info(line),
    save,
    ...(env.STATE_entry === undefined ? {} : { kept: env.STATE_entry }),
    sleep: (ms, signal) => clock.sleep(ms, signal),
  })
}

/** Why there is nobody to ask. */
export function problemWith(
  token: string | undefined,
  repository: string,
  sha: string | undefined,
): Trouble | undefined {
  if (token === undefined) return new Trouble('denied', 0, 'github-token is empty')
  if (repository.includes('/') && sha !== undefined && sha !== '') return undefined
  return new Trouble('refused', 0, 'GITHUB_REPOSITORY and GITHUB_SHA are not set, so this is no job on GitHub')
}

/** Of a cluster by name or ARN. */
export function nameOf(cluster: string): string {
  return cluster.slice(cluster.lastIndexOf('/') + 1)
}
