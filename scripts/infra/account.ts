import { CloudFormationClient } from '@aws-sdk/client-cloudformation'
import { ECRClient } from '@aws-sdk/client-ecr'
import { ECSClient } from '@aws-sdk/client-ecs'
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2'
import { IAMClient } from '@aws-sdk/client-iam'
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { errorName, oneLine } from '../../src/aws/errors.ts'
import { Stop } from './stop.ts'

/** An account and a Region that answer. */
export interface Account {
  readonly id: string
  /** `aws`, or `aws-cn` in China. */
  readonly partition: string
  readonly region: string
  /** Who we are there. */
  readonly arn: string
  readonly formation: CloudFormationClient
  /** Of another Region. */
  readonly formationIn: (region: string) => CloudFormationClient
  readonly ecr: ECRClient
  readonly iam: IAMClient
  readonly ecs: ECSClient
  readonly elb: ElasticLoadBalancingV2Client
}

/** A set-up is not in a hurry: what AWS throttles is tried again for half a minute. */
export const attempts = { maxAttempts: 8 }

/** Finds Region and credentials as the AWS CLI does, and asks AWS whose they are. @throws Stop */
export async function connect(wanted: {
  readonly region: string | undefined
  readonly account: string | undefined
}): Promise<Account> {
  const region = await regionOf(wanted.region)
  const config = { region, ...attempts }
  const { id, arn } = await identity(new STSClient(config))
  if (wanted.account !== undefined && wanted.account !== id) {
    throw new Stop(
      'other-account',
      `These are credentials of account ${id} (${arn}), not of ${wanted.account}, as --account says. Nothing was changed. Choose others with AWS_PROFILE.`,
    )
  }
  return {
    id,
    arn,
    partition: arn.split(':')[1] ?? 'aws',
    region,
    formation: new CloudFormationClient(config),
    // These are looked into by the way, and may be closed to us.
    formationIn: other => new CloudFormationClient({ region: other, maxAttempts: 2 }),
    ecr: new ECRClient(config),
    iam: new IAMClient(config),
    ecs: new ECSClient(config),
    elb: new ElasticLoadBalancingV2Client(config),
  }
}

async function regionOf(option: string | undefined): Promise<string> {
  // The SDK of JavaScript reads the first only, the AWS CLI the second only.
  const named = [option, process.env.AWS_REGION, process.env.AWS_DEFAULT_REGION].find(
    one => one !== undefined && one !== '',
  )
  if (named !== undefined) return named
  try {
    return await new STSClient({}).config.region()
  } catch (error) {
    throw new Stop(
      'no-region',
      'No Region is set. Give --region, such as --region eu-central-1, or set AWS_REGION, or a region in your profile.',
      { cause: error },
    )
  }
}

async function identity(sts: STSClient): Promise<{ readonly id: string; readonly arn: string }> {
  try {
    const { Account: id = '', Arn: arn = '' } = await sts.send(new GetCallerIdentityCommand({}))
    return { id, arn }
  } catch (error) {
    throw credentialsStop(error) ?? error
  }
}

/** What credentials that do not work have to say; undefined when the error is about something else. */
export function credentialsStop(error: unknown): Stop | undefined {
  const said = error instanceof Error ? oneLine(`${errorName(error)}: ${error.message}`) : String(error)
  const refresh =
    'Log in again (aws sso login), or get new ones; in GitHub Actions run aws-actions/configure-aws-credentials before, with role-duration-seconds of 3600.'
  switch (errorName(error)) {
    case 'ExpiredToken':
    case 'RequestExpired':
      return new Stop('bad-credentials', `Your AWS credentials have expired. ${refresh}\n  ${said}`, { cause: error })
    case 'CredentialsProviderError':
    case 'TokenProviderError':
      return /expired|is invalid|refresh/i.test(said)
        ? new Stop('bad-credentials', `Your AWS session has expired. ${refresh}\n  ${said}`, { cause: error })
        : new Stop(
            'no-credentials',
            `No AWS credentials were found. Run aws configure or aws sso login, or set AWS_PROFILE; in GitHub Actions run aws-actions/configure-aws-credentials before, with "id-token: write".\n  ${said}`,
            { cause: error },
          )
    case 'UnrecognizedClient':
    case 'InvalidClientTokenId':
    case 'InvalidSignature':
    case 'SignatureDoesNotMatch':
    case 'IncompleteSignature':
    case 'MissingAuthenticationToken':
    case 'InvalidAccessKeyId':
    case 'AuthFailure':
      return new Stop(
        'bad-credentials',
        `AWS does not know these credentials, or not in this Region. Check the access key and its secret, and the clock of this machine.\n  ${said}`,
        { cause: error },
      )
    default:
      return undefined
  }
}
