import { Refusal } from '../model/outcome.ts'
import type { Described } from '../model/task-definition.ts'
import { withoutOwnTags } from '../plan/own-tags.ts'
import { isIdentical, isUsable, registrationOf } from '../plan/task-definition.ts'
import type { World } from './world.ts'

/** Revisions of task definitions: finding them, and making them when they are not there. */

/** A call without an answer is tried so often, with pauses of 1, 2, 4 and 8 s between. */
const unansweredLimit = 5
const unansweredPauseMs = 1_000

/** The newest revision of a family is nearly always the one that is live: then one call tells both. */
export async function liveAndNewest(
  world: World,
  from: string,
): Promise<{ readonly live: Described; readonly newest: Described | undefined }> {
  const newest = await describeIfThere(world, familyOf(from))
  const live = newest?.definition.taskDefinitionArn === from ? newest : await world.ecs.describeTaskDefinition(from)
  return { live, newest }
}

/** Only the live revision is needed: a family may be new, and another revision deleted. */
export async function describeIfThere(world: World, reference: string): Promise<Described | undefined> {
  try {
    return await world.ecs.describeTaskDefinition(reference)
  } catch (error) {
    if (error instanceof Refusal && error.failure.code === 'TASK_DEFINITION_NOT_FOUND') return undefined
    throw error
  }
}

/** The newest revision of the family, when it is what is wanted. */
export async function newestOf(world: World, wanted: Readonly<Record<string, unknown>>): Promise<string | undefined> {
  const newest = await describeIfThere(world, String(wanted.family ?? ''))
  return newest !== undefined && isIdentical(newest, wanted) ? newest.definition.taskDefinitionArn : undefined
}

/**
 * A registration without an answer is looked up before it is tried again: it may have been applied.
 *
 * @param before the newest revision until now, which may be equal: that one would be no sign of it
 */
export async function registered(
  world: World,
  wanted: Readonly<Record<string, unknown>>,
  before?: string,
): Promise<string> {
  for (let lost = 0; lost < unansweredLimit; lost++) {
    const arn = await world.ecs.registerTaskDefinition(wanted)
    if (arn !== undefined) return arn
    world.log.info('No answer to the registration: look whether it was applied')
    await world.clock.sleep(unansweredPauseMs * 2 ** lost, world.signal)
    const applied = await newestOf(world, wanted)
    if (applied !== undefined && applied !== before) return applied
  }
  throw new Refusal({
    code: 'AWS_ERROR',
    headline: `A revision of ${String(wanted.family)} could not be registered: ${unansweredLimit} calls in a row got no answer.`,
    details: ['Run again; when it stays so, look at the status page of AWS.'],
  })
}

/** The revision that takes the place of a deregistered one, tags and all: an equal one, or a new copy. Undefined unless it is deregistered. */
export async function copyOf(world: World, arn: string): Promise<string | undefined> {
  const described = await describeIfThere(world, arn)
  if (described === undefined || isUsable(described.definition)) return undefined
  const wanted = registrationOf(withoutOwnTags(described))
  return (await newestOf(world, wanted)) ?? registered(world, wanted)
}

export function familyOf(arn: string): string {
  const name = nameOf(arn)
  return name.slice(0, name.lastIndexOf(':'))
}

/** `family:revision` of a task definition's ARN. */
export function nameOf(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1)
}
