import type { World } from '../deploy/world.ts'
import type { Inputs } from '../inputs/inputs.ts'
import { parseImage, versionLabel } from '../model/image.ts'
import { Refusal } from '../model/outcome.ts'
import type { Progress } from '../model/progress.ts'
import type { Snapshot } from '../model/snapshot.ts'
import type { Described, TaskDefinition } from '../model/task-definition.ts'
import type { DeployGoal } from '../plan/goal.ts'
import { checkNoPreview } from '../plan/own-tags.ts'
import { containersOf, imageFor, imageOf } from '../plan/task-definition.ts'

type WhatGoal = Pick<DeployGoal, 'image' | 'container' | 'version' | 'images' | 'base' | 'settings'>

/**
 * What is to be deployed, once it is known which container stands behind the target group. Reads from AWS only when the
 * inputs alone do not tell the image: for a revision by ARN, and for `images` that leave this container as it is.
 *
 * @throws Refusal when inputs and containers do not go together; nothing was written
 */
export async function readWhat(inputs: Inputs, world: World, seen: Snapshot, progress: Progress): Promise<WhatGoal> {
  const behind = seen.services.value[progress.to].loadBalancers[0]?.containerName ?? ''
  const changed = inputs.containerName ?? behind
  if (inputs.image !== undefined && Object.hasOwn(inputs.images, changed)) {
    throw refusal(`images: has ${changed} too, which gets image already: it is the container behind the target group.`)
  }
  const images = { ...inputs.images, ...(inputs.image === undefined ? {} : { [changed]: inputs.image }) }
  // The version is what customers see: without `image`, that is what runs behind the target group.
  const container = inputs.image === undefined ? behind : changed
  const base = await baseOf(inputs, world)
  if (base?.kind === 'file') checkImages(base.file.path, base.file.definition, images)
  const image =
    imageFor(images, container) ??
    imageFrom(base?.kind === 'file' ? base.file : await describedBase(base, world, seen, progress), container)
  const settings = { container: changed, environment: inputs.environment, secrets: inputs.secrets }
  const hasSettings = Object.keys({ ...inputs.environment, ...inputs.secrets }).length > 0
  return {
    image,
    container,
    version: inputs.version ?? versionLabel(image),
    images,
    ...(base === undefined ? {} : { base }),
    ...(hasSettings ? { settings } : {}),
  }
}

async function baseOf(inputs: Inputs, world: World): Promise<DeployGoal['base']> {
  if (inputs.definitionFile !== undefined) return { kind: 'file', file: inputs.definitionFile }
  const arn = inputs.taskDefinitionArn
  if (arn === undefined) return undefined
  const described = await world.ecs.describeTaskDefinition(arn)
  checkNoPreview(arn, described)
  return { kind: 'revision', arn, described }
}

async function describedBase(
  base: Extract<DeployGoal['base'], { kind: 'revision' }> | undefined,
  world: World,
  seen: Snapshot,
  progress: Progress,
): Promise<Described> {
  return base?.described ?? (await world.ecs.describeTaskDefinition(seen.services.value[progress.from].taskDefinition))
}

function imageFrom(
  described: { readonly definition: TaskDefinition; readonly path?: string },
  container: string,
): string {
  const image = imageOf(described, container)
  if (image !== undefined) return image
  const { definition, path } = described
  throw new Refusal({
    code: 'CONTAINER_UNCLEAR',
    headline: `The task definition ${path ?? definition.taskDefinitionArn ?? ''} has no container ${container}, which is the one behind the target group.`,
    details: [
      `It has ${containersOf(definition).join(', ')}.`,
      "Name the container in the task definition as the service's load balancer settings do.",
    ],
  })
}

/** A file may leave images out, or hold placeholders: every container must have got one by now. */
function checkImages(path: string, definition: TaskDefinition, images: Readonly<Record<string, string>>): void {
  for (const container of definition.containerDefinitions ?? []) {
    const name = container.name ?? ''
    const image = imageFor(images, name) ?? container.image ?? ''
    if (parseImage(image) !== undefined) continue
    const has = image === '' ? 'has no image' : `has the image '${image}', which is none`
    throw refusal(`task-definition: '${path}' ${has} for ${name}. Write it into the file, or set image or images.`)
  }
}

function refusal(problem: string): Refusal {
  return new Refusal({
    code: 'INVALID_INPUT',
    headline: 'One input needs a change before anything is deployed.',
    details: [problem, 'Nothing was written.'],
  })
}
