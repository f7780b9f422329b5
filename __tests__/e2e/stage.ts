import path from 'node:path'
import { fileURLToPath } from 'node:url'
import type { RunResult } from '../../sandbox/runner/result.ts'
import { type RunningAction, startAction } from '../../sandbox/runner/run-action.ts'
import { type Sandbox, type SandboxOptions, startSandbox } from '../../sandbox/sandbox.ts'
import { wallClock } from '../../sandbox/wall-clock.ts'
import { startTraffic, type Traffic } from '../../src/probe/traffic.ts'

/** A stage for tests through the built bundle: the sandbox on real sockets, a client, and GitHub's runner. */

const repository = fileURLToPath(new URL('../..', import.meta.url))

export async function openStage(options: SandboxOptions = {}): Promise<Stage> {
  return new Stage(await startSandbox({ speed: 10, ...options }))
}

export class Stage {
  readonly sandbox: Sandbox
  #traffic: Traffic | undefined

  constructor(sandbox: Sandbox) {
    this.sandbox = sandbox
  }

  get url(): string {
    return `${this.sandbox.description.productionUrl}/version`
  }

  /** Runs the action; inputs that are not given are the sandbox's own. An empty one is unset. */
  start(
    inputs: Readonly<Record<string, string>>,
    env: Readonly<Record<string, string>> = {},
    workspace?: string,
  ): RunningAction {
    return startAction({
      actionDirectory: repository,
      inputs: { ...this.sandbox.description.inputs, 'poll-interval': '1s', timeout: '30s', ...inputs },
      env: { ...this.sandbox.description.env, ...env },
      ...(workspace === undefined ? {} : { workspace }),
    })
  }

  run(inputs: Readonly<Record<string, string>>, env?: Readonly<Record<string, string>>): Promise<RunResult> {
    return this.start(inputs, env).result
  }

  /** Asks production so often each second until `close`; the first call begins. */
  watch(rate = 200): Traffic {
    this.#traffic ??= startTraffic(
      {
        url: this.url,
        rate,
        connections: 8,
        mode: 'keep-alive',
        timeoutMs: 10_000,
        versionFrom: { kind: 'json', member: 'version' },
      },
      wallClock,
    )
    return this.#traffic
  }

  /** Weights of the production listener, by color. */
  weights(): Readonly<Record<string, number>> {
    return this.weightsOf(this.sandbox.topology.productionArns[0])
  }

  /** The tags of the lock of the two services; undefined when there is none. */
  lock(): Readonly<Record<string, string>> | undefined {
    const { cloud } = this.sandbox
    const { TargetGroups } = cloud.call('elbv2', 'DescribeTargetGroups', {}) as {
      TargetGroups: readonly { TargetGroupArn: string; TargetGroupName: string }[]
    }
    const lock = TargetGroups.find(group => group.TargetGroupName.startsWith('ecs-bg-lock-'))
    if (lock === undefined) return undefined
    const { TagDescriptions } = cloud.call('elbv2', 'DescribeTags', { ResourceArns: [lock.TargetGroupArn] }) as {
      TagDescriptions: readonly { Tags: readonly { Key: string; Value: string }[] }[]
    }
    return Object.fromEntries(TagDescriptions.flatMap(one => one.Tags.map(({ Key, Value }) => [Key, Value])))
  }

  weightsOf(listenerArn: string | undefined): Readonly<Record<string, number>> {
    const { cloud, topology } = this.sandbox
    const { Listeners } = cloud.call('elbv2', 'DescribeListeners', { ListenerArns: [listenerArn] }) as {
      Listeners: readonly { DefaultActions: readonly { ForwardConfig: { TargetGroups: readonly Group[] } }[] }[]
    }
    const groups = Listeners[0]?.DefaultActions.at(-1)?.ForwardConfig.TargetGroups ?? []
    return Object.fromEntries(
      groups.map(group => [group.TargetGroupArn === topology.targetGroupArns.blue ? 'blue' : 'green', group.Weight]),
    )
  }

  /** What ECS says of a color's service, without events, which pile up by themselves. */
  service(color: 'blue' | 'green'): Readonly<Record<string, unknown>> {
    const { cluster, service } = this.sandbox.topology.inputs
    const answer = this.sandbox.cloud.call('ecs', 'DescribeServices', { cluster, services: [`${service}-${color}`] })
    const { events: _, ...rest } = (answer.services as readonly Record<string, unknown>[])[0] ?? {}
    return rest
  }

  /** Names of the API calls that changed something. */
  writes(): readonly string[] {
    return this.sandbox.api.calls
      .list()
      .map(call => call.operation)
      .filter(operation => !/^(Describe|List|Get)/.test(operation))
  }

  async close(): Promise<void> {
    await this.#traffic?.stop(0)
    await this.sandbox.close()
  }
}

interface Group {
  readonly TargetGroupArn: string
  readonly Weight: number
}

export function lines(result: RunResult): string {
  return result.log.map(line => line.text).join('\n')
}

export const repositoryPath = (...parts: readonly string[]) => path.join(repository, ...parts)
