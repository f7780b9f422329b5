import type { CommentRecord, PullRecord } from './pulls.ts'
import { actionsBot, iso } from './shapes.ts'

/** Pull requests and comments as GitHub's API shows them, with all members that its description requires. */

type Shape = Readonly<Record<string, unknown>>

export function pullShape(pull: PullRecord, repositoryUrl: string, whole: boolean): Shape {
  const { number, sha } = pull
  const url = `${repositoryUrl}/pulls/${number}`
  const issue = `${repositoryUrl}/issues/${number}`
  const page = repositoryUrl.replace('api.github.com/repos', 'github.com')
  const links = {
    comments_url: `${issue}/comments`,
    commits_url: `${url}/commits`,
    statuses_url: `${repositoryUrl}/statuses/${sha}`,
    html_url: `${page}/pull/${number}`,
    issue_url: issue,
    review_comments_url: `${url}/comments`,
    review_comment_url: `${repositoryUrl}/pulls/comments{/number}`,
    url,
  }
  const named = Object.entries(links).map(([name, href]) => [
    name === 'url' ? 'self' : name.replace('_url', ''),
    { href },
  ])
  const side = (ref: string) => {
    const repo = repositoryShape(repositoryUrl)
    return { label: `octo-org:${ref}`, ref, sha, user: actionsBot, repo }
  }
  const closedAt = pull.state === 'closed' ? iso(pull.at) : null
  return {
    ...links,
    _links: Object.fromEntries(named),
    id: 900_000 + number,
    node_id: `PR_${number}`,
    diff_url: `${page}/pull/${number}.diff`,
    patch_url: `${page}/pull/${number}.patch`,
    number,
    state: pull.state,
    locked: pull.locked,
    title: pull.title,
    user: actionsBot,
    body: null,
    labels: [],
    milestone: null,
    assignee: null,
    created_at: iso(pull.at),
    updated_at: iso(pull.at),
    closed_at: closedAt,
    merged_at: null,
    merge_commit_sha: null,
    head: side(pull.branch),
    base: side('main'),
    author_association: 'CONTRIBUTOR',
    auto_merge: null,
    ...(whole ? { ...counts, merged: false, mergeable: null, mergeable_state: 'unknown', merged_by: null } : {}),
  }
}

const counts = {
  maintainer_can_modify: false,
  comments: 0,
  review_comments: 0,
  commits: 1,
  additions: 1,
  deletions: 0,
  changed_files: 1,
}

const repositoryUrls = (
  'archive assignees blobs branches collaborators comments commits compare contents contributors deployments downloads events ' +
  'forks git_commits git_refs git_tags hooks issue_comment issue_events issues keys labels languages merges milestones ' +
  'notifications pulls releases stargazers statuses subscribers subscription tags teams trees'
).split(' ')
const repositoryCounts = 'forks forks_count open_issues open_issues_count size stargazers_count watchers watchers_count'
const repositorySwitches = 'fork private has_downloads has_issues has_projects has_wiki has_pages archived disabled'

function repositoryShape(url: string): Shape {
  const fullName = url.split('/').slice(-2).join('/')
  const page = `https://github.com/${fullName}`
  return {
    ...Object.fromEntries(repositoryUrls.map(name => [`${name}_url`, `${url}/${name.replace('_', '/')}`])),
    ...Object.fromEntries(repositoryCounts.split(' ').map(name => [name, 0])),
    ...Object.fromEntries(repositorySwitches.split(' ').map(name => [name, false])),
    id: 1_296_269,
    node_id: 'R_1296269',
    name: fullName.split('/')[1],
    full_name: fullName,
    owner: actionsBot,
    description: null,
    homepage: null,
    language: null,
    license: null,
    mirror_url: null,
    default_branch: 'main',
    url,
    html_url: page,
    clone_url: `${page}.git`,
    svn_url: page,
    git_url: page.replace('https', 'git'),
    ssh_url: `git@github.com:${fullName}.git`,
    pushed_at: iso(0),
    created_at: iso(0),
    updated_at: iso(0),
  }
}

export function commentShape(comment: CommentRecord, repositoryUrl: string): Shape {
  const url = `${repositoryUrl}/issues/comments/${comment.id}`
  return {
    url,
    html_url: `https://github.com/octo-org/octo-repo/pull/${comment.pull}#issuecomment-${comment.id}`,
    issue_url: `${repositoryUrl}/issues/${comment.pull}`,
    id: comment.id,
    node_id: `IC_${comment.id}`,
    user: { ...actionsBot, login: comment.login, type: comment.login.endsWith('[bot]') ? 'Bot' : 'User' },
    created_at: iso(comment.at),
    updated_at: iso(comment.changedAt),
    body: comment.body,
    author_association: 'NONE',
    performed_via_github_app: null,
  }
}
