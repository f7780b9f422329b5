import {
  DescribeTasksCommand,
  type ECSClient,
  ListTasksCommand,
  RunTaskCommand,
  type RunTaskCommandInput,
  StopTaskCommand,
} from '@aws-sdk/client-ecs'
import { Refusal } from '../model/outcome.ts'
import type { Doing } from './doing.ts'
import type { OneOffTasks } from './ports.ts'
import { taskView } from './views.ts'

/** ECS keeps no more of a reason. */
const reasonLength = 255

type Call = <T>(doing: Doing, send: () => Promise<T>) => Promise<T>

/** Tasks outside of any service. Aborting the signal ends reads; a task that is being started or stopped is waited for. */
export function oneOffTasks(ecs: ECSClient, cluster: string, call: Call, signal: AbortSignal): OneOffTasks {
  async function describeTask(taskArn: string) {
    const doing = { what: `describe the task ${taskArn}`, action: 'ecs:DescribeTasks', resource: taskArn }
    const answer = await call(doing, () =>
      ecs.send(new DescribeTasksCommand({ cluster, tasks: [taskArn] }), { abortSignal: signal }),
    )
    const [task] = answer.tasks ?? []
    return task === undefined ? undefined : taskView(task)
  }

  return {
    async runTask({ service, taskDefinition, container, command, launch, clientToken, startedBy }) {
      const doing = {
        what: `run pre-deploy-command as a task of ${taskDefinition}`,
        action: 'ecs:RunTask',
        resource: taskDefinition,
      }
      const input = {
        cluster,
        taskDefinition,
        count: 1,
        clientToken,
        startedBy,
        overrides: { containerOverrides: [{ name: container, command: [...command] }] },
        // What ECS itself said of the service: its shape is ECS's word, not ours.
        ...launch,
      } as RunTaskCommandInput
      const answer = await call(doing, () => ecs.send(new RunTaskCommand(input)))
      const [task] = answer.tasks ?? []
      if (task !== undefined) return taskView(task)
      const [failure] = answer.failures ?? []
      const reason = [failure?.reason, failure?.detail].filter(part => part !== undefined).join(': ')
      throw new Refusal({
        code: 'PRE_DEPLOY_FAILED',
        headline: `ECS could not start a task for pre-deploy-command: ${reason || 'it gave no reason'}.`,
        details: [
          `It was to be a task of ${taskDefinition}, with the network and the capacity of ${service}.`,
          `${service} was not touched.`,
        ],
      })
    },

    async findTask(startedBy) {
      const doing = { what: `list the tasks started by ${startedBy}`, action: 'ecs:ListTasks', resource: '*' }
      // ECS takes no other filter beside this one, and lists those whose desired status is RUNNING.
      const page = await call(doing, () =>
        ecs.send(new ListTasksCommand({ cluster, startedBy }), { abortSignal: signal }),
      )
      const [first] = page.taskArns ?? []
      return first === undefined ? undefined : describeTask(first)
    },

    describeTask,

    async stopTask(taskArn, reason) {
      const doing = { what: `stop the task ${taskArn}`, action: 'ecs:StopTask', resource: taskArn }
      const command = new StopTaskCommand({ cluster, task: taskArn, reason: reason.slice(0, reasonLength) })
      await call(doing, () => ecs.send(command))
    },
  }
}
