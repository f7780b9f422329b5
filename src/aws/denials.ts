import type { Doing } from './doing.ts'
import { type Explained, explained } from './refusals.ts'

/**
 * IAM's refusal: which action on which resource, and the statement that allows it, as JSON of several lines. AWS's own words are believed over ours:
 * an UpdateService may be refused because of `iam:PassRole`.
 */
export function denied(message: string, doing: Doing): Explained {
  const action = /not authorized to perform: ([a-z0-9-]+:\w+)/i.exec(message)?.[1] ?? doing.action
  const said = /on resource: (\S+?)[,.]?(?:\s|$)/.exec(message)?.[1]
  const resource = resourceFor(action, wider(said, doing.resource))
  const who = /User: (\S+)/.exec(message)?.[1]
  const above = /explicit deny|service control policy|permissions boundary|resource control policy/i.exec(message)?.[0]
  if (above !== undefined) {
    return explained(
      'ACCESS_DENIED',
      `${action} on ${resource} is refused from above (${above}): no statement in the role of this job can allow it. Ask who owns that policy.`,
    )
  }
  return explained(
    'ACCESS_DENIED',
    `Allow ${who ?? 'the role of this job'} to call ${action} on ${resource}: add this statement to a policy of its role.`,
    JSON.stringify(statement(action, resource), undefined, 2),
  )
}

/** AWS names the one thing that was asked for; the next run asks for another of its kind, which our pattern allows, too. */
function wider(said: string | undefined, ours: string): string {
  if (said === undefined) return ours
  // A task lives for one deploy, its cluster for all.
  const [, tasks] = /^(arn:[^:]*:ecs:[^:]*:[^:]*:task\/.+\/)[0-9a-f]+$/.exec(said) ?? []
  if (tasks !== undefined) return `${tasks}*`
  const [start = '', end, ...more] = ours.split('*')
  const covers = end !== undefined && more.length === 0 && said.startsWith(start) && said.endsWith(end)
  return covers && start !== '' ? ours : said
}

function statement(action: string, resource: string): Readonly<Record<string, unknown>> {
  const passing = { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } }
  return {
    Effect: 'Allow',
    Action: action,
    Resource: resource,
    ...(action === 'iam:PassRole' ? { Condition: passing } : {}),
  }
}

/** Some actions know no resources, and a name is none: then only `*` works (aws-facts 1.11). */
function resourceFor(action: string, resource: string): string {
  const general =
    /^elasticloadbalancing:Describe|^ecs:(RegisterTaskDefinition|DeregisterTaskDefinition|ListTaskDefinitions|DescribeTaskDefinition|ListTasks)$/
  return resource.startsWith('arn:') && !general.test(action) ? resource : '*'
}
