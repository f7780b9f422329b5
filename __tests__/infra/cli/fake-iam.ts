import type { Cloud } from '../../../sandbox/cloud/cloud.ts'
import { demandsOfParameters } from '../../../sandbox/iam/formation-demands.ts'
import { createIam, type Iam } from '../../../sandbox/iam/iam.ts'
import { type Demand, evaluate, type PolicyDocument, type PolicyStatement } from '../../../sandbox/iam/policy.ts'
import { type StackKey, templateOf } from '../../../scripts/infra/templates.ts'
import { demandsOfStack, placeOf } from '../infra-roles.ts'
import { account, region } from './fake-account.ts'
import { AwsError } from './fake-stack.ts'

type Input = Readonly<Record<string, unknown>>
type Values = Readonly<Record<string, string>>

export const keyId = 'FAKE'

/** The rights of whoever runs the two commands, for the app `shop`: those of the sandbox's IAM, and beside it for what the sandbox does not play. */
export class FakeIam {
  readonly ofSandbox: Iam
  readonly #asked: Demand[] = []
  #policies: readonly PolicyDocument[] | undefined
  #before = 0

  constructor(cloud: Cloud) {
    this.ofSandbox = createIam(cloud, { partition: 'aws', region, account })
  }

  limit(Statement: readonly PolicyStatement[]): void {
    this.#policies = [{ Statement }]
    this.ofSandbox.limit(keyId, this.#policies)
    this.#asked.length = 0
    this.#before = this.ofSandbox.uses.length
  }

  /** Everything that was asked for and allowed since the last limit. */
  get asked(): readonly Demand[] {
    return [...this.#asked, ...this.ofSandbox.uses.slice(this.#before).map(({ demand }) => demand)]
  }

  /** @throws AwsError */
  check(service: string, operation: string, where: string, input: Input): void {
    const refused = this.#refusal(demandsOfCall(service, operation, where, input))
    if (refused !== undefined) throw new AwsError('AccessDenied', textOf(refused), 403)
  }

  /** The first resource of a stack that cannot be made, changed or deleted with these rights. */
  refusedIn(stack: string, key: StackKey, change: 'look' | 'create' | 'update' | 'delete', given: Values) {
    if (this.#policies === undefined) return undefined
    const asked =
      change === 'look'
        ? demandsOfParameters(templateOf(key), placeOf(stack)).map(demand => ({ what: `look ${key}`, demand }))
        : demandsOfStack(key, given, [change])
    for (const { what, demand } of asked) {
      const refused = this.#refusal([demand])
      if (refused !== undefined) return { id: what.split(' ')[1] ?? '', reason: textOf(refused) }
    }
    return undefined
  }

  #refusal(demands: readonly Demand[]): Demand | undefined {
    if (this.#policies === undefined) return undefined
    const policies = this.#policies
    const refused = demands.find(demand => evaluate(policies, demand).kind === 'denied')
    if (refused === undefined) this.#asked.push(...demands)
    return refused
  }
}

const textOf = ({ action, resource }: Demand) =>
  `User: arn:aws:iam::${account}:role/shop-infra is not authorized to perform: ${action} on resource: ${resource}`

/** What the calls of `scripts/infra` ask for, but for those that the sandbox plays. Nobody has to be allowed to ask who he is. */
function demandsOfCall(service: string, operation: string, where: string, input: Input): readonly Demand[] {
  const on = (resource: string, context: Demand['context'] = {}): readonly Demand[] => [
    { action: `${service}:${operation}`, resource, context },
  ]
  switch (service) {
    case 'sts':
      return []
    case 'cloudformation': {
      const name = String(input.StackName)
      return on(name.startsWith('arn:') ? name : `arn:aws:cloudformation:${where}:${account}:stack/${name}/1`)
    }
    case 'ecr': {
      if (typeof input.resourceArn === 'string') return on(input.resourceArn)
      const [named] = [input.repositoryName, ...((input.repositoryNames ?? []) as readonly string[])].filter(Boolean)
      return on(named === undefined ? '*' : `arn:aws:ecr:${where}:${account}:repository/${named}`)
    }
    case 'ecs':
      return on(`arn:aws:ecs:${where}:${account}:cluster/${input.cluster}`)
    case 'iam': {
      const { OpenIDConnectProviderArn: provider, AWSServiceName: made, RoleName: role } = input
      const ofService = `arn:aws:iam::${account}:role/aws-service-role/${made ?? 'ecs.amazonaws.com'}/${role ?? 'AWSServiceRoleForIt'}`
      return on(
        typeof provider === 'string' ? provider : ofService,
        made === undefined ? {} : { 'iam:AWSServiceName': String(made) },
      )
    }
    default:
      throw new Error(`nobody has written down what ${service}:${operation} asks for`)
  }
}
