import type { Check } from '../model/check.ts'
import type { ServiceLoadBalancer } from '../model/service.ts'
import type { TaskDefinition } from '../model/task-definition.ts'
import { ng, ok } from './checks.ts'

/** RegisterTaskDefinition takes no more. */
const definitionBytes = 64 * 1_024

/**
 * Whether ECS would start this revision in the service.
 *
 * @param registration what RegisterTaskDefinition gets
 * @param account the service's
 */
export function checkDefinition(
  registration: Readonly<Record<string, unknown>>,
  balancer: ServiceLoadBalancer | undefined,
  account: string,
): readonly Check[] {
  const section = 'Task definition'
  const definition = registration as TaskDefinition
  const name = balancer?.containerName ?? ''
  const port = balancer?.containerPort ?? 0
  const container = definition.containerDefinitions?.find(one => one.name === name)
  const bytes = new TextEncoder().encode(JSON.stringify(registration)).length
  return [
    container === undefined
      ? ng(
          section,
          'CONTAINER_UNCLEAR',
          `The task definition has no container ${name}, which is the one behind the target group.`,
          `It has ${(definition.containerDefinitions ?? []).map(one => one.name ?? '').join(', ')}.`,
        )
      : hasPort(container.portMappings, port)
        ? ok(section, `Container ${name} has the port ${port}, which is behind the target group`)
        : ng(
            section,
            'CONTAINER_UNCLEAR',
            `Container ${name} has no port ${port}, which is the one behind the target group.`,
            'Add it to its `portMappings`, or change the load balancer settings of the service.',
          ),
    ...(definition.networkMode === 'awsvpc'
      ? []
      : [
          ng(
            section,
            'SERVICE_UNSUPPORTED',
            `The task definition has the network mode ${String(definition.networkMode ?? 'bridge')}; targets of type ip need awsvpc.`,
            'Set `networkMode` to awsvpc.',
          ),
        ]),
    ...(bytes > definitionBytes
      ? [
          ng(
            section,
            'QUOTA_EXCEEDED',
            `The task definition has ${bytes} bytes, and ECS takes no more than ${definitionBytes}.`,
            'Move large values into Parameter Store, Secrets Manager or `environmentFiles`.',
          ),
        ]
      : []),
    ...roleChecks(definition, account),
  ]
}

function hasPort(mappings: unknown, port: number): boolean {
  return (
    Array.isArray(mappings) &&
    mappings.some((mapping: { readonly containerPort?: unknown; readonly containerPortRange?: unknown }) => {
      const [low, high] = String(mapping.containerPortRange ?? '')
        .split('-')
        .map(Number)
      return mapping.containerPort === port || (low !== undefined && high !== undefined && low <= port && port <= high)
    })
  )
}

/** A role can only be passed within its account. Whether this principal may, AWS tells when a revision is registered, or put on a service. */
function roleChecks(definition: TaskDefinition, account: string): readonly Check[] {
  const section = 'Roles and credentials'
  return rolesOf(definition).map(arn => {
    const [, , , , of] = arn.split(':')
    return of === account || of === undefined
      ? {
          section,
          mark: 'SKIP',
          says: `Only AWS knows whether iam:PassRole is allowed on ${arn}; it tells when a revision is registered, or put on a service`,
        }
      : ng(
          section,
          'ACCESS_DENIED',
          `The role ${arn} belongs to account ${of}, but the services to ${account}: a role cannot be passed across accounts.`,
          'Name a role of this account in the task definition.',
        )
  })
}

/** ARNs (or names) of the roles that a task definition passes. */
export function rolesOf(definition: TaskDefinition): readonly string[] {
  const roles = [definition.executionRoleArn, definition.taskRoleArn]
  return [...new Set(roles.filter((role): role is string => typeof role === 'string' && role !== ''))]
}
