import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parse } from 'yaml'
import { putAlarm, quietAlarm } from '../../../sandbox/metric-alarm.ts'
import type { Github } from '../../../sandbox/runner/github/server.ts'
import { runWorkflow, type WorkflowResult, type WorkflowRun } from '../../../sandbox/workflows/act.ts'
import { type Outside, startOutside } from '../../../sandbox/workflows/outside.ts'
import { Registry, registryHost } from '../../../sandbox/workflows/registry.ts'
import { Repository } from '../../../sandbox/workflows/repository.ts'
import { openStage, repositoryPath, type Stage } from '../../e2e/stage.ts'
import { openGithub } from '../../github/double.ts'
import { quickStart, quickStartFile } from './quick-start.ts'

const token = 'the-token-of-the-job'

/** A user's repository with the examples in it, an account in the sandbox that they deploy to, and clients who never stop asking. */
export class Rehearsal {
  readonly stage: Stage
  readonly registry: Registry
  readonly repository: Repository
  readonly github: Github
  /** What happens when a job asks for credentials, before it gets them: the place of a reviewer. */
  beforeCredentials: (job: string, role: string) => Promise<void> = async () => {}
  readonly #outside: Outside
  readonly #temp = mkdtempSync(path.join(tmpdir(), 'ecs-bluegreen-act-'))
  readonly #running = new AbortController()
  #runs = 0
  #jobBegan: (job: string) => void = () => {}

  static async open(): Promise<Rehearsal> {
    const stage = await openStage({
      topology: { cluster: 'shop', service: 'web', image: `${registryHost}/shop:0.0.1` },
    })
    const registry = new Registry('shop', 'shop-previews')
    const aws = stage.sandbox.description.env
    const github = await openGithub({ repository: 'acme/shop', refs: {}, tokens: { [token]: 'write' } })
    const began: { rehearsal?: Rehearsal } = {}
    const approve = async (job: string, role: string) => {
      const { rehearsal } = began
      if (rehearsal !== undefined) await rehearsal.#approve(job, role)
    }
    const outside = await startOutside({ aws, registry, approve })
    began.rehearsal = new Rehearsal(stage, registry, outside, github)
    return began.rehearsal
  }

  private constructor(stage: Stage, registry: Registry, outside: Outside, github: Github) {
    this.stage = stage
    this.github = github
    this.registry = registry
    this.#outside = outside
    this.repository = new Repository(repositoryPath('examples'))
    this.repository.copy(quickStartFile, quickStart())
    this.repository.commit()
    stage.watch()
  }

  push(workflow: string, ref = 'refs/heads/main'): Promise<WorkflowResult> {
    this.repository.at(ref)
    return this.#run({ workflow, event: 'push', ref })
  }

  dispatch(workflow: string, inputs: Readonly<Record<string, string>>): Promise<WorkflowResult> {
    return this.#run({ workflow, event: 'workflow_dispatch', ref: 'refs/heads/main', inputs })
  }

  /** What GitHub does when something happens to a pull request. */
  pullRequest(
    workflow: string,
    event: 'pull_request' | 'pull_request_target',
    payload: Readonly<Record<string, unknown>>,
    actor = 'octocat',
  ): Promise<WorkflowResult> {
    return this.#run({ workflow, event, ref: 'refs/heads/main', payload, actor })
  }

  schedule(workflow: string): Promise<WorkflowResult> {
    return this.#run({ workflow, event: 'schedule', ref: 'refs/heads/main' })
  }

  /** What production answers. */
  versionNow(): Promise<string> {
    return versionAt(this.stage.url)
  }

  /** What the test listener answers. */
  versionForTesters(): Promise<string> {
    return versionAt(`${this.stage.sandbox.description.testUrl}/version`)
  }

  /** One that stays silent: the load balancer makes no errors of its own. */
  putAlarm(name: string): void {
    const { sandbox } = this.stage
    putAlarm(sandbox, name, 'OK', quietAlarm(sandbox.topology.loadBalancerArn))
  }

  /** The page of the environment, newest first: which version, and what became of it. */
  page(): readonly string[] {
    return this.github.deployments().map(({ payload, statuses }) => {
      const version = typeof payload === 'string' ? payload : payload.version
      return `${version ?? 'a job of GitHub'}: ${statuses[0]?.state}`
    })
  }

  async close(): Promise<void> {
    this.#running.abort()
    await this.#outside.close()
    await this.github.close()
    await this.stage.close()
    this.repository.close()
    rmSync(this.#temp, { recursive: true, force: true })
  }

  async #approve(job: string, role: string): Promise<void> {
    this.#jobBegan(job)
    await this.beforeCredentials(job, role)
  }

  async #run(
    run: Pick<WorkflowRun, 'workflow' | 'event' | 'ref' | 'inputs' | 'payload' | 'actor'>,
  ): Promise<WorkflowResult> {
    const runId = String(++this.#runs)
    const ends = new Map<string, (ok: boolean) => void>()
    this.github.push(this.repository.head)
    // What GitHub does for a job with `environment:`; act reads over it.
    this.#jobBegan = job => {
      const environment = deploymentOf(run.workflow, job)
      if (environment !== undefined)
        ends.set(job, this.github.startJob({ environment, runId, sha: this.repository.head }))
    }
    const result = await runWorkflow({
      ...run,
      ...{ outsideUrl: this.#outside.url, temp: this.#temp },
      github: { apiUrl: this.github.url, token, runId },
      repository: this.repository.folder,
      signal: this.#running.signal,
      variables: this.#variables(),
    })
    for (const [job, end] of ends) end(result.jobs[job]?.result === 'success')
    return result
  }

  #variables(): Readonly<Record<string, string>> {
    const { description } = this.stage.sandbox
    return {
      AWS_REGION: description.env.AWS_REGION ?? '',
      BUILD_ROLE: 'arn:aws:iam::123456789012:role/build',
      DEPLOY_ROLE: 'arn:aws:iam::123456789012:role/deploy',
      SETUP_ROLE: 'arn:aws:iam::123456789012:role/setup',
      READ_ROLE: 'arn:aws:iam::123456789012:role/read',
      ECR_REPOSITORY: 'shop',
      PREVIEW_ROLE: 'arn:aws:iam::123456789012:role/preview',
      PREVIEW_BUILD_ROLE: 'arn:aws:iam::123456789012:role/preview-build',
      PREVIEW_REPOSITORY: 'shop-previews',
      PREVIEW_DOMAIN: 'preview.example.com',
      IMAGE_REPOSITORY: `${registryHost}/shop`,
      ECS_CLUSTER: 'shop',
      ECS_SERVICE: 'web',
      PRODUCTION_URL: this.stage.url,
      TEST_LISTENER: description.inputs['test-listener-arns'],
      TEST_URL: `${description.testUrl}/version`,
      ALARM_NAMES: 'errors',
    }
  }
}

interface Job {
  readonly environment?: string | { readonly name: string; readonly deployment?: boolean }
}

/** The environment for which GitHub makes a Deployment when this job begins; undefined when it makes none. */
function deploymentOf(workflow: string, job: string): string | undefined {
  const text = workflow === quickStartFile ? quickStart() : readFileSync(repositoryPath('examples', workflow), 'utf8')
  const { environment } = (parse(text) as { readonly jobs: Readonly<Record<string, Job>> }).jobs[job] ?? {}
  if (environment === undefined || typeof environment === 'string') return environment
  return environment.deployment === false ? undefined : environment.name
}

async function versionAt(url: string): Promise<string> {
  const answer = (await (await fetch(url)).json()) as { readonly version: string }
  return answer.version
}
