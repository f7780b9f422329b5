import { existsSync } from 'node:fs'
import { readdir, readFile, stat } from 'node:fs/promises'
import path from 'node:path'

/** More workflows are not looked at, and a longer one is no button. */
const most = { files: 100, characters: 100_000 }

/**
 * The page of the repository's workflow that rolls back, where its button is: one that people can start (`workflow_dispatch`), with a
 * step that has `mode: rollback`. Looked for in the files of the job, which are there only when the job has checked out the repository.
 */
export async function rollbackPage(env: Readonly<Record<string, string | undefined>>): Promise<string | undefined> {
  const { GITHUB_WORKSPACE: workspace, GITHUB_REPOSITORY: repository, GITHUB_SERVER_URL: server } = env
  if (workspace === undefined || !/^https:\/\/[\w.-]+(:\d+)?$/.test(server ?? '')) return undefined
  if (!/^[\w.-]+\/[\w.-]+$/.test(repository ?? '')) return undefined
  const folder = path.join(workspace, '.github', 'workflows')
  for (const name of await workflowsIn(folder)) {
    if (await rollsBack(path.join(folder, name))) return `${server}/${repository}/actions/workflows/${name}`
  }
  return undefined
}

async function workflowsIn(folder: string): Promise<readonly string[]> {
  // A job that deploys an image needs no files of the repository.
  if (!existsSync(folder)) return []
  const names = (await readdir(folder)).filter(name => /^[\w.-]+\.ya?ml$/.test(name))
  return names.sort().slice(0, most.files)
}

async function rollsBack(file: string): Promise<boolean> {
  // A folder or a pipe of that name is no workflow.
  if (!(await stat(file)).isFile()) return false
  const workflow = (await readFile(file, 'utf8')).slice(0, most.characters)
  const lines = workflow.replace(/(^|\s)#.*$/gm, '')
  return /\bworkflow_dispatch\b/.test(lines) && /\bmode:\s*(['"]?)rollback\1\s*(?=$|[,}])/m.test(lines)
}
