import { isThrottlingError, isTransientError } from '@smithy/core/retry'
import type { SdkError } from '@smithy/types'
import { type Failure, Refusal } from '../model/outcome.ts'
import { denied } from './denials.ts'
import type { Doing } from './doing.ts'
import { type Explained, explained, refusedArn, refusedChange } from './refusals.ts'

/**
 * The name of an AWS error in one form. The SDK gives modelled ELBv2 errors an `Exception` suffix that the wire code lacks,
 * and unmodelled ones the wire code itself; ECS always has the suffix (aws-facts 4).
 */
export function errorName(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('name' in error)) return ''
  return String(error.name).replace(/Exception$/, '')
}

/** Only these say that a thing is absent; a denied or throttled call never does. */
export function isNotFound(error: unknown): boolean {
  return [
    'ClusterNotFound',
    'ServiceNotFound',
    'TargetGroupNotFound',
    'ListenerNotFound',
    'RuleNotFound',
    'LoadBalancerNotFound',
  ].includes(errorName(error))
}

/** AWS did nothing because too much was asked of it. */
export function isThrottled(error: unknown): boolean {
  return isThrottlingError(error as SdkError)
}

/** No answer, or none that counts: the call may have been applied. */
export function isTransient(error: unknown): boolean {
  return isTransientError(error as SdkError)
}

/** ECS has no error of its own for a revision or family that it does not know: only this text of a ClientException tells. */
export function isNoTaskDefinition(error: unknown): boolean {
  return (
    errorName(error) === 'Client' && error instanceof Error && /unable to describe task definition/i.test(error.message)
  )
}

/**
 * ECS numbers the revisions of a family one by one, and turns away who comes at the same moment. It says so with a
 * ClientException, which the SDK never tries again.
 */
export function isCrowded(error: unknown): boolean {
  return (
    errorName(error) === 'Client' &&
    error instanceof Error &&
    /too many concurrent attempts to create a new revision/i.test(error.message)
  )
}

/** Any error of an AWS call as a Refusal: what we were doing, on what, what AWS said, and what to do. */
export function explain(error: unknown, doing: Doing): Refusal {
  if (error instanceof Refusal) return error
  const message = error instanceof Error ? error.message : String(error)
  const said = error instanceof Error ? `${error.name}: ${error.message}` : message
  const { code, todo } = classify(errorName(error), message, doing)
  const failure: Failure = { code, headline: `Could not ${doing.what}: ${oneLine(said)}`, details: todo }
  return new Refusal(failure, { cause: error })
}

function classify(name: string, message: string, doing: Doing): Explained {
  // ECS says some refusals of IAM as ClientException or InvalidParameterException: the words are what counts.
  if (/is not authorized to perform/.test(message)) return denied(message, doing)
  switch (name) {
    case 'AccessDenied':
    case 'UnauthorizedOperation':
      return denied(message, doing)
    case 'ExpiredToken':
    case 'RequestExpired':
      return explained(
        'CREDENTIALS',
        'The credentials of this job have expired. Give `role-duration-seconds` of aws-actions/configure-aws-credentials more than the longest deploy.',
      )
    case 'CredentialsProviderError':
    case 'UnrecognizedClient':
    case 'InvalidClientTokenId':
    case 'InvalidSignature':
    case 'SignatureDoesNotMatch':
    case 'IncompleteSignature':
    case 'MissingAuthenticationToken':
      return explained(
        'CREDENTIALS',
        'AWS does not accept the credentials of this job. Run aws-actions/configure-aws-credentials before this step, with `permissions: id-token: write`.',
      )
    case 'Throttling':
    case 'TooManyRequests':
    case 'RequestLimitExceeded':
      return explained(
        'THROTTLED',
        `AWS throttled ${doing.action} at every attempt. Other jobs of this account call the same API: spread them out, then run again.`,
      )
    default:
      return refusedArn(message) ?? refusedChange(name, message) ?? explained('AWS_ERROR')
  }
}

/** AWS messages may hold anything; a headline is one line of bounded length. */
export function oneLine(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim()
  return line.length > 500 ? `${line.slice(0, 500)}…` : line
}
