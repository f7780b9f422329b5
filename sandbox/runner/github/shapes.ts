import type { Octokit } from '../../../src/github/api.ts'
import type { DeploymentRecord, StatusRecord } from './deployments.ts'

/** Records as GitHub's API shows them. The types are those that GitHub's own client is made with. */

type Repos = Octokit['rest']['repos']
type Deployment = Awaited<ReturnType<Repos['listDeployments']>>['data'][number]
type DeploymentStatus = Awaited<ReturnType<Repos['listDeploymentStatuses']>>['data'][number]

export function deploymentShape(record: DeploymentRecord, repositoryUrl: string): Deployment {
  const url = `${repositoryUrl}/deployments/${record.id}`
  const changed = record.statuses[0]?.at ?? record.at
  return {
    url,
    id: record.id,
    node_id: `DE_${record.id}`,
    sha: record.sha,
    ref: record.ref,
    task: record.task,
    payload: record.payload,
    original_environment: record.environment,
    environment: record.environment,
    description: record.description,
    creator: actionsBot,
    created_at: iso(record.at),
    updated_at: iso(changed),
    statuses_url: `${url}/statuses`,
    repository_url: repositoryUrl,
    transient_environment: record.transient,
    production_environment: record.production,
    performed_via_github_app: null,
  }
}

export function statusShape(
  status: StatusRecord,
  deployment: DeploymentRecord,
  repositoryUrl: string,
): DeploymentStatus {
  const deploymentUrl = `${repositoryUrl}/deployments/${deployment.id}`
  return {
    url: `${deploymentUrl}/statuses/${status.id}`,
    id: status.id,
    node_id: `DES_${status.id}`,
    state: status.state,
    creator: actionsBot,
    description: status.description,
    environment: deployment.environment,
    target_url: status.logUrl,
    created_at: iso(status.at),
    updated_at: iso(status.at),
    deployment_url: deploymentUrl,
    repository_url: repositoryUrl,
    environment_url: status.environmentUrl,
    log_url: status.logUrl,
    performed_via_github_app: null,
  }
}

/** GitHub has no fractions of seconds. */
export function iso(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`
}

/** Who everything is done by that is done with the token of a job. */
const botUrl = 'https://api.github.com/users/github-actions%5Bbot%5D'
export const actionsBot = {
  login: 'github-actions[bot]',
  id: 41898282,
  node_id: 'MDM6Qm90NDE4OTgyODI=',
  avatar_url: 'https://avatars.githubusercontent.com/in/15368?v=4',
  gravatar_id: '',
  url: botUrl,
  html_url: 'https://github.com/apps/github-actions',
  followers_url: `${botUrl}/followers`,
  following_url: `${botUrl}/following{/other_user}`,
  gists_url: `${botUrl}/gists{/gist_id}`,
  starred_url: `${botUrl}/starred{/owner}{/repo}`,
  subscriptions_url: `${botUrl}/subscriptions`,
  organizations_url: `${botUrl}/orgs`,
  repos_url: `${botUrl}/repos`,
  events_url: `${botUrl}/events{/privacy}`,
  received_events_url: `${botUrl}/received_events`,
  type: 'Bot',
  site_admin: false,
}
