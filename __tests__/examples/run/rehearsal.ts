import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { putAlarm, quietAlarm } from '../../../sandbox/metric-alarm.ts'
import { runWorkflow, type WorkflowResult, type WorkflowRun } from '../../../sandbox/workflows/act.ts'
import { type Outside, startOutside } from '../../../sandbox/workflows/outside.ts'
import { Registry, registryHost } from '../../../sandbox/workflows/registry.ts'
import { Repository } from '../../../sandbox/workflows/repository.ts'
import { openStage, repositoryPath, type Stage } from '../../e2e/stage.ts'

/** A user's repository with the examples in it, an account in the sandbox that they deploy to, and clients who never stop asking. */
export class Rehearsal {
  readonly stage: Stage
  readonly registry: Registry
  readonly repository: Repository
  /** What happens when a job asks for credentials, before it gets them: the place of a reviewer. */
  beforeCredentials: (job: string, role: string) => Promise<void> = async () => {}
  readonly #outside: Outside
  readonly #temp = mkdtempSync(path.join(tmpdir(), 'ecs-bluegreen-act-'))
  readonly #running = new AbortController()

  static async open(): Promise<Rehearsal> {
    const stage = await openStage({
      topology: { cluster: 'shop', service: 'web', image: `${registryHost}/shop:0.0.1` },
    })
    const registry = new Registry('shop', 'shop-previews')
    const aws = stage.sandbox.description.env
    const rehearsal: { is?: Rehearsal } = {}
    const outside = await startOutside({
      aws,
      registry,
      approve: async (...asked) => rehearsal.is?.beforeCredentials(...asked),
    })
    rehearsal.is = new Rehearsal(stage, registry, outside)
    return rehearsal.is
  }

  private constructor(stage: Stage, registry: Registry, outside: Outside) {
    this.stage = stage
    this.registry = registry
    this.#outside = outside
    this.repository = new Repository(repositoryPath('examples'))
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
    more: Pick<WorkflowRun, 'actor' | 'github'> = {},
  ): Promise<WorkflowResult> {
    return this.#run({ workflow, event, ref: 'refs/heads/main', payload, ...more })
  }

  schedule(workflow: string, github: WorkflowRun['github']): Promise<WorkflowResult> {
    const more = github === undefined ? {} : { github }
    return this.#run({ workflow, event: 'schedule', ref: 'refs/heads/main', ...more })
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

  async close(): Promise<void> {
    this.#running.abort()
    await this.#outside.close()
    await this.stage.close()
    this.repository.close()
    rmSync(this.#temp, { recursive: true, force: true })
  }

  #run(
    run: Pick<WorkflowRun, 'workflow' | 'event' | 'ref' | 'inputs' | 'payload' | 'actor' | 'github'>,
  ): Promise<WorkflowResult> {
    const { description } = this.stage.sandbox
    return runWorkflow({
      ...run,
      ...{ outsideUrl: this.#outside.url, temp: this.#temp },
      repository: this.repository.folder,
      signal: this.#running.signal,
      variables: {
        AWS_REGION: description.env.AWS_REGION ?? '',
        BUILD_ROLE: 'arn:aws:iam::123456789012:role/build',
        DEPLOY_ROLE: 'arn:aws:iam::123456789012:role/deploy',
        READ_ROLE: 'arn:aws:iam::123456789012:role/read',
        ECR_REPOSITORY: 'shop',
        PREVIEW_ROLE: 'arn:aws:iam::123456789012:role/preview',
        PREVIEW_BUILD_ROLE: 'arn:aws:iam::123456789012:role/preview-build',
        PREVIEW_REPOSITORY: 'shop-previews',
        PREVIEW_DOMAIN: 'preview.example.com',
        ECS_CLUSTER: 'shop',
        ECS_SERVICE: 'web',
        PRODUCTION_URL: this.stage.url,
        TEST_LISTENER: description.inputs['test-listener-arns'],
        TEST_URL: `${description.testUrl}/version`,
        ALARM_NAMES: 'errors',
      },
    })
  }
}

async function versionAt(url: string): Promise<string> {
  const answer = (await (await fetch(url)).json()) as { readonly version: string }
  return answer.version
}
