import { Refusal } from '../model/outcome.ts'
import type { PreviewGoal } from '../model/preview.ts'
import type { Candidate } from '../model/progress.ts'
import type { Described, Tag } from '../model/task-definition.ts'
import { fleeting } from '../plan/preview-names.ts'
import { imageFor, imageOf, isIdentical, registrationOf } from '../plan/task-definition.ts'
import { baseOf, checkContainers, type Register } from './register.ts'
import { describeIfThere, nameOf, registered } from './revisions.ts'
import type { World } from './world.ts'

/** Of one resource. */
const mostTags = 50

/** The revision of a preview: that of production with another image, in a family of its own. */
export interface PreviewRegistration {
  /** An identical one is used again. */
  make(): Promise<Candidate>
  /** The ARN that `make` would use again; undefined when it would register one. */
  find(): Promise<string | undefined>
}

export function previewRegistration(
  world: World,
  goal: PreviewGoal,
  what: Omit<Register, 'kind' | 'color' | 'reusable'>,
  live: Described,
): PreviewRegistration {
  const step: Register = { kind: 'register', color: 'green', reusable: what.from, ...what }
  const base = baseOf(step, live)
  checkContainers(step, base)
  const tags = mergeTags(base.tags, goal.tags)
  checkTags(base, tags)
  const own = { definition: { ...base.definition, family: goal.name }, tags }
  const wanted = registrationOf(own, what.images, what.settings)
  const image = imageFor(what.images, what.container) ?? imageOf(base, what.container) ?? ''

  async function find(): Promise<string | undefined> {
    const newest = await describeIfThere(world, goal.name)
    const same =
      newest !== undefined && isIdentical(lasting(newest), registrationOf(lasting(own), what.images, what.settings))
    return same ? newest.definition.taskDefinitionArn : undefined
  }

  return {
    find,
    async make() {
      const found = await find()
      const taskDefinition = found ?? (await registered(world, wanted))
      const verb = found === undefined ? 'Register' : 'Use again'
      world.log.info(`${verb} ${nameOf(taskDefinition)}: ${what.container} at ${image}`)
      const at = world.clock.now()
      return { at, taskDefinition, registered: found === undefined, container: what.container, image }
    },
  }
}

/** @throws Refusal before anything is made: the revision is registered when target group and rule are there */
function checkTags({ definition, tags: copied }: Described, tags: readonly Tag[]): void {
  const kept = tags.filter(({ key }) => key?.startsWith('aws:') !== true).length
  if (kept <= mostTags) return
  throw new Refusal({
    code: 'QUOTA_EXCEEDED',
    headline: `The task definition ${nameOf(definition.taskDefinitionArn ?? '')} has ${copied.length} tags, and those of a preview beside them would be more than the ${mostTags} that AWS allows.`,
    details: [
      'Take some off; `task-definition` with `tags` of its own says which a preview gets.',
      'Nothing was written.',
    ],
  })
}

/** Without the tags that every run writes anew. */
function lasting({ definition, tags }: Described): Described {
  return { definition, tags: tags.filter(tag => !fleeting.includes(tag.key ?? '')) }
}

function mergeTags(tags: readonly Tag[], added: Readonly<Record<string, string>>): readonly Tag[] {
  return [
    ...tags.filter(tag => !Object.hasOwn(added, tag.key ?? '')),
    ...Object.entries(added).map(([key, value]) => ({ key, value })),
  ]
}
