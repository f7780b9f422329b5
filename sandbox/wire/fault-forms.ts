import { AwsFault, type AwsService } from '../cloud/ports.ts'
import { demandsOf } from '../iam/demands.ts'
import type { Demand } from '../iam/policy.ts'
import { type ServiceShape, services } from './catalog.ts'
import type { FaultRule } from './fault-rules.ts'

/** One error in the words of both families of protocols. */
export interface WireError {
  /** Name in JSON and CBOR bodies, such as `ServiceNotFoundException`. */
  readonly name: string
  /** Code in XML bodies and in `x-amzn-query-error`, such as `PriorityInUse`. */
  readonly queryCode: string
  readonly status: number
  readonly message: string
}

/** Errors that no service model lists, but every service answers: AWS's front door makes them. */
const unmodelled = {
  denied: {
    ecs: 'AccessDeniedException',
    elbv2: 'AccessDenied',
    cloudwatch: 'AccessDenied',
    logs: 'AccessDeniedException',
    'application-autoscaling': 'AccessDeniedException',
  },
  throttled: {
    ecs: 'ThrottlingException',
    elbv2: 'Throttling',
    cloudwatch: 'Throttling',
    logs: 'ThrottlingException',
    'application-autoscaling': 'ThrottlingException',
  },
  broken: {
    ecs: 'ServerException',
    elbv2: 'InternalFailure',
    cloudwatch: 'InternalServiceFault',
    logs: 'ServiceUnavailableException',
    'application-autoscaling': 'InternalServiceException',
  },
  // ECS checks its parameters itself and has an error of its own for it; the others leave it to the framework.
  invalid: {
    ecs: 'InvalidParameterException',
    elbv2: 'ValidationError',
    cloudwatch: 'ValidationException',
    logs: 'InvalidParameterException',
    'application-autoscaling': 'ValidationException',
  },
  malformed: {
    ecs: 'SerializationException',
    elbv2: 'MalformedInput',
    cloudwatch: 'SerializationException',
    logs: 'SerializationException',
    'application-autoscaling': 'SerializationException',
  },
} as const satisfies Record<string, Record<AwsService, string>>

/** The error as each protocol writes it. The service model's own HTTP status wins over the thrower's. */
export function wireError(service: AwsService, fault: AwsFault): WireError {
  const modelled = services[service].errors.get(fault.code)
  if (modelled !== undefined) {
    const { name, queryCode, status } = modelled
    return { name, queryCode, status, message: fault.message }
  }
  return {
    name: fault.code,
    queryCode: fault.code.replace(/Exception$/, ''),
    status: fault.status,
    message: fault.message,
  }
}

function throttled(service: AwsService): AwsFault {
  return new AwsFault(unmodelled.throttled[service], 'Rate exceeded')
}

/** What AWS says when it is its own fault. */
export function broken(
  service: AwsService,
  message = 'The request processing has failed because of an unknown error.',
) {
  return new AwsFault(unmodelled.broken[service], message, 500)
}

export function malformed(service: AwsService, message: string): AwsFault {
  return new AwsFault(unmodelled.malformed[service], message)
}

export function unknownOperation(shape: ServiceShape, operation: string): AwsFault {
  if (shape.service !== 'elbv2' && shape.service !== 'cloudwatch')
    return new AwsFault('UnknownOperationException', `Unknown operation ${operation}.`)
  return new AwsFault('InvalidAction', `Could not find operation ${operation} for version ${shape.version}`)
}

/**
 * @param paths members that are not there, such as `actions.1.member.type`
 */
export function missingMembers(service: AwsService, paths: readonly string[]): AwsFault {
  const each = paths.map(path => `Value null at '${path}' failed to satisfy constraint: Member must not be null`)
  const count = `${paths.length} validation error${paths.length === 1 ? '' : 's'} detected`
  return new AwsFault(unmodelled.invalid[service], `${count}: ${each.join('; ')}`)
}

export interface Caller {
  /** ARN of who calls, as IAM's messages name it. */
  readonly principal: string
  readonly region: string
}

/** The error that a rule makes of a call; undefined for rules that let it through. */
export function errorOfRule(
  rule: FaultRule,
  service: AwsService,
  operation: string,
  input: Readonly<Record<string, unknown>>,
  caller: Caller,
): WireError | undefined {
  const fault = (usual: AwsFault): WireError => {
    const error = wireError(service, usual)
    return { ...error, message: rule.message ?? error.message, status: rule.status ?? error.status }
  }
  switch (rule.kind) {
    case 'throttle':
      return fault(throttled(service))
    case 'denied':
      return fault(denied(service, operation, input, caller))
    case 'error':
      return fault(rule.code === undefined ? broken(service) : new AwsFault(rule.code, 'Injected by a rule.'))
    case 'delay':
    case 'lost-answer':
    case 'lost-request':
    case 'hang':
      return undefined
    default:
      return rule.kind satisfies never
  }
}

/** IAM's refusal, in the words and under the code of the service. */
function denied(
  service: AwsService,
  operation: string,
  input: Readonly<Record<string, unknown>>,
  caller: Caller,
): AwsFault {
  const [, partition = 'aws', , , account = ''] = caller.principal.split(':')
  const [first] = demandsOf(service, operation, input, {
    partition,
    account,
    region: caller.region,
    tagsOf: () => ({}),
    rolesOf: () => [],
  })
  return notAuthorized(
    service,
    first ?? { action: `${services[service].iamPrefix}:${operation}`, resource: '*' },
    caller,
  )
}

/** A refusal of the one thing that is not allowed. */
export function notAuthorized(
  service: AwsService,
  { action, resource }: Pick<Demand, 'action' | 'resource'>,
  caller: Caller,
): AwsFault {
  const unknown = resource === '*' && (service === 'elbv2' || service === 'application-autoscaling')
  const on = unknown ? '' : ` on resource: ${resource}`
  return new AwsFault(
    unmodelled.denied[service],
    `User: ${caller.principal} is not authorized to perform: ${action}${on} because no identity-based policy allows the ${action} action`,
    service === 'elbv2' || service === 'cloudwatch' ? 403 : 400,
  )
}
