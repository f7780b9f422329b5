import { spawn } from 'node:child_process'
import { chmodSync, cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { node24 } from '../runner/node-program.ts'
import { ActLog, type JobSeen } from './act-log.ts'
import { outsideActions } from './outside.ts'
import { action } from './rehearsed.ts'
import { toolPath } from './tools.ts'

/** Runs a workflow with nektos/act on this machine: expressions, conditions, outputs and jobs that need each other are a real runner's work. */

const here = (name: string) => fileURLToPath(new URL(name, import.meta.url))
const repositoryRoot = here('../..')

export interface WorkflowRun {
  /** Checkout with the workflows in `.github/workflows`. */
  readonly repository: string
  /** File name, such as `deploy.yml`. */
  readonly workflow: string
  readonly event: 'push' | 'workflow_dispatch' | 'pull_request' | 'pull_request_target' | 'schedule'
  readonly ref: string
  readonly inputs?: Readonly<Record<string, string>>
  /** What GitHub tells of the event, beside the ref and the inputs. */
  readonly payload?: Readonly<Record<string, unknown>>
  readonly actor?: string
  /** Repository variables. */
  readonly variables: Readonly<Record<string, string>>
  /** What jobs find of GitHub. */
  readonly github: { readonly apiUrl: string; readonly token: string; readonly runId: string }
  /** Of `startOutside`. */
  readonly outsideUrl: string
  /** For its caches and the working folders of its jobs. */
  readonly temp: string
  readonly signal?: AbortSignal
}

export interface WorkflowResult {
  readonly exitCode: number | null
  readonly jobs: Readonly<Record<string, JobSeen>>
  readonly log: string
}

export async function runWorkflow(run: WorkflowRun): Promise<WorkflowResult> {
  const event = path.join(run.temp, 'event.json')
  writeFileSync(event, JSON.stringify({ ref: run.ref, inputs: run.inputs ?? {}, ...run.payload }))
  const child = spawn(toolPath('act'), [run.event, ...options(run, event)], {
    cwd: run.repository,
    // Nothing of ours but what it needs to start: what a job is to have, it has to ask for.
    env: { PATH: programs(run.temp), HOME: run.temp, TMPDIR: run.temp },
    stdio: ['ignore', 'pipe', 'pipe'],
    signal: run.signal,
  })
  const log = new ActLog()
  for (const stream of [child.stdout, child.stderr]) createInterface(stream).on('line', line => log.line(line))
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  return { exitCode, jobs: log.jobs, log: log.text }
}

function options(run: WorkflowRun, event: string): readonly string[] {
  const pairs = (option: string, values: Readonly<Record<string, string>>) =>
    Object.entries(values).flatMap(([name, value]) => [option, `${name}=${value}`])
  return [
    ...['--workflows', path.join('.github', 'workflows', run.workflow), '--eventpath', event, '--json'],
    ...['--platform', 'ubuntu-latest=-self-hosted', '--no-cache-server'],
    ...['--action-cache-path', path.join(run.temp, 'cache')],
    ...pairs('--local-repository', places(run.repository, publishedIn(run.temp))),
    ...pairs('--var', run.variables),
    ...(run.actor === undefined ? [] : ['--actor', run.actor]),
    ...pairs('--secret', { GITHUB_TOKEN: run.github.token }),
    ...pairs('--env', {
      REHEARSAL_URL: run.outsideUrl,
      GITHUB_API_URL: run.github.apiUrl,
      GITHUB_RUN_ID: run.github.runId,
    }),
  ]
}

/** Where the actions that the workflows name are on this machine. act has actions/checkout built in. */
function places(repository: string, published: string): Readonly<Record<string, string>> {
  const folder = path.join(repository, '.github', 'workflows')
  const texts = readdirSync(folder).map(name => readFileSync(path.join(folder, name), 'utf8'))
  const used = texts.flatMap(text => [...text.matchAll(/\buses: ([^\s@]+)@(\S+)/g)])
  return Object.fromEntries(
    used.flatMap(([, name = '', ref = '']) => {
      if (`${name}@${ref}` === action) return [[action, published]]
      return outsideActions.some(one => one === name) ? [[`${name}@${ref}`, here('./stand-in')]] : []
    }),
  )
}

/** What a job downloads of this action, and no more: act reads all of a folder into memory, and here that would be every tool of ours too. */
function publishedIn(temp: string): string {
  const folder = path.join(temp, 'action')
  for (const part of ['action.yml', 'package.json', 'dist']) {
    cpSync(path.join(repositoryRoot, part), path.join(folder, part), { recursive: true })
  }
  return folder
}

/** `npm ci` in a checkout of ours would download what is here already. Everything else npm does itself. */
function npmScript(modules: string, folder: string): string {
  return [
    '#!/bin/sh',
    `if [ "$1" = ci ]; then exec ln -s '${modules}' node_modules; fi`,
    `PATH=$(printf %s "$PATH" | sed 's|${folder}:||') exec npm "$@"`,
    '',
  ].join('\n')
}

/** A search path with Node 24, and with stand-ins for the programs of a GitHub runner that need the outside world. */
function programs(temp: string): string {
  const folder = path.join(temp, 'bin')
  mkdirSync(folder, { recursive: true })
  for (const program of ['aws', 'docker']) {
    const file = path.join(folder, program)
    writeFileSync(file, `#!/bin/sh\nexec '${node24()}' '${here('./stand-in-program.js')}' ${program} "$@"\n`)
    chmodSync(file, 0o755)
  }
  const npm = path.join(folder, 'npm')
  writeFileSync(npm, npmScript(path.join(repositoryRoot, 'node_modules'), folder))
  chmodSync(npm, 0o755)
  return [folder, path.dirname(node24()), process.env.PATH ?? ''].join(path.delimiter)
}
