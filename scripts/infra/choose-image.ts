import { DescribeImagesCommand } from '@aws-sdk/client-ecr'
import { errorName } from '../../src/aws/errors.ts'
import type { Account } from './account.ts'
import { findRepository, needDocker, newestImage } from './first-image.ts'
import type { Up } from './options.ts'
import type { Stacks } from './stacks.ts'
import { Stop } from './stop.ts'
import { isToBeMade } from './wanted.ts'

/** What both colors of a new app start on. An app that is there has its image. */
export type Image =
  | { readonly kind: 'given' }
  | { readonly kind: 'found'; readonly image: string }
  | { readonly kind: 'build' }
  /** Of plans only: nothing is known of the images of this registry. */
  | { readonly kind: 'needed'; readonly registry: string }

/**
 * Before anything is made, because without an image there is no app. A plan only looks, and needs neither an image nor docker: what is lacking is
 * said by `imageLine`.
 *
 * @throws Stop when there is none, and none can be built, or one that was given cannot be pulled
 */
export async function chooseImage(account: Account, { given, ownRegistry, plan }: Up, found: Stacks): Promise<Image> {
  if (!isToBeMade(found.app)) return { kind: 'given' }
  const arn = given.app.RepositoryArn ?? ''
  const name = ownRegistry
    ? (found.registry?.parameters.Repository ?? given.registry.Repository ?? '')
    : (arn.split(':repository/')[1] ?? '')
  if (given.app.Image !== undefined) {
    await checkGiven(account, given.app.Image, name)
    return { kind: 'given' }
  }
  const isNear = ownRegistry || arn.includes(`:ecr:${account.region}:${account.id}:`)
  const repository = isNear ? await findRepository(account, name) : undefined
  if (repository === undefined && !ownRegistry) {
    if (plan) return { kind: 'needed', registry: arn }
    throw new Stop(
      'usage',
      `There is no registry ${arn} in account ${account.id} and ${account.region}, so its images are not known here: give --image.`,
    )
  }
  const image = repository && (await newestImage(account, repository))
  if (image !== undefined) return { kind: 'found', image }
  if (!plan) needDocker(`There is no image in the registry ${name} yet, so sample-app has to be built.`)
  return { kind: 'build' }
}

/** What `up` would do about it. */
export function imageLine(image: Image): readonly string[] {
  switch (image.kind) {
    case 'given':
      return []
    case 'found':
      return [`Both colors would start on ${image.image}, the newest image of the registry.`]
    case 'build':
      return [
        'Both colors would start on sample-app, which would be built and pushed: that needs docker, or give --image.',
      ]
    case 'needed':
      return [`The images of ${image.registry} are not known here: it would need --image.`]
    default:
      return image satisfies never
  }
}

const inEcr = /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?\/([^:@]+)(?::([^@]+))?(?:@(.+))?$/

/** Tasks that cannot pull their image are only found out after half an hour. @throws Stop */
async function checkGiven(account: Account, image: string, registry: string): Promise<void> {
  const [, owner, region, repositoryName = '', imageTag, imageDigest] = inEcr.exec(image) ?? []
  if (owner === undefined) return
  if (repositoryName !== registry) {
    throw new Stop(
      'usage',
      `--image: ${image} is in the registry ${repositoryName}, and tasks may pull from ${registry} only: give its --repository-arn, too.`,
    )
  }
  if (owner !== account.id || region !== account.region) return
  const id = imageDigest === undefined ? { imageTag: imageTag ?? 'latest' } : { imageDigest }
  try {
    await account.ecr.send(new DescribeImagesCommand({ repositoryName, imageIds: [id] }))
  } catch (error) {
    if (!['ImageNotFound', 'RepositoryNotFound'].includes(errorName(error))) throw error
    throw new Stop(
      'usage',
      `--image: there is no ${image} yet. Push it first, or leave --image out to start on sample-app.`,
    )
  }
}
