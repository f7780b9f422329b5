import { cpSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { action } from './rehearsed.ts'

const repositoryRoot = fileURLToPath(new URL('../..', import.meta.url))

/** What the commands of ours that a workflow runs are made of. */
const parts = ['package.json', 'package-lock.json', 'infra', 'sample-app', 'sandbox', 'scripts', 'src']

/** This repository, as a workflow of somebody else checks it out. @throws Error for any other one, which nobody has here */
export function checkOut(repository: string, workspace: string): void {
  if (`${repository}@v1` !== action) throw new Error(`The rehearsal has no checkout of ${repository}.`)
  for (const part of parts) cpSync(path.join(repositoryRoot, part), path.join(workspace, part), { recursive: true })
}
