import type { ContainerService, LoadBalancing } from '../aws/ports.ts'
import { type Color, colors } from '../model/color.ts'
import { counted } from '../model/count.ts'
import { roughDuration } from '../model/duration.ts'
import type { PlannedStep } from '../model/plan.ts'
import type { RouteView } from '../model/routing.ts'
import type { DeploymentView, ServiceView, TaskView } from '../model/service.ts'
import type { Snapshot } from '../model/snapshot.ts'
import type { TaskDefinition } from '../model/task-definition.ts'
import type { DeployGoal } from '../plan/goal.ts'
import { describeWeights, readWeights } from '../plan/weights.ts'
import type { Clock } from './clock.ts'
import { jumpingClock } from './jumping-clock.ts'
import { imaginedScaling } from './rehearsed-scaling.ts'
import { nameOf } from './revisions.ts'
import { noLock, type RunLock } from './run-lock.ts'
import type { World } from './world.ts'

export interface Rehearsal {
  /** Reads pass through to AWS, writes only change what is imagined here, and everything goes well at once. */
  readonly world: World
  steps(): readonly PlannedStep[]
  /** What would be registered; undefined when an existing revision would be used. */
  registration(): Readonly<Record<string, unknown>> | undefined
}

/** Shorter waits are those of the load balancer, not of the plan. */
const worthTellingMs = 30_000

/**
 * A world in which a run can be tried without consequences: the very same loop, decisions and acts, so that what is
 * printed as the plan is what would happen. By construction no write reaches AWS: none of its methods passes one on.
 */
export function rehearse(world: World, seen: Snapshot, goal: DeployGoal): Rehearsal {
  const steps: PlannedStep[] = []
  const clock = jumpingClock(world.clock.now())
  let said = clock.now()
  const say = (step: PlannedStep) => {
    if (clock.now() - said >= worthTellingMs) steps.push({ says: `Watch for ${roughDuration(clock.now() - said)}` })
    said = clock.now()
    steps.push(step)
  }
  const services = { ...seen.services.value }
  const colorOf = (service: string) => colors.find(color => services[color].name === service)
  const imagined = imaginedDefinitions(world, seen, say)
  const elb = imaginedBalancing(world, seen, services, say)
  const scaling = imaginedScaling(world.scaling, say)
  const ecs: ContainerService = {
    ...imagined.ports,
    describeServices: async () => ({ ...services }),
    async updateService({ service, taskDefinition, desired }) {
      const color = colorOf(service)
      if (color === undefined) throw new Error(`${service} is neither color`)
      const before = services[color]
      say({
        says: `Update ${service} to ${nameOf(taskDefinition)} with ${counted(desired, 'task')}`,
        before: `${nameOf(before.taskDefinition)}, ${counted(before.desired, 'task')}`,
        after: `${nameOf(taskDefinition)}, ${counted(desired, 'task')}`,
      })
      services[color] = updated(before, taskDefinition, desired, steps.length)
      return services[color]
    },
    async resizeService(service, desired) {
      const color = colorOf(service)
      if (color === undefined) throw new Error(`${service} is neither color`)
      const before = services[color]
      say({ says: `Park ${service}`, before: counted(before.desired, 'task'), after: counted(desired, 'task') })
      services[color] = updated(before, before.taskDefinition, desired, steps.length)
      return services[color]
    },
    async deregisterTaskDefinition(arn) {
      say({ says: `Deregister ${nameOf(arn)}` })
    },
    async describeTasks(service, state) {
      const color = colorOf(service)
      return color === undefined || state === 'STOPPED' ? [] : tasksOf(services[color])
    },
    ...oneOffs(goal, say),
  }
  const probe = {
    start: () => {
      say({ says: 'Ask production-url, from before the switch until only the new version answers' })
    },
    look: () => answersOf(goal.version, clock.now()),
    stop: async () => answersOf(goal.version, clock.now()),
  }
  const asked = new Set<string>()
  const { logs: _, page: __, ...rest } = world
  return {
    world: {
      ...rest,
      ecs,
      elb,
      scaling,
      elbAtEnd: () => elb,
      atEnd: () => ({ ecs, elb, scaling, signal: world.signal }),
      lock: imaginedLock(world.lock, clock, say),
      clock,
      // What would be logged is told by the steps.
      log: { ...world.log, info: () => {}, phase: () => {}, endPhase: () => {} },
      askUrl: async url => {
        if (!asked.has(url))
          say({ says: `Ask ${url} until ${goal.version} has answered as expected three times in a row` })
        asked.add(url)
        const { expectedStatus, expectedBody } = goal.tests?.url ?? {}
        return {
          kind: 'answered',
          at: clock.now(),
          status: expectedStatus?.[0]?.from ?? 200,
          version: goal.version,
          body: expectedBody ?? '',
        }
      },
      runCommand: async () => {
        say({ says: 'Run test-command on this runner' })
        return { kind: 'exited', exitCode: 0 }
      },
      ...(world.probe === undefined ? {} : { probe }),
      ...wellAlarms(world),
    },
    steps: () => steps,
    registration: imagined.registration,
  }
}

/** Taken once, and never in anybody's way. */
function imaginedLock(lock: RunLock, clock: Clock, say: (step: PlannedStep) => void): RunLock {
  let taken = false
  return {
    ...noLock(clock),
    async before(_, seen) {
      if (!taken && lock.enabled) say({ says: `Take the lock ${lock.nameOf(seen)} until the end` })
      taken = true
      return 'held'
    },
  }
}

