import type { FailureCode } from '../model/outcome.ts'

/** Why tasks of the candidate failed. */
export interface Cause {
  readonly code: FailureCode
  /** What happened, as the second half of a sentence. */
  readonly what: string
  readonly todo: string
}

interface Row extends Cause {
  readonly says: RegExp
}

const tag = 'Check the tag and the registry of `image`: was it pushed, to this account and Region?'
const capacity =
  'Free some capacity or raise its limit (container instances, Fargate quotas, other zones), or deploy when the old tasks leave room.'

/**
 * AWS's words for a task that never started (aws-facts 1.9 and 1.10), in the order in which they are tried: a registry that
 * hides an image says "denied" and "does not exist" in one breath, and only the first is certain.
 */
const pulls: readonly Row[] = [
  {
    says: /toomanyrequests|rate limit|\b429\b/i,
    code: 'IMAGE_NOT_PULLED',
    what: 'the registry limits how often its images are pulled',
    todo: 'Pull through a cache in ECR, or log in to the registry (`repositoryCredentials`), then run again.',
  },
  {
    says: /platform|exec format/i,
    code: 'IMAGE_NOT_PULLED',
    what: 'the image has no build for the platform of the task',
    todo: 'Build the image for the `runtimePlatform` of the task definition, or for several platforms.',
  },
  {
    says: /denied|\b40[13]\b|unauthori[sz]ed|not authorized|no basic auth|the role has the permissions/i,
    code: 'IMAGE_NOT_PULLED',
    what: 'the registry does not let the execution role pull the image',
    todo: 'Let the execution role pull (ecr:GetAuthorizationToken, ecr:BatchGetImage, ecr:GetDownloadUrlForLayer), and check the policy of the repository.',
  },
  {
    says: /not found|manifest unknown|name unknown|does not exist|no such image/i,
    code: 'IMAGE_NOT_FOUND',
    what: 'the registry has no such image',
    todo: tag,
  },
  {
    says: /./,
    code: 'IMAGE_NOT_PULLED',
    what: 'the image could not be pulled',
    todo: `${tag} Can the subnets of the tasks reach the registry (NAT, or VPC endpoints)?`,
  },
]

const launches: readonly Row[] = [
  {
    says: /ResourceInitializationError.*(secret|ssm|registry auth)/is,
    code: 'SECRET_UNREADABLE',
    what: 'ECS could not read the secrets or the registry login of the task',
    todo: 'Check that each `valueFrom` exists, that the execution role may read it (secretsmanager:GetSecretValue, ssm:GetParameters, kms:Decrypt), and that the subnets reach those services (NAT, or VPC endpoints).',
  },
  {
    says: /RESOURCE:|capacity is unavailable|no container instance|insufficient (cpu|memory)|reached the limit|vcpu limit/i,
    code: 'NO_CAPACITY',
    what: 'there is no capacity for its tasks',
    todo: capacity,
  },
  {
    says: /ResourceInitializationError|CannotStartContainer|CannotCreate|TaskFailedToStart|failed to launch/i,
    code: 'TASKS_FAILED',
    what: 'ECS could not start its tasks',
    todo: 'Read what ECS said; it names the log driver, volume, network or role that is not as the task definition says.',
  },
]

/** An image, or the URL of its manifest: a repository called `data-platform`, or a tag such as `build-403`, says nothing about the cause. */
const reference = /\S*[/:@][^\s/:@]\S*/g

/** @param said reason of a stopped task, or of a task that could not be placed */
export function launchCause(said: string): Cause | undefined {
  const isPull = /CannotPull|can't pull the image|pull image manifest/i.test(said)
  const words = isPull ? said.replace(reference, ' ') : said
  const row = (isPull ? pulls : launches).find(candidate => candidate.says.test(words))
  return row === undefined ? undefined : { code: row.code, what: row.what, todo: row.todo }
}
