import { headRepositoryOf } from './event.ts'

type Env = Readonly<Record<string, string | undefined>>

/** What configure-aws-credentials and self-hosted runners set. What only an instance has is not for pull requests of strangers. */
const credentials = [
  'AWS_ACCESS_KEY_ID',
  'AWS_PROFILE',
  'AWS_WEB_IDENTITY_TOKEN_FILE',
  'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI',
  'AWS_CONTAINER_CREDENTIALS_FULL_URI',
] as const

/**
 * Whose pull request this is, when GitHub gives its workflow neither secrets nor an OpenID Connect token, and nobody else has given
 * it credentials: then there is nothing that could be done, and nothing that has failed.
 */
export function outsiderOf(env: Env): string | undefined {
  if (credentials.some(name => (env[name] ?? '') !== '')) return undefined
  if (env.GITHUB_ACTOR === 'dependabot[bot]') return 'Dependabot'
  const head = headRepositoryOf(env.GITHUB_EVENT_PATH)
  if (head === undefined) return undefined
  return head.toLowerCase() === (env.GITHUB_REPOSITORY ?? '').toLowerCase() ? undefined : 'a fork'
}
