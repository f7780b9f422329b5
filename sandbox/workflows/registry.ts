import { createHash } from 'node:crypto'

/** Repositories of Amazon ECR, as far as a workflow that builds can tell: tags, and the bits they stand for. */

export interface ProgramResult {
  readonly stdout: string
  readonly stderr: string
  readonly exitCode: number
}

export const registryHost = '123456789012.dkr.ecr.eu-central-1.amazonaws.com'

export class Registry {
  readonly #repositories: readonly string[]
  /** By tag; those of other repositories than the first by `repository:tag`. */
  readonly #digests = new Map<string, string>()
  #builds = 0
  /** Whether the role may look. */
  readable = true
  /** Happens once, in the time that the next build takes. */
  meanwhile: (() => void) | undefined

  constructor(...repositories: readonly string[]) {
    this.#repositories = repositories
  }

  get builds(): number {
    return this.#builds
  }

  digest(tag: string): string | undefined {
    return this.#digests.get(tag)
  }

  tags(): readonly string[] {
    return [...this.#digests.keys()]
  }

  /**
   * New bits each time, as builds are.
   *
   * @throws Error when the tag of a commit is there already: such tags never move, as in infra/registry.yml
   */
  push(images: readonly string[]): string {
    const { meanwhile } = this
    this.meanwhile = undefined
    meanwhile?.()
    const taken = images.find(image => /:[0-9a-f]{40}$/.test(image) && this.#digests.has(this.#tagOf(image)))
    if (taken !== undefined) {
      throw new Error(
        `tag invalid: The image tag '${taken.slice(-40)}' already exists in the '${taken.slice(registryHost.length + 1, -41)}' repository and cannot be overwritten because the tag is immutable.`,
      )
    }
    const digest = `sha256:${createHash('sha256')
      .update(String(++this.#builds))
      .digest('hex')}`
    for (const image of images) this.#digests.set(this.#tagOf(image), digest)
    return digest
  }

  /** What the AWS CLI and docker say. */
  run(program: string, args: readonly string[]): ProgramResult {
    const command = `${program} ${args.join(' ')}`
    const described =
      /^aws ecr describe-images --repository-name (\S+) --image-ids imageTag=(\S+) --query imageDetails\[0\]\.imageDigest --output text$/.exec(
        command,
      )
    if (described !== null) return this.#describe(described[1], described[2] ?? '')
    const retagged = /^docker buildx imagetools create --prefer-index=false --tag (\S+) (\S+)$/.exec(command)
    if (retagged !== null) return this.#retag(retagged[1] ?? '', retagged[2] ?? '')
    throw new Error(`The rehearsal does not know what this would say: ${command}`)
  }

  #describe(repository: string | undefined, tag: string): ProgramResult {
    const failed = (code: string, why: string) => ({
      stdout: '',
      stderr: `\nAn error occurred (${code}) when calling the DescribeImages operation: ${why}\n`,
      exitCode: 254,
    })
    if (!this.readable) return failed('AccessDeniedException', 'User is not authorized to perform: ecr:DescribeImages')
    if (repository === undefined || !this.#repositories.includes(repository)) {
      return failed('RepositoryNotFoundException', `no repository ${repository}`)
    }
    const digest = this.#digests.get(this.#keyOf(repository, tag))
    return digest === undefined
      ? failed('ImageNotFoundException', `The image with imageId {imageTag:'${tag}'} does not exist`)
      : { stdout: `${digest}\n`, stderr: '', exitCode: 0 }
  }

  #retag(to: string, from: string): ProgramResult {
    const digest = this.#digests.get(this.#tagOf(from))
    if (digest === undefined) return { stdout: '', stderr: `ERROR: ${from}: not found\n`, exitCode: 1 }
    this.#digests.set(this.#tagOf(to), digest)
    return { stdout: '', stderr: '', exitCode: 0 }
  }

  #tagOf(image: string): string {
    const [, repository = '', tag = ''] = /^([^:]+):([^:]+)$/.exec(image.slice(registryHost.length + 1)) ?? []
    const known = image.startsWith(`${registryHost}/`) && this.#repositories.includes(repository)
    if (!known) throw new Error(`${image} is not in ${this.#repositories} of ${registryHost}`)
    return this.#keyOf(repository, tag)
  }

  #keyOf(repository: string, tag: string): string {
    return repository === this.#repositories[0] ? tag : `${repository}:${tag}`
  }
}
