import type { ContainerService } from '../aws/ports.ts'
import { type Color, colors } from '../model/color.ts'
import { counted } from '../model/count.ts'
import type { PlannedStep } from '../model/plan.ts'
import type { DeploymentView, ServiceView, TaskView } from '../model/service.ts'
import type { Snapshot } from '../model/snapshot.ts'
import type { TaskDefinition } from '../model/task-definition.ts'
import type { DeployGoal } from '../plan/goal.ts'
import { nameOf } from './revisions.ts'
import type { World } from './world.ts'

/**
 * Services whose rollouts go well at once, and their tasks.
 *
 * @param services is changed by what is asked
 * @param ports what else ECS is asked
 */
export function imaginedServices(
  services: Record<Color, ServiceView>,
  ports: ContainerService,
  goal: DeployGoal,
  say: (step: PlannedStep) => void,
): ContainerService {
  let deployments = 0
  const colorOf = (service: string) => colors.find(color => services[color].name === service)
  return {
    ...ports,
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
      services[color] = updated(before, taskDefinition, desired, ++deployments)
      return services[color]
    },
    async resizeService(service, desired) {
      const color = colorOf(service)
      if (color === undefined) throw new Error(`${service} is neither color`)
      const before = services[color]
      say({ says: `Park ${service}`, before: counted(before.desired, 'task'), after: counted(desired, 'task') })
      services[color] = updated(before, before.taskDefinition, desired, ++deployments)
      return services[color]
    },
    async deregisterTaskDefinition(arn) {
      say({ says: `Deregister ${nameOf(arn)}` })
    },
    async describeTasks(service, state) {
      const color = colorOf(service)
      return color === undefined || state === 'STOPPED' ? [] : imaginedTasksOf(services[color])
    },
    ...oneOffs(goal, say),
  }
}

/** A revision that nobody has registered can be described all the same. */
export function imaginedDefinitions(world: World, seen: Snapshot, say: (step: PlannedStep) => void) {
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

export function imaginedTasksOf(service: ServiceView): readonly TaskView[] {
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
