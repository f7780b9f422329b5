import { describe, expect, test } from '@jest/globals'
import { errorName, explain, isNotFound } from '../../src/aws/errors.ts'
import { type FailureCode, Refusal } from '../../src/model/outcome.ts'

const serviceArn = 'arn:aws:ecs:eu-central-1:123456789012:service/web/app-green'
const listenerArn =
  'arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener/app/web/0123456789abcdef/0123456789abcdef'
const groupArn = 'arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/app/0123456789abcdef'
const roleArn = 'arn:aws:iam::123456789012:role/app-execution'
const user = 'arn:aws:sts::123456789012:assumed-role/deploy/GitHubActions'
const doing = { what: 'update the service app-green', action: 'ecs:UpdateService', resource: 'app-green' }

function errorOf(name: string, message: string): Error {
  return Object.assign(new Error(message), { name })
}

const deniedTo = (action: string, on: string) =>
  `User: ${user} is not authorized to perform: ${action}${on} because no identity-based policy allows the ${action} action`

/** As it is shown: one that is to be copied has line breaks. */
const statement = (Action: string, Resource: string, Condition?: object) =>
  JSON.stringify({ Effect: 'Allow', Action, Resource, Condition }, undefined, 2)

describe('an AWS error is told with what to do', () => {
  test.each<[string, string, string, FailureCode, ...(string | RegExp)[]]>([
    [
      'denied on a resource',
      'AccessDeniedException',
      deniedTo('ecs:UpdateService', ` on resource: ${serviceArn}`),
      'ACCESS_DENIED',
      `Allow ${user} to call ecs:UpdateService on ${serviceArn}`,
      statement('ecs:UpdateService', serviceArn),
    ],
    [
      'denied by load balancing, which names no resource',
      'AccessDenied',
      deniedTo('elasticloadbalancing:DescribeTargetHealth', ''),
      'ACCESS_DENIED',
      statement('elasticloadbalancing:DescribeTargetHealth', '*'),
    ],
    [
      'may not pass a role',
      'AccessDeniedException',
      deniedTo('iam:PassRole', ` on resource: ${roleArn}`),
      'ACCESS_DENIED',
      statement('iam:PassRole', roleArn, { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } }),
    ],
    [
      'may not pass a role, said as a client exception',
      'ClientException',
      deniedTo('iam:PassRole', ` on resource: ${roleArn}`),
      'ACCESS_DENIED',
      'iam:PassRole',
    ],
    [
      'weights beside target stickiness',
      'InvalidConfigurationRequestException',
      'You must enable group stickiness on a rule if you enabled target stickiness on one of its target groups',
      'STICKINESS_CONFLICT',
      'Turn `stickiness.enabled` of the target group off',
    ],
    ['denied without a word', 'AccessDeniedException', '', 'ACCESS_DENIED', statement('ecs:UpdateService', '*')],
    [
      'denied by a policy above',
      'AccessDeniedException',
      `User: ${user} is not authorized to perform: ecs:UpdateService on resource: ${serviceArn} with an explicit deny in a service control policy`,
      'ACCESS_DENIED',
      /refused from above \(explicit deny\)/,
    ],
    ['expired (ECS)', 'ExpiredTokenException', 'expired', 'CREDENTIALS', 'role-duration-seconds'],
    ['expired (load balancing)', 'ExpiredToken', 'expired', 'CREDENTIALS', 'role-duration-seconds'],
    ['no credentials', 'CredentialsProviderError', 'none', 'CREDENTIALS', 'id-token: write'],
    ['wrong credentials (ECS)', 'UnrecognizedClientException', 'invalid', 'CREDENTIALS', 'configure-aws-credentials'],
    ['wrong credentials', 'InvalidClientTokenId', 'invalid', 'CREDENTIALS', 'configure-aws-credentials'],
    ['wrong signature', 'SignatureDoesNotMatch', 'invalid', 'CREDENTIALS', 'configure-aws-credentials'],
    [
      'throttled (ECS)',
      'ThrottlingException',
      'Rate exceeded',
      'THROTTLED',
      'throttled ecs:UpdateService at every attempt',
    ],
    ['throttled (load balancing)', 'Throttling', 'Rate exceeded', 'THROTTLED', 'at every attempt'],
    [
      'a listener of another Region',
      'ValidationError',
      `'${listenerArn}' is not a valid listener ARN`,
      'WRONG_REGION',
      'Region eu-west-1',
      'aws-region',
    ],
    [
      'a target group where a listener is needed',
      'ValidationError',
      `'${groupArn}' is not a valid listener ARN`,
      'WRONG_ARN',
      'ARN of a target group, where the ARN of a listener is needed',
    ],
    [
      'a listener where a rule is needed',
      'ValidationError',
      `'${listenerArn}' is not a valid listener rule ARN`,
      'WRONG_ARN',
      'ARN of a listener, where the ARN of a rule is needed',
    ],
    [
      'CodeDeploy',
      'InvalidParameterException',
      'Unable to update task definition on services with a CODE_DEPLOY deployment controller. Use AWS CodeDeploy to trigger a new deployment.',
      'SERVICE_UNSUPPORTED',
      'AWS CodeDeploy owns this service',
    ],
    ['a deregistered revision', 'ClientException', 'TaskDefinition is inactive', 'UPDATE_REFUSED', 'deregistered'],
    [
      'a grace period without a load balancer',
      'InvalidParameterException',
      'Health check grace period is only valid for services configured to use load balancers',
      'UPDATE_REFUSED',
      'attach its target group',
    ],
    [
      'ECS Exec without a task role',
      'InvalidParameterException',
      "The service couldn't be updated because a valid taskRoleArn is not being used. Specify a valid task role in your task definition and try again.",
      'UPDATE_REFUSED',
      'ECS Exec',
    ],
    [
      'a target group without a listener',
      'InvalidParameterException',
      `The target group with targetGroupArn ${groupArn} does not have an associated load balancer.`,
      'UPDATE_REFUSED',
      'with weight 0',
    ],
    [
      'a target group of the wrong type',
      'InvalidParameterException',
      `The provided target group ${groupArn} has target type instance, which is incompatible with the awsvpc network mode specified in the task definition.`,
      'UPDATE_REFUSED',
      'type `ip`',
    ],
    [
      'a container that is missing',
      'InvalidParameterException',
      'The container web does not exist in the task definition.',
      'CONTAINER_UNCLEAR',
      'same name',
    ],
    [
      'a port that is missing',
      'InvalidParameterException',
      'The container web did not have a container port 80 defined.',
      'CONTAINER_UNCLEAR',
      'portMappings',
    ],
    [
      'a draining service',
      'InvalidParameterException',
      'Unable to Start a service that is still Draining.',
      'UPDATE_REFUSED',
      'INACTIVE',
    ],
    [
      'an account new to ECS',
      'InvalidParameterException',
      'Unable to assume the service linked role. Please verify that the ECS service linked role exists.',
      'UPDATE_REFUSED',
      'create-service-linked-role',
    ],
    ['a deleted service', 'ServiceNotActiveException', 'Service was not ACTIVE.', 'SERVICE_NOT_ACTIVE', 'deleted'],
    [
      'a deleted cluster',
      'InvalidParameterException',
      'The referenced cluster was inactive.',
      'CLUSTER_NOT_FOUND',
      'cluster',
    ],
    [
      'others who register at the same time',
      'ClientException',
      'Too many concurrent attempts to create a new revision of the specified family.',
      'THROTTLED',
      'concurrency',
    ],
    ['anything else', 'ServerException', 'Service\nUnavailable. Please try again later.', 'AWS_ERROR'],
  ])('%s', (_, name, message, code, ...todo) => {
    const { failure } = explain(errorOf(name, message), doing)
    expect(failure.code).toBe(code)
    expect(failure.headline).toContain('Could not update the service app-green: ')
    expect(failure.headline).toContain(`${name}: ${message.replace(/\s+/g, ' ')}`.trim())
    expect(failure.headline).not.toContain('\n')
    for (const part of todo) expect(failure.details.join('\n')).toMatch(part instanceof RegExp ? part : literally(part))
  })

  test('the statement to add is JSON', () => {
    const { failure } = explain(
      errorOf('AccessDenied', deniedTo('ecs:UpdateService', ` on resource: ${serviceArn}`)),
      doing,
    )
    expect(JSON.parse(failure.details.at(-1) ?? '')).toEqual({
      Effect: 'Allow',
      Action: 'ecs:UpdateService',
      Resource: serviceArn,
    })
  })

  test('what is explained already stays as it is, and the cause is kept', () => {
    const refusal = new Refusal({ code: 'AWS_ERROR', headline: 'x', details: [] })
    expect(explain(refusal, doing)).toBe(refusal)
    const error = errorOf('ServerException', 'x')
    expect(explain(error, doing).cause).toBe(error)
    expect(explain('a thrown text', doing).failure.headline).toContain('a thrown text')
  })
})

test('names are compared without the suffix that only some have', () => {
  expect(errorName(errorOf('PriorityInUseException', ''))).toBe('PriorityInUse')
  expect(errorName(errorOf('Throttling', ''))).toBe('Throttling')
  expect(errorName('text')).toBe('')
})

test.each([
  ['ServiceNotFoundException', true],
  ['TargetGroupNotFound', true],
  ['AccessDeniedException', false],
  ['ThrottlingException', false],
  ['ExpiredTokenException', false],
])('%s means absent: %s', (name, absent) => {
  expect(isNotFound(errorOf(name, ''))).toBe(absent)
})

function literally(text: string): RegExp {
  return new RegExp(text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
}