/** Whatever is asked all the time is asked once: a plan must not draw on AWS's patience as a deploy does. */
function wellAlarms({ describeAlarms }: World): Pick<World, 'describeAlarms'> {
  if (describeAlarms === undefined) return {}
  let known: ReturnType<typeof describeAlarms> | undefined
  return {
    async describeAlarms() {
      known ??= describeAlarms()
      return (await known).map(alarm => ({ ...alarm, state: 'OK' }))
    },
  }
}

/** A revision that nobody has registered can be described all the same. */
function imaginedDefinitions(world: World, seen: Snapshot, say: (step: PlannedStep) => void) {
  let registration: Readonly<Record<string, unknown>> | undefined
  let arn = ''
  const ports: ContainerService = {
    ...world.ecs,
    async describeTaskDefinition(reference) {
      if (registration === undefined || reference !== arn) return world.ecs.describeTaskDefinition(reference)
      return { definition: { ...(registration as TaskDefinition), taskDefinitionArn: arn, status: 'ACTIVE' }, tags: [] }
    },
    async registerTaskDefinition(input) {
      const [, partition = '', , region = '', account = ''] = seen.services.value.blue.arn.split(':')
      registration = input
      arn = `arn:${partition}:ecs:${region}:${account}:task-definition/${String(input.family)}:new`
      say({ says: `Register a new revision of ${String(input.family)}` })
      return arn
    },
  }
  return { ports, registration: () => registration }
}

/** Listeners whose weights change only here; how well targets are is read from AWS as long as their service is as it was seen. */
export function imaginedBalancing(
  world: World,
  seen: Snapshot,
  services: Readonly<Record<Color, ServiceView>>,
  say: (step: PlannedStep) => void,
): LoadBalancing {
  const routes = new Map([...seen.production.value, ...seen.test.value].map(route => [route.arn, route]))
  const weights = (route: RouteView) => describeWeights(readWeights(route, seen.targetGroups).weights)
  return {
    ...world.elb,
    async describeRoutes(arns) {
      return arns.flatMap(arn => routes.get(arn) ?? [])
    },
    async describeTargets(targetGroupArn) {
      const color = colors.find(one => seen.targetGroups[one].arn === targetGroupArn)
      if (color === undefined) return []
      if (services[color] === seen.services.value[color]) return world.elb.describeTargets(targetGroupArn)
      const port = services[color].loadBalancers[0]?.containerPort ?? 0
      return tasksOf(services[color]).flatMap(task => task.addresses.map(id => ({ id, port, state: 'healthy' })))
    },
    async writeRoute(route, actions) {
      const changed = { ...route, actions }
      const testers = seen.test.value.some(one => one.arn === route.arn)
      say({
        says: `Change the weights of ${route.label} (${testers ? 'test' : 'production'})`,
        before: weights(route),
        after: weights(changed),
      })
      routes.set(route.arn, changed)
      return 'applied'
    },
    async writeTags(arn, tags) {
      const color = colors.find(one => seen.targetGroups[one].arn === arn)
      const name = color === undefined ? arn : seen.targetGroups[color].name
      say({
        says: `Note on ${name}: ${Object.entries(tags)
          .filter(([, value]) => value !== '')
          .map(([key, value]) => `${key}=${value}`)
          .join(', ')}`,
      })
    },
  }
}

function oneOffs(
  goal: DeployGoal,
  say: (step: PlannedStep) => void,
): Pick<ContainerService, 'runTask' | 'findTask' | 'describeTask' | 'stopTask'> {
  const ended = (taskDefinition: string): TaskView => ({
    arn: 'task/planned',
    taskDefinition,
    startedBy: 'ecs-bluegreen',
    lastStatus: 'STOPPED',
    addresses: [],
    containers: [{ name: goal.container, image: goal.image, exitCode: 0 }],
  })
  return {
    async runTask({ taskDefinition, service }) {
      say({ says: `Run pre-deploy-command in a task of ${nameOf(taskDefinition)}, placed as those of ${service}` })
      return ended(taskDefinition)
    },
    findTask: async () => undefined,
    describeTask: async () => undefined,
    stopTask: async () => {},
  }
}

/** A service whose deployment has gone well. */
function updated(before: ServiceView, taskDefinition: string, desired: number, number: number): ServiceView {
  const deployment: DeploymentView = {
    id: `ecs-svc/planned-${number}`,
    status: 'PRIMARY',
    taskDefinition,
    desired,
    running: desired,
    pending: 0,
    failedTasks: 0,
    rollout: 'COMPLETED',
    rolloutReason: '',
  }
  return { ...before, taskDefinition, desired, running: desired, pending: 0, deployments: [deployment] }
}

function tasksOf(service: ServiceView): readonly TaskView[] {
  const primary = service.deployments.find(deployment => deployment.status === 'PRIMARY')
  return Array.from({ length: primary?.running ?? 0 }, (_, index) => ({
    arn: `task/planned-${index}`,
    taskDefinition: service.taskDefinition,
    startedBy: primary?.id ?? '',
    lastStatus: 'RUNNING',
    addresses: [`planned-${service.name}-${index}`],
    containers: [],
  }))
}

function answersOf(version: string, now: number) {
  return { requests: 1_000, failed: 0, versions: [{ version, count: 1_000, firstAt: now, lastAt: now }] }
}
