import {
  DeregisterTaskDefinitionCommand,
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  type ECSClient,
  type Failure as EcsFailure,
  ListTaskDefinitionsCommand,
  ListTasksCommand,
  RegisterTaskDefinitionCommand,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs'
import { colors } from '../model/color.ts'
import { Refusal } from '../model/outcome.ts'
import type { TaskView } from '../model/service.ts'
import type { TaskDefinition } from '../model/task-definition.ts'
import type { Doing } from './doing.ts'
import { errorName, explain, isNoTaskDefinition, isTransient } from './errors.ts'
import { oneOffTasks } from './one-off-task.ts'
import type { ContainerService } from './ports.ts'
import { serviceView, taskView } from './views.ts'
import { keepWhole, sendWhole } from './whole-body.ts'

/** DescribeTasks takes no more, and ListTasks gives no more in one page. */
const tasksPerCall = 100

/**
 * Amazon ECS through the SDK, for one cluster. Aborting the signal ends reads; a write that is on its way may have been applied,
 * so its answer is waited for.
 */
/** @param sure makes a client that repeats only what was certainly not applied */
export function containerService(
  ecs: ECSClient,
  cluster: string,
  signal: AbortSignal,
  sure: () => ECSClient = () => ecs,
): ContainerService {
  const options = { abortSignal: signal }

  async function call<T>(doing: Doing, send: () => Promise<T>): Promise<T> {
    try {
      return await send()
    } catch (error) {
      if (errorName(error) === 'ClusterNotFound') {
        throw new Refusal({
          code: 'CLUSTER_NOT_FOUND',
          headline: `The cluster ${cluster} does not exist in this account and Region.`,
          details: ['Check `cluster`, and `aws-region` of aws-actions/configure-aws-credentials.'],
        })
      }
      if (isNoTaskDefinition(error)) {
        throw new Refusal({
          code: 'TASK_DEFINITION_NOT_FOUND',
          headline: `Could not ${doing.what}: there is none in this account and Region.`,
          details: ['Check its family and revision; a deleted revision does not come back.'],
        })
      }
      throw explain(error, doing)
    }
  }

  return {
    ...oneOffTasks(ecs, cluster, call, signal),

    async describeServices(names) {
      const wanted = colors.map(color => names[color])
      const doing = {
        what: `describe the services ${wanted.join(' and ')} in cluster ${cluster}`,
        action: 'ecs:DescribeServices',
        resource: 'the two services',
      }
      const answer = await call(doing, () =>
        ecs.send(new DescribeServicesCommand({ cluster, services: wanted }), options),
      )
      const find = (name: string) => {
        const found = answer.services?.find(service => service.serviceName === name || service.serviceArn === name)
        if (found !== undefined) return serviceView(found)
        return undefined
      }
      const [blue, green] = wanted.map(find)
      if (blue !== undefined && green !== undefined) return { blue, green }
      throw servicesNotFound(
        wanted.filter(name => find(name) === undefined),
        cluster,
        answer.failures ?? [],
      )
    },

    async describeTaskDefinition(reference) {
      const doing = {
        what: `describe the task definition ${reference}`,
        action: 'ecs:DescribeTaskDefinition',
        resource: '*',
      }
      const command = new DescribeTaskDefinitionCommand({ taskDefinition: reference, include: ['TAGS'] })
      const whole = keepWhole(command)
      const answer = await call(doing, () => ecs.send(command, options))
      return { definition: whole().taskDefinition as TaskDefinition, tags: answer.tags ?? [] }
    },

    async registerTaskDefinition(input) {
      const doing = {
        what: `register a revision of the task definition ${String(input.family)}`,
        action: 'ecs:RegisterTaskDefinition',
        resource: String(input.family),
      }
      // The input is what ECS itself described, or the user wrote: its shape is ECS's word, not ours and not the SDK's.
      const command = new RegisterTaskDefinitionCommand({ family: String(input.family), containerDefinitions: [] })
      sendWhole(command, input)
      const answer = await call(doing, () => answered(() => sure().send(command)))
      if (answer === undefined) return undefined
      const arn = answer.taskDefinition?.taskDefinitionArn
      if (arn === undefined) throw explain(new Error('the answer has no taskDefinitionArn'), doing)
      return arn
    },

    async updateService({ service, taskDefinition, desired, force, settings = {} }) {
      const doing = {
        what: `update the service ${service} to ${taskDefinition} with ${desired} tasks`,
        action: 'ecs:UpdateService',
        resource: service,
      }
      const command = new UpdateServiceCommand({
        ...settings,
        cluster,
        service,
        taskDefinition,
        desiredCount: desired,
        ...(force ? { forceNewDeployment: true } : {}),
      })
      const answer = await call(doing, () => ecs.send(command))
      if (answer.service === undefined) throw explain(new Error('the answer has no service'), doing)
      return serviceView(answer.service)
    },

    async resizeService(service, desired) {
      const doing = {
        what: `give the service ${service} ${desired} tasks`,
        action: 'ecs:UpdateService',
        resource: service,
      }
      const command = new UpdateServiceCommand({ cluster, service, desiredCount: desired })
      const answer = await call(doing, () => ecs.send(command))
      if (answer.service === undefined) throw explain(new Error('the answer has no service'), doing)
      return serviceView(answer.service)
    },

    ...revisions(ecs, call, options),

    async describeTasks(service, state) {
      const doing = { what: `list the tasks of ${service}`, action: 'ecs:ListTasks', resource: '*' }
      const tasks: TaskView[] = []
      let nextToken: string | undefined
      do {
        const command = new ListTasksCommand({
          cluster,
          serviceName: service,
          desiredStatus: state,
          maxResults: tasksPerCall,
          ...(nextToken === undefined ? {} : { nextToken }),
        })
        const page = await call(doing, () => ecs.send(command, options))
        const arns = page.taskArns ?? []
        if (arns.length > 0) {
          const described = await call(
            { ...doing, what: `describe the tasks of ${service}`, action: 'ecs:DescribeTasks' },
            () => ecs.send(new DescribeTasksCommand({ cluster, tasks: arns }), options),
          )
          tasks.push(...(described.tasks ?? []).map(taskView))
        }
        nextToken = page.nextToken
      } while (nextToken !== undefined)
      return tasks
    },
  }
}

function revisions(
  ecs: ECSClient,
  call: <T>(doing: Doing, send: () => Promise<T>) => Promise<T>,
  options: { readonly abortSignal: AbortSignal },
): Pick<ContainerService, 'listRevisions' | 'deregisterTaskDefinition'> {
  return {
    async listRevisions(family, status = 'ACTIVE') {
      const doing = { what: `list the revisions of ${family}`, action: 'ecs:ListTaskDefinitions', resource: '*' }
      const arns: string[] = []
      let nextToken: string | undefined
      do {
        const command = new ListTaskDefinitionsCommand({
          familyPrefix: family,
          status,
          sort: 'DESC',
          ...(nextToken === undefined ? {} : { nextToken }),
        })
        const page = await call(doing, () => ecs.send(command, options))
        arns.push(...(page.taskDefinitionArns ?? []))
        nextToken = page.nextToken
      } while (nextToken !== undefined)
      return arns
    },

    async deregisterTaskDefinition(arn) {
      const doing = { what: `deregister ${arn}`, action: 'ecs:DeregisterTaskDefinition', resource: '*' }
      await call(doing, () => ecs.send(new DeregisterTaskDefinitionCommand({ taskDefinition: arn })))
    },
  }
}

/** All that are missing at once: whoever mends the first should not find the second in the next run. */
function servicesNotFound(missing: readonly string[], cluster: string, failures: readonly EcsFailure[]): Refusal {
  const said = missing.map(name => {
    const failure = failures.find(one => one.arn === name || one.arn?.endsWith(`/${name}`))
    return `ECS answered ${failure?.reason ?? 'without it'} for ${failure?.arn ?? name}.`
  })
  const which = missing.length === 1 ? `The service ${missing[0]} does` : `The services ${missing.join(' and ')} do`
  const check =
    'Check `service` (this action adds -blue and -green to it) or `blue-service` and `green-service`, `cluster`, and the Region.'
  return new Refusal({
    code: 'SERVICE_NOT_FOUND',
    headline: `${which} not exist in cluster ${cluster}.`,
    details: [...said, check],
    telling: check,
  })
}

/** Undefined when there was no answer, or none that counts: the call may have been applied. */
async function answered<T>(send: () => Promise<T>): Promise<T | undefined> {
  try {
    return await send()
  } catch (error) {
    if (isTransient(error)) return undefined
    throw error
  }
}
