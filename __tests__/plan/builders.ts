import type { Candidate, Progress, Staged } from '../../src/model/progress.ts'
import type { RouteView, RoutingAction, TargetGroupView, TargetView } from '../../src/model/routing.ts'
import type { DeploymentView, ServiceView, TaskView } from '../../src/model/service.ts'
import type { Snapshot } from '../../src/model/snapshot.ts'
import type { Decision } from '../../src/model/step.ts'
import { nextDeployStep } from '../../src/plan/deploy.ts'
import type { DeployGoal } from '../../src/plan/goal.ts'

/** Snapshots for tables: everything well by default; a test overrides what its row is about. */

export const now = 1_000_000
export const oldRevision = 'arn:aws:ecs:eu-central-1:123456789012:task-definition/app:1'
export const newRevision = 'arn:aws:ecs:eu-central-1:123456789012:task-definition/app:2'
export const groupArn = {
  blue: 'arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/app-blue/0123456789abcdef',
  green: 'arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/app-green/0123456789abcdef',
}
const balancerArn = 'arn:aws:elasticloadbalancing:eu-central-1:123456789012:loadbalancer/app/web/0123456789abcdef'

export function forwardTo(weights: { blue?: number; green?: number; stranger?: number }): RoutingAction {
  const groups = [
    ...(weights.blue === undefined ? [] : [{ TargetGroupArn: groupArn.blue, Weight: weights.blue }]),
    ...(weights.green === undefined ? [] : [{ TargetGroupArn: groupArn.green, Weight: weights.green }]),
    ...(weights.stranger === undefined ? [] : [{ TargetGroupArn: 'arn:stranger', Weight: weights.stranger }]),
  ]
  return { Type: 'forward', ForwardConfig: { TargetGroups: groups } }
}

export function routeWith(actions: readonly RoutingAction[], port = 80): RouteView {
  return {
    arn: `arn:aws:elasticloadbalancing:eu-central-1:123456789012:listener/app/web/0123456789abcdef/${port}`,
    kind: 'listener',
    label: `HTTP:${port}`,
    loadBalancerArn: balancerArn,
    actions,
  }
}

export function deploymentView(change: Partial<DeploymentView> = {}): DeploymentView {
  return {
    id: 'ecs-svc/2',
    status: 'PRIMARY',
    taskDefinition: newRevision,
    desired: 2,
    running: 2,
    pending: 0,
    failedTasks: 0,
    rollout: 'COMPLETED',
    rolloutReason: '',
    ...change,
  }
}

export function serviceView(change: Partial<ServiceView> = {}): ServiceView {
  return {
    name: 'app-green',
    arn: 'arn:aws:ecs:eu-central-1:123456789012:service/default/app-green',
    status: 'ACTIVE',
    taskDefinition: newRevision,
    desired: 2,
    running: 2,
    pending: 0,
    deployments: [deploymentView()],
    loadBalancers: [{ targetGroupArn: groupArn.green, containerName: 'app', containerPort: 8080 }],
    launch: {},
    gracePeriodMs: 0,
    events: [],
    ...change,
  }
}

export const liveService = serviceView({
  name: 'app-blue',
  taskDefinition: oldRevision,
  deployments: [deploymentView({ id: 'ecs-svc/1', taskDefinition: oldRevision })],
  loadBalancers: [{ targetGroupArn: groupArn.blue, containerName: 'app', containerPort: 8080 }],
})

export function taskView(number: number, change: Partial<TaskView> = {}): TaskView {
  return {
    arn: `arn:aws:ecs:eu-central-1:123456789012:task/default/${String(number).padStart(32, '0')}`,
    taskDefinition: newRevision,
    startedBy: 'ecs-svc/2',
    lastStatus: 'RUNNING',
    startedAt: now - 60_000,
    addresses: [`10.0.1.${number}`],
    containers: [{ name: 'app', image: 'app:2' }],
    ...change,
  }
}

export function targetView(number: number, change: Partial<TargetView> = {}): TargetView {
  return { id: `10.0.1.${number}`, port: 8080, state: 'healthy', ...change }
}

export function targetGroupView(color: 'blue' | 'green'): TargetGroupView {
  return {
    arn: groupArn[color],
    name: `app-${color}`,
    targetType: 'ip',
    vpcId: 'vpc-0123456789abcdef0',
    loadBalancerArns: [balancerArn],
    healthCheck: {
      protocol: 'HTTP',
      matcher: '200',
      path: '/health',
      intervalMs: 10_000,
      timeoutMs: 5_000,
      healthyThreshold: 2,
      unhealthyThreshold: 2,
    },
  }
}

export const candidate: Candidate = {
  at: now - 95_000,
  taskDefinition: newRevision,
  registered: true,
  container: 'app',
  image: 'app:2',
}
export const staged: Staged = { at: now - 90_000, deploymentId: 'ecs-svc/2', desired: 2 }

export function progressOf(change: Partial<Progress> = {}): Progress {
  return {
    startedAt: now - 100_000,
    from: 'blue',
    to: 'green',
    candidate,
    staged,
    told: {},
    unanswered: {},
    referenced: [],
    throttled: 0,
    held: {},
    ...change,
  }
}

/** Blue is live on the old revision; green runs the candidate, healthy, seen just now. */
export function snapshotOf(change: Partial<Snapshot> = {}): Snapshot {
  return {
    endedAt: now,
    services: { at: now, value: { blue: liveService, green: serviceView() } },
    targetGroups: { blue: targetGroupView('blue'), green: targetGroupView('green') },
    production: { at: now, value: [routeWith([forwardTo({ blue: 100, green: 0 })])] },
    test: { at: now, value: [routeWith([forwardTo({ blue: 0, green: 100 })], 8080)] },
    targets: { at: now, value: [targetView(1), targetView(2)] },
    tasks: { at: now, value: [taskView(1), taskView(2)] },
    ...change,
  }
}

/** What a deploy of app:2 does next. */
export function decide(
  change: { goal?: Partial<DeployGoal>; progress?: Partial<Progress>; seen?: Partial<Snapshot> } = {},
): Decision {
  const goal: DeployGoal = {
    image: 'app:2',
    container: 'app',
    version: '2',
    timeoutMs: 600_000,
    rollbackOnFailure: true,
    confirm: false,
    ...change.goal,
  }
  return nextDeployStep(goal, progressOf(change.progress), snapshotOf(change.seen), now)
}
