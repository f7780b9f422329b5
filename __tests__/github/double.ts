import { type Github, type GithubOptions, startGithub } from '../../sandbox/runner/github/server.ts'

/**
 * The double of GitHub's API. With ECS_BLUEGREEN_OPENAPI, as jest.github.config.js sets it, GitHub's own description of its API
 * decides whether each request is one that GitHub takes, and each answer one that it gives.
 */
export async function openGithub(options: GithubOptions = {}): Promise<Github> {
  if (process.env.ECS_BLUEGREEN_OPENAPI === undefined) return startGithub(options)
  const { checkExchange } = await import('../github-openapi/check.ts')
  return startGithub({ ...options, check: checkExchange })
}
