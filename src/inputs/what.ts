import type { DefinitionFile } from '../model/task-definition.ts'
import { previewTask } from './preview.ts'
import { isSetup } from './setup.ts'

/** The inputs that say what is deployed, as far as they could be read by themselves. */
export interface GivenWhat {
  readonly mode?: string
  readonly 'plan-for'?: string
  readonly image?: string
  readonly images?: Readonly<Record<string, string>>
  readonly 'container-name'?: string
  readonly 'task-definition'?: string
  readonly 'task-definition-arn'?: string
  readonly 'environment-variables'?: Readonly<Record<string, string>>
  readonly secrets?: Readonly<Record<string, string>>
}

/** What is deployed, as the inputs say it. */
export interface What {
  /** In mode `deploy`: this, `images`, `definitionFile` or `taskDefinitionArn`. */
  readonly image?: string
  readonly containerName?: string
  /** Images by container; empty when none were given. */
  readonly images: Readonly<Record<string, string>>
  readonly definitionFile?: DefinitionFile
  readonly taskDefinitionArn?: string
  /** Values are never printed. */
  readonly environment: Readonly<Record<string, string>>
  readonly secrets: Readonly<Record<string, string>>
}

export function whatOf(given: GivenWhat, definitionFile: DefinitionFile | undefined): What {
  const { image, images = {}, secrets = {} } = given
  const containerName = given['container-name']
  const taskDefinitionArn = given['task-definition-arn']
  return {
    images,
    environment: given['environment-variables'] ?? {},
    secrets,
    ...(image === undefined ? {} : { image }),
    ...(containerName === undefined ? {} : { containerName }),
    ...(definitionFile === undefined ? {} : { definitionFile }),
    ...(taskDefinitionArn === undefined ? {} : { taskDefinitionArn }),
  }
}

const sources = ['image', 'images', 'task-definition', 'task-definition-arn'] as const
const changes = ['image', 'images', 'container-name', 'environment-variables', 'secrets'] as const

/**
 * What is wrong with these inputs together.
 *
 * @param broken names of inputs that have a problem of their own: nothing is said about their absence
 * @param file what `task-definition` names, when it could be read
 */
export function whatProblems(given: GivenWhat, broken: ReadonlySet<string>, file?: DefinitionFile): readonly string[] {
  return [
    ...(!isSetup(given) &&
    needsSource(previewTask(given) ?? given.mode) &&
    sources.every(name => given[name] === undefined && !broken.has(name))
      ? [
          'image: is missing. Set it to the image to deploy, such as the output of your build step; or set images, task-definition or task-definition-arn.',
        ]
      : []),
    ...arnProblems(given),
    ...nameProblems(given),
    ...Object.keys(given.secrets ?? {})
      .filter(name => Object.hasOwn(given['environment-variables'] ?? {}, name))
      .map(
        name => `secrets: ${name} is in environment-variables too, and ECS takes a name only once. Keep one of them.`,
      ),
    ...(file === undefined ? [] : fileProblems(given, file)),
  ]
}

/** A promote says by itself what it needs, and a rollback needs nothing. */
function needsSource(mode: string | undefined): boolean {
  return !['status', 'promote', 'rollback', 'preview-destroy', 'preview-sweep'].includes(mode ?? '')
}

function arnProblems(given: GivenWhat): readonly string[] {
  if (given['task-definition-arn'] === undefined) return []
  return [
    ...(given['task-definition'] === undefined
      ? []
      : [
          'task-definition: goes without task-definition-arn. Keep the file to register a new revision, or the ARN to use one as it is.',
        ]),
    ...changes
      .filter(name => given[name] !== undefined)
      .map(
        name =>
          `${name}: goes without task-definition-arn, whose revision is used as it is. Take the ARN out to change the live revision, or set task-definition to a file.`,
      ),
  ]
}

function nameProblems(given: GivenWhat): readonly string[] {
  const name = given['container-name']
  if (name === undefined || given['task-definition-arn'] !== undefined) return []
  if (given.image !== undefined && Object.hasOwn(given.images ?? {}, name)) {
    return [`images: has ${name} too, which gets image already. Keep one of them.`]
  }
  const needed = [given.image, given['environment-variables'], given.secrets].some(input => input !== undefined)
  return needed || given.mode === 'status' || (given.images === undefined && given['task-definition'] === undefined)
    ? []
    : [
        'container-name: has nothing to do. It says which container gets image, environment-variables and secrets; images names its containers itself.',
      ]
}

function fileProblems(given: GivenWhat, file: DefinitionFile): readonly string[] {
  const there = (file.definition.containerDefinitions ?? []).map(container => container.name ?? '')
  const named = [
    ...Object.keys(given.images ?? {}).map(container => ['images', container] as const),
    ...(given['container-name'] === undefined ? [] : [['container-name', given['container-name']] as const]),
  ]
  return named
    .filter(([, container]) => !there.includes(container))
    .map(([input, container]) => `${input}: '${file.path}' has no container ${container}. It has ${there.join(', ')}.`)
}
