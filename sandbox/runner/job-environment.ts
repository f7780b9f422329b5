import { randomUUID } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export interface JobPlace {
  /** `GITHUB_WORKSPACE`, and the working directory of every step. */
  readonly workspace: string
  /** `RUNNER_TEMP`. */
  readonly temp: string
}

/**
 * The environment of a job that runs on a push to `main` of `octo-org/octo-repo`, over a clean one: of the caller's
 * own, only `PATH` and `HOME` are in it. What is given goes over everything, so that a test can play other events.
 * @param event what `GITHUB_EVENT_PATH` holds
 */
export function jobEnvironment(
  place: JobPlace,
  given: Readonly<Record<string, string>>,
  event: unknown,
  debug: boolean,
): Record<string, string> {
  const eventPath = join(place.temp, '_github_workflow', 'event.json')
  mkdirSync(join(place.temp, '_github_workflow'), { recursive: true })
  writeFileSync(eventPath, JSON.stringify(event, null, 2))
  return {
    ...callerVariables(),
    CI: 'true',
    ...githubVariables(place, eventPath),
    RUNNER_OS: process.platform === 'darwin' ? 'macOS' : 'Linux',
    RUNNER_ARCH: process.arch === 'arm64' ? 'ARM64' : 'X64',
    RUNNER_NAME: 'sandbox',
    RUNNER_ENVIRONMENT: 'self-hosted',
    RUNNER_TEMP: place.temp,
    RUNNER_TOOL_CACHE: join(place.temp, '_tool'),
    RUNNER_WORKSPACE: join(place.workspace, '..'),
    RUNNER_TRACKING_ID: `github_${randomUUID()}`,
    ...(debug ? { RUNNER_DEBUG: '1' } : {}),
    ...given,
  }
}

function callerVariables(): Record<string, string> {
  const { PATH, HOME } = process.env
  return { PATH: PATH ?? '/usr/local/bin:/usr/bin:/bin', ...(HOME === undefined ? {} : { HOME }) }
}

function githubVariables(place: JobPlace, eventPath: string): Record<string, string> {
  return {
    GITHUB_ACTIONS: 'true',
    // What the runner calls the first step that uses an action of the workflow's own repository.
    GITHUB_ACTION: '__self',
    GITHUB_ACTION_REPOSITORY: '',
    GITHUB_ACTION_REF: '',
    GITHUB_ACTOR: 'octocat',
    GITHUB_ACTOR_ID: '583231',
    GITHUB_TRIGGERING_ACTOR: 'octocat',
    GITHUB_API_URL: 'https://api.github.com',
    GITHUB_GRAPHQL_URL: 'https://api.github.com/graphql',
    GITHUB_SERVER_URL: 'https://github.com',
    GITHUB_BASE_REF: '',
    GITHUB_HEAD_REF: '',
    GITHUB_EVENT_NAME: 'push',
    GITHUB_EVENT_PATH: eventPath,
    GITHUB_JOB: 'deploy',
    GITHUB_REF: 'refs/heads/main',
    GITHUB_REF_NAME: 'main',
    GITHUB_REF_TYPE: 'branch',
    GITHUB_REF_PROTECTED: 'false',
    GITHUB_REPOSITORY: 'octo-org/octo-repo',
    GITHUB_REPOSITORY_ID: '1296269',
    GITHUB_REPOSITORY_OWNER: 'octo-org',
    GITHUB_REPOSITORY_OWNER_ID: '6811672',
    GITHUB_RETENTION_DAYS: '90',
    GITHUB_RUN_ID: '1658821493',
    GITHUB_RUN_NUMBER: '1',
    GITHUB_RUN_ATTEMPT: '1',
    GITHUB_SHA: 'ffac537e6cbbf934b08745a378932722df287a53',
    GITHUB_WORKFLOW: 'Deploy',
    GITHUB_WORKFLOW_REF: 'octo-org/octo-repo/.github/workflows/deploy.yml@refs/heads/main',
    GITHUB_WORKFLOW_SHA: 'ffac537e6cbbf934b08745a378932722df287a53',
    GITHUB_WORKSPACE: place.workspace,
  }
}

/** The event of a push to `main`, cut to what actions usually read. */
export function pushEvent(env: Readonly<Record<string, string>>): unknown {
  const repository = env.GITHUB_REPOSITORY ?? 'octo-org/octo-repo'
  const [owner, name] = repository.split('/')
  return {
    ref: env.GITHUB_REF ?? 'refs/heads/main',
    after: env.GITHUB_SHA ?? 'ffac537e6cbbf934b08745a378932722df287a53',
    repository: { name, full_name: repository, default_branch: 'main', owner: { login: owner } },
    sender: { login: env.GITHUB_ACTOR ?? 'octocat' },
  }
}

/** Value of a context member, `github.x` or `runner.x`, from the variables that carry the same. */
export function contextMember(member: string, env: Readonly<Record<string, string>>): string | undefined {
  const [context, name = ''] = member.split('.')
  if (context !== 'github' && context !== 'runner') return undefined
  // A token is in no variable by itself: the workflow hands it on, by default as this input.
  if (member === 'github.token') return env.GITHUB_TOKEN ?? ''
  return env[`${context}_${name}`.toUpperCase()] ?? ''
}
