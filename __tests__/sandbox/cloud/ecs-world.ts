import type { DescribeServicesResponse, Service, Task } from '@aws-sdk/client-ecs'
import type { LoadBalancer, TargetGroup, TargetHealthDescription } from '@aws-sdk/client-elastic-load-balancing-v2'
import { type Cloud, createCloud } from '../../../sandbox/cloud/cloud.ts'
import type { Ecs } from '../../../sandbox/cloud/ecs/ecs.ts'
import { AwsFault } from '../../../sandbox/cloud/ports.ts'
import { type CloudSettings, calmSettings } from '../../../sandbox/cloud/settings.ts'
import { createSimulatedRuntime, type SimulatedRuntime } from '../../../sandbox/cloud/simulated-runtime.ts'
import { seededRandom } from '../../../sandbox/random.ts'
import { VirtualTimeline } from '../../../sandbox/timeline.ts'

export const START = Date.UTC(2026, 0, 5, 9)

export interface EcsWorld {
  readonly timeline: VirtualTimeline
  readonly runtime: SimulatedRuntime
  readonly ecs: Ecs
  /** ARN of the service's target group. */
  readonly group: string
  readonly serviceInput: ReturnType<typeof inputFor>
  makeGroup(
    name: string,
    options: { readonly targetType?: string; readonly exposed?: boolean; readonly fresh?: boolean },
  ): string
  /** Address → state, of the service's target group. */
  targetStates(): ReadonlyMap<string, string>
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

export function ecsWorld(settings: Partial<CloudSettings> = {}, seed = 1): EcsWorld {
  const timeline = new VirtualTimeline(START)
  const random = seededRandom(seed)
  const runtime = createSimulatedRuntime({ timeline, random })
  const all = { ...calmSettings, throttling: false, ...settings }
  const cloud = createCloud({ timeline, random, settings: all, runtime })
  const call = (operation: string, input: Record<string, unknown> = {}) => cloud.call('ecs', operation, input)
  const group = createGroup(cloud, 'app', 'ip')
  expose(cloud, group, 'app')
  cloud.elb.settle()
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
    ecs: cloud.ecs,
    group,
    serviceInput: inputFor(group),
    makeGroup(name, { targetType = 'ip', exposed = true, fresh = false }) {
      const arn = createGroup(cloud, name, targetType)
      if (exposed) expose(cloud, arn, name)
      if (!fresh) cloud.elb.settle()
      return arn
    },
    targetStates() {
      const health = cloud.call('elbv2', 'DescribeTargetHealth', { TargetGroupArn: group })
      const targets = health.TargetHealthDescriptions as TargetHealthDescription[]
      return new Map(targets.map(one => [one.Target?.Id ?? '', one.TargetHealth?.State ?? '']))
    },
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
    createService: (members = {}) => call('CreateService', { ...inputFor(group), ...members }).service as Service,
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

const inputFor = (targetGroupArn: string) => ({
  cluster: 'demo',
  serviceName: 'app',
  taskDefinition: 'app',
  desiredCount: 2,
  launchType: 'FARGATE',
  loadBalancers: [{ targetGroupArn, containerName: 'app', containerPort: 8080 }],
  networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-a', 'subnet-b'] } },
})

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

/** A target group as a test needs it: health checks every 5 s, 10 s of draining. */
function createGroup(cloud: Cloud, Name: string, TargetType: string): string {
  const made = cloud.call('elbv2', 'CreateTargetGroup', {
    Name,
    Protocol: 'HTTP',
    Port: 8080,
    VpcId: 'vpc-1',
    TargetType,
    HealthCheckPath: '/health',
    HealthCheckIntervalSeconds: 5,
    HealthCheckTimeoutSeconds: 2,
    UnhealthyThresholdCount: 2,
  }).TargetGroups as TargetGroup[]
  const TargetGroupArn = made[0]?.TargetGroupArn ?? ''
  const Attributes = [{ Key: 'deregistration_delay.timeout_seconds', Value: '10' }]
  cloud.call('elbv2', 'ModifyTargetGroupAttributes', { TargetGroupArn, Attributes })
  return TargetGroupArn
}

/** Puts a target group behind a load balancer of its own. */
function expose(cloud: Cloud, targetGroupArn: string, name: string): void {
  const made = cloud.call('elbv2', 'CreateLoadBalancer', { Name: name, Subnets: ['subnet-a', 'subnet-b'] })
  const [balancer] = made.LoadBalancers as LoadBalancer[]
  cloud.call('elbv2', 'CreateListener', {
    LoadBalancerArn: balancer?.LoadBalancerArn,
    Protocol: 'HTTP',
    Port: 80,
    DefaultActions: [{ Type: 'forward', TargetGroupArn: targetGroupArn }],
  })
}
