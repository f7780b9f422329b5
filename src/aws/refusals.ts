import type { FailureCode } from '../model/outcome.ts'

export interface Explained {
  readonly code: FailureCode
  readonly todo: readonly string[]
}

export function explained(code: FailureCode, ...todo: readonly string[]): Explained {
  return { code, todo }
}

/** What the parts of an ARN are called in AWS's messages. */
const kinds: Readonly<Record<string, string>> = {
  targetgroup: 'target group',
  listener: 'listener',
  'listener-rule': 'rule',
  loadbalancer: 'load balancer',
}

/**
 * Elastic Load Balancing says of an ARN of another kind, and of one in another Region, the same: that it is not valid.
 * The ARN itself tells them apart.
 */
export function refusedArn(message: string): Explained | undefined {
  const match = /'(arn:[^']+)' is not a valid ([\w -]+?) ARN/i.exec(message)
  if (match?.[1] === undefined || match[2] === undefined) return undefined
  const [, arn, wanted] = match
  const [, , , region, account, ...rest] = arn.split(':')
  const kind = kinds[rest.join(':').split('/')[0] ?? '']
  const needed = /rule/i.test(wanted) ? 'rule' : wanted.toLowerCase()
  if (kind !== undefined && kind !== needed) {
    return explained('WRONG_ARN', `${arn} is the ARN of a ${kind}, where the ARN of a ${needed} is needed.`)
  }
  return explained(
    'WRONG_REGION',
    `The ARN is of Region ${region || 'none'} and account ${account || 'none'}. Set \`aws-region\` of aws-actions/configure-aws-credentials to the Region of the load balancer and its role to that account, or check the ARN.`,
  )
}

interface Row extends Explained {
  readonly says: RegExp
}

/** What AWS refuses to change, mostly ECS a service, and what that means (aws-facts 1.4 to 1.6). */
const changes: readonly Row[] = [
  row(
    /CODE_DEPLOY deployment controller/,
    'SERVICE_UNSUPPORTED',
    'AWS CodeDeploy owns this service. This action needs two plain rolling services (deployment controller ECS).',
  ),
  row(
    /EXTERNAL deployment controller|deployment controller/i,
    'SERVICE_UNSUPPORTED',
    'Another deployment controller owns this service. This action needs two plain rolling services (deployment controller ECS).',
  ),
  row(
    /TaskDefinition is inactive/i,
    'UPDATE_REFUSED',
    'Somebody deregistered this revision: register it again, or name an active one.',
  ),
  row(
    /Unable to describe task definition|TaskDefinition not found/i,
    'UPDATE_REFUSED',
    'There is no such revision in this account and Region: check the task definition.',
  ),
  row(
    /grace period is only valid/i,
    'UPDATE_REFUSED',
    'The service has a health-check grace period but no load balancer: attach its target group again.',
  ),
  row(
    /valid taskRoleArn is not being used/i,
    'UPDATE_REFUSED',
    'ECS Exec is on for this service, which needs a `taskRoleArn` in the task definition: add one, or turn ECS Exec off.',
  ),
  row(
    /does not have an associated load balancer/i,
    'UPDATE_REFUSED',
    'No listener or rule names this target group: add it to the forward action of one, with weight 0, then run again.',
  ),
  row(
    /incompatible with the awsvpc network mode/i,
    'UPDATE_REFUSED',
    'Tasks with a network interface of their own need a target group of type `ip`.',
  ),
  row(
    /container \S+ does not exist in the task definition/i,
    'CONTAINER_UNCLEAR',
    'The service sends its traffic to a container that the task definition does not have: give it the same name.',
  ),
  row(
    /did not have a container port/i,
    'CONTAINER_UNCLEAR',
    'The service sends its traffic to a port that the container does not have: add it to its `portMappings`.',
  ),
  row(
    /still Draining/i,
    'UPDATE_REFUSED',
    'A service of this name is being deleted: wait until it is INACTIVE, then run again.',
  ),
  row(
    /was not idempotent/i,
    'UPDATE_REFUSED',
    'There is a service of this name already, with other settings: delete it, or choose another name.',
  ),
  row(
    /assume the service linked role/i,
    'UPDATE_REFUSED',
    'This account has no service-linked role for ECS yet: aws iam create-service-linked-role --aws-service-name ecs.amazonaws.com',
  ),
  row(
    /Too many concurrent attempts to create a new revision/i,
    'THROTTLED',
    'Other jobs register revisions of the same family at the same time: run again, or let them wait for each other (`concurrency`).',
  ),
  // "You must enable group stickiness on a rule if you enabled target stickiness on one of its target groups" (aws-facts 2.4).
  row(
    /\bmust\b.*\bstickiness\b/i,
    'STICKINESS_CONFLICT',
    'Turn `stickiness.enabled` of the target group off, or turn on group stickiness in the forward action.',
  ),
  row(/cluster was inactive/i, 'CLUSTER_NOT_FOUND', 'The cluster was deleted: check `cluster`.'),
]

const names: Readonly<Record<string, Explained>> = {
  ServiceNotActive: explained('SERVICE_NOT_ACTIVE', 'Somebody deleted the service: create it again, or name another.'),
  ServiceNotFound: explained('SERVICE_NOT_FOUND', 'Check `service`, `cluster` and the Region.'),
  PlatformTaskDefinitionIncompatibility: explained(
    'UPDATE_REFUSED',
    'The task definition needs a newer platform version than the service asks for: set it to LATEST.',
  ),
}

export function refusedChange(name: string, message: string): Explained | undefined {
  const found = changes.find(candidate => candidate.says.test(message))
  return found === undefined ? names[name] : { code: found.code, todo: found.todo }
}

function row(says: RegExp, code: FailureCode, todo: string): Row {
  return { says, code, todo: [todo] }
}
