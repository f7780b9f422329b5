import type { DescribeServicesResponse, Service, Task } from '@aws-sdk/client-ecs'
import { createEcs, type Ecs } from '../../../sandbox/cloud/ecs/ecs.ts'
import {
  AwsFault,
  type CheckResult,
  type TargetAddress,
  type TargetGroups,
  type TargetHealthView,
} from '../../../sandbox/cloud/ports.ts'
import { type CloudSettings, calmSettings } from '../../../sandbox/cloud/settings.ts'
import { createSimulatedRuntime, type SimulatedRuntime } from '../../../sandbox/cloud/simulated-runtime.ts'
import { seededRandom } from '../../../sandbox/random.ts'
import { VirtualTimeline } from '../../../sandbox/timeline.ts'

export const START = Date.UTC(2026, 0, 5, 9)
export const GROUP = 'arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/app-blue/0123456789abcdef'
export const DEREGISTRATION_MS = 10_000

export interface EcsWorld {
  readonly timeline: VirtualTimeline
  readonly runtime: SimulatedRuntime
  readonly ecs: Ecs
  readonly group: TestGroup
  call(operation: string, input?: Record<string, unknown>): Record<string, unknown>
  /** Lets `seconds` pass. */
  pass(seconds: number): void
  /** Lets time pass until `holds`; throws after `seconds`. */
  until(holds: () => boolean, seconds?: number): void
  service(name?: string): Service
  tasks(filter: Record<string, unknown>): readonly Task[]
  register(image: string): string
  createService(members?: Record<string, unknown>): Service
  messages(name?: string): readonly string[]
  faultOf(operation: string, input: Record<string, unknown>): AwsFault
}

/** One target group, checked every 5 s through the runtime, healthy at the first pass and unhealthy after two failures. */
export interface TestGroup extends TargetGroups {
  associated: boolean
  targetType: 'ip' | 'instance'
  readonly log: string[]
}

export function ecsWorld(settings: Partial<CloudSettings> = {}, seed = 1): EcsWorld {
  const timeline = new VirtualTimeline(START)
  const random = seededRandom(seed)
  const runtime = createSimulatedRuntime({ timeline, random })
  const group = testGroup(timeline, runtime)
  const all = { ...calmSettings, throttling: false, ...settings }
  const ecs = createEcs({ timeline, random, settings: all, runtime, targets: group })
  const call = (operation: string, input: Record<string, unknown> = {}) => ecs.call(operation, input)
  call('CreateCluster', { clusterName: 'demo' })

  const service = (name = 'app') => {
    const found = call('DescribeServices', { cluster: 'demo', services: [name] }) as unknown as DescribeServicesResponse
    const [only] = found.services ?? []
    if (only === undefined) throw new Error(`no service ${name}`)
    return only
  }
  return {
    timeline,
    runtime,
    ecs,
    group,
    call,
    service,
    pass: seconds => timeline.advanceTo(timeline.now() + seconds * 1000),
    until(holds, seconds = 600) {
      const limit = timeline.now() + seconds * 1000
      while (!holds()) {
        if (timeline.now() > limit || !timeline.step()) throw new Error('it did not come to pass')
      }
    },
    tasks(filter) {
      const { taskArns } = call('ListTasks', { cluster: 'demo', ...filter }) as { taskArns: string[] }
      if (taskArns.length === 0) return []
      return call('DescribeTasks', { cluster: 'demo', tasks: taskArns }).tasks as readonly Task[]
    },
    register: image => register(call, image),
    createService: (members = {}) => call('CreateService', { ...serviceInput, ...members }).service as Service,
    messages: name => (service(name).events ?? []).map(event => event.message ?? '').reverse(),
    faultOf(operation, input) {
      try {
        call(operation, input)
      } catch (fault) {
        if (fault instanceof AwsFault) return fault
        throw fault
      }
      throw new Error(`${operation} was accepted`)
    },
  }
}

export const serviceInput = {
  cluster: 'demo',
  serviceName: 'app',
  taskDefinition: 'app',
  desiredCount: 2,
  launchType: 'FARGATE',
  loadBalancers: [{ targetGroupArn: GROUP, containerName: 'app', containerPort: 8080 }],
  networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-a', 'subnet-b'] } },
}

function register(call: EcsWorld['call'], image: string): string {
  const { taskDefinition } = call('RegisterTaskDefinition', {
    family: 'app',
    networkMode: 'awsvpc',
    requiresCompatibilities: ['FARGATE'],
    cpu: '256',
    memory: '512',
    containerDefinitions: [{ name: 'app', image, portMappings: [{ containerPort: 8080 }] }],
  })
  return (taskDefinition as { taskDefinitionArn: string }).taskDefinitionArn
}

function testGroup(timeline: VirtualTimeline, runtime: SimulatedRuntime): TestGroup {
  const targets = new Map<string, { view: TargetHealthView; failures: number; cancel: () => void }>()
  const keyOf = (target: TargetAddress) => `${target.ip}:${target.port}`
  const check = { protocol: 'HTTP', path: '/health', timeoutMs: 2000, matcher: '200' } as const

  const group: TestGroup = {
    associated: true,
    targetType: 'ip',
    log: [],
    find: arn =>
      arn === GROUP
        ? {
            arn,
            targetType: group.targetType,
            port: 8080,
            associated: group.associated,
            deregistrationDelayMs: DEREGISTRATION_MS,
          }
        : undefined,
    register(_arn, target) {
      const entry = { view: { state: 'initial' } as TargetHealthView, failures: 0, cancel: () => {} }
      targets.set(keyOf(target), entry)
      const look = (inMs: number) => {
        entry.cancel = timeline.at(timeline.now() + inMs, () => {
          runtime.check(target, check, result => {
            judge(entry, result)
            if (targets.get(keyOf(target)) === entry && entry.view.state !== 'draining') look(5000)
          })
        })
      }
      look(1000)
    },
    deregister(_arn, target, onGone) {
      const entry = targets.get(keyOf(target))
      group.log.push(`deregister ${target.ip}`)
      entry?.cancel()
      if (entry !== undefined) entry.view = { state: 'draining' }
      timeline.at(timeline.now() + DEREGISTRATION_MS, () => {
        targets.delete(keyOf(target))
        group.log.push(`gone ${target.ip}`)
        onGone()
      })
    },
    health: (_arn, target) => targets.get(keyOf(target))?.view ?? { state: 'unused' },
  }
  return group
}

function judge(entry: { view: TargetHealthView; failures: number }, result: CheckResult): void {
  if (result.kind === 'passed') {
    entry.failures = 0
    entry.view = { state: 'healthy' }
    return
  }
  if (++entry.failures < 2) return
  const codes = result.kind === 'mismatch' ? ` with these codes: [${result.status}]` : ''
  entry.view = { state: 'unhealthy', description: `Health checks failed${codes}` }
}
