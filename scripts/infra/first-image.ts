import { spawnSync } from 'node:child_process'
import path from 'node:path'
import {
  DescribeImagesCommand,
  DescribeRepositoriesCommand,
  GetAuthorizationTokenCommand,
  type ImageDetail,
  type Repository,
} from '@aws-sdk/client-ecr'
import { errorName } from '../../src/aws/errors.ts'
import { mayMove } from '../../src/model/image.ts'
import type { Account } from './account.ts'
import { Stop } from './stop.ts'
import type { Terminal } from './terminal.ts'

/**
 * The image that both colors start on. An app's stack cannot be made without one that serves, and the registry of a new app is empty: then
 * sample-app is built and pushed.
 */

const sample = 'sample-1'

export async function findRepository(account: Account, name: string): Promise<Repository | undefined> {
  try {
    const { repositories = [] } = await account.ecr.send(new DescribeRepositoriesCommand({ repositoryNames: [name] }))
    return repositories[0]
  } catch (error) {
    if (errorName(error) === 'RepositoryNotFound') return undefined
    throw error
  }
}

/** The newest image with a name; undefined when there is none. */
export async function newestImage(account: Account, repository: Repository): Promise<string | undefined> {
  const { repositoryName, repositoryUri = '' } = repository
  const found: ImageDetail[] = []
  let nextToken: string | undefined
  do {
    const command = new DescribeImagesCommand({
      repositoryName,
      filter: { tagStatus: 'TAGGED' },
      ...(nextToken === undefined ? {} : { nextToken }),
    })
    const page = await account.ecr.send(command)
    found.push(...(page.imageDetails ?? []))
    nextToken = page.nextToken
  } while (nextToken !== undefined)
  const pushedAt = ({ imagePushedAt }: ImageDetail) => imagePushedAt?.getTime() ?? 0
  const [newest] = found.sort((one, other) => pushedAt(other) - pushedAt(one))
  if (newest === undefined) return undefined
  const names = (newest.imageTags ?? []).map(tag => `${repositoryUri}:${tag}`)
  return names.find(name => !mayMove(name)) ?? `${repositoryUri}@${newest.imageDigest}`
}

/** Before anything is made: whether the image can be built at all. @throws Stop */
export function needDocker(why: string): void {
  const seen = spawnSync('docker', ['version', '--format', '{{.Server.Version}}'], { encoding: 'utf8' })
  if (seen.status === 0) return
  const wrong =
    seen.error === undefined
      ? `docker is here, but does not answer: ${seen.stderr.trim().split('\n').at(-1)}. Start it`
      : 'docker was not found. Install it'
  throw new Stop(
    'no-tool',
    `${why} ${wrong}, or give --image, such as one that you have pushed already. Nothing was changed.`,
  )
}

/** Builds sample-app and pushes it. @throws Stop */
export async function pushSample(
  account: Account,
  terminal: Terminal,
  repositoryUri: string,
  architecture: string,
): Promise<string> {
  const image = `${repositoryUri}:${sample}`
  const platform = architecture === 'ARM64' ? 'linux/arm64' : 'linux/amd64'
  const context = path.join(import.meta.dirname, '../../sample-app')
  terminal.say(`  Building ${image} from sample-app for ${platform}`)
  docker(['build', '--platform', platform, '--build-arg', `VERSION=${sample}`, '--tag', image, context])
  const { authorizationData = [] } = await account.ecr.send(new GetAuthorizationTokenCommand({}))
  const [user = '', ...password] = Buffer.from(authorizationData[0]?.authorizationToken ?? '', 'base64')
    .toString('utf8')
    .split(':')
  const registry = repositoryUri.split('/')[0] ?? ''
  docker(['login', '--username', user, '--password-stdin', registry], password.join(':'))
  docker(['push', image])
  return image
}

function docker(args: readonly string[], input?: string): void {
  const options = { stdio: [input === undefined ? 'ignore' : 'pipe', 'inherit', 'inherit'] as const, input }
  const { status, error } = spawnSync('docker', args, { ...options, stdio: [...options.stdio] })
  if (status === 0) return
  const why = error === undefined ? `ended with ${status}` : error.message
  throw new Stop(
    'failed',
    `docker ${args[0]} ${why}. What was made so far stays; mend it and run this again, or give --image.`,
  )
}
