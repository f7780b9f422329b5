import { AwsFault, type AwsService, type ControlPlane } from '../cloud/ports.ts'
import { demandsOf, type Surroundings } from './demands.ts'
import { type Demand, evaluate, evaluateWithin, type PolicyDocument, type PolicyStatement } from './policy.ts'

/** Who may do what. Whoever is not limited may do everything, so that IAM is out of the way until a test asks for it. */
export interface Iam {
  /** From now on the bearer of this access key may do what these policies allow, within the bounds if there are any, and nothing else. */
  limit(accessKeyId: string, policies: readonly PolicyDocument[], bounds?: PolicyDocument): void
  /** What somebody who is limited is refused; undefined when it is allowed. */
  refusal(
    accessKeyId: string,
    service: AwsService,
    operation: string,
    input: Record<string, unknown>,
  ): Demand | undefined
  /** What has been allowed so far, and by which statement: what is never found here was not needed. */
  readonly uses: readonly { readonly statement: PolicyStatement; readonly demand: Demand }[]
}

export function createIam(plane: ControlPlane, where: Pick<Surroundings, 'partition' | 'region' | 'account'>): Iam {
  const limits = new Map<
    string,
    { readonly policies: readonly PolicyDocument[]; readonly bounds: PolicyDocument | undefined }
  >()
  const uses: { readonly statement: PolicyStatement; readonly demand: Demand }[] = []
  const around: Surroundings = {
    ...where,
    tagsOf: (service, arn) => tagsOf(plane, service, arn),
    rolesOf: taskDefinition => rolesOf(plane, taskDefinition),
  }
  return {
    uses,
    limit: (accessKeyId, policies, bounds) => {
      limits.set(accessKeyId, { policies, bounds })
    },
    refusal(accessKeyId, service, operation, input) {
      const limit = limits.get(accessKeyId)
      if (limit === undefined) return undefined
      const { policies, bounds } = limit
      for (const demand of demandsOf(service, operation, input, around)) {
        const verdict = bounds === undefined ? evaluate(policies, demand) : evaluateWithin(bounds, policies, demand)
        if (verdict.kind === 'denied') return demand
        uses.push({ statement: verdict.by, demand })
      }
      return undefined
    },
  }
}

function tagsOf(plane: ControlPlane, service: AwsService, arn: string): Readonly<Record<string, string>> {
  const tags =
    service === 'ecs'
      ? ask(plane, 'ecs', 'ListTagsForResource', { resourceArn: arn })?.tags
      : service === 'elbv2'
        ? (ask(plane, 'elbv2', 'DescribeTags', { ResourceArns: [arn] })?.TagDescriptions as { Tags?: unknown }[])?.[0]
            ?.Tags
        : []
  const list = (tags ?? []) as readonly Readonly<Record<string, string>>[]
  return Object.fromEntries(list.map(tag => [tag.key ?? tag.Key, tag.value ?? tag.Value ?? '']))
}

function rolesOf(plane: ControlPlane, taskDefinition: string): readonly string[] {
  const found = ask(plane, 'ecs', 'DescribeTaskDefinition', { taskDefinition })?.taskDefinition
  const { taskRoleArn, executionRoleArn } = (found ?? {}) as Readonly<Record<string, string | undefined>>
  return [taskRoleArn, executionRoleArn].filter(role => role !== undefined)
}

/** Undefined for what is not there: the call itself will say so, in its own words. */
function ask(plane: ControlPlane, service: AwsService, operation: string, input: Record<string, unknown>) {
  try {
    return plane.call(service, operation, input) as Record<string, unknown>
  } catch (error) {
    if (error instanceof AwsFault) return undefined
    throw error
  }
}
