/** Policies as IAM evaluates them, as far as this project's go. What it does not know is an error, never an allowance. */

export interface PolicyDocument {
  readonly Version?: string
  readonly Statement: readonly PolicyStatement[] | PolicyStatement
}

export interface PolicyStatement {
  readonly Sid?: string
  readonly Effect: 'Allow' | 'Deny'
  readonly Action: string | readonly string[]
  readonly Resource: string | readonly string[]
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>
}

/** One thing that a call asks leave for; a call may need several. */
export interface Demand {
  /** Such as `ecs:UpdateService`. */
  readonly action: string
  /** ARN; `*` for an action that knows no resources, which only `*` allows. */
  readonly resource: string
  /** Condition keys and their values; a key that is not there is absent. */
  readonly context: Readonly<Record<string, string>>
}

export type Verdict =
  | { readonly kind: 'allowed'; readonly by: PolicyStatement }
  | { readonly kind: 'denied'; readonly explicitly: boolean }

/** A denial wins over every allowance; without an allowance everything is denied. @throws Error for an operator that is not known */
export function evaluate(policies: readonly PolicyDocument[], demand: Demand): Verdict {
  const statements = policies.flatMap(({ Statement }) => [Statement].flat()).filter(one => applies(one, demand))
  if (statements.some(({ Effect }) => Effect === 'Deny')) return { kind: 'denied', explicitly: true }
  const [by] = statements
  return by === undefined ? { kind: 'denied', explicitly: false } : { kind: 'allowed', by }
}

/** With a permissions boundary, what is allowed is what the policies and it allow. */
export function evaluateWithin(bounds: PolicyDocument, policies: readonly PolicyDocument[], demand: Demand): Verdict {
  const most = evaluate([bounds], demand)
  return most.kind === 'denied' ? most : evaluate(policies, demand)
}

function applies(
  { Action, Resource, Condition = {} }: PolicyStatement,
  { action, resource, context }: Demand,
): boolean {
  return (
    // Actions are compared without regard to case, ARNs with it.
    [Action].flat().some(pattern => matches(pattern.toLowerCase(), action.toLowerCase())) &&
    [Resource].flat().some(pattern => matches(pattern, resource)) &&
    Object.entries(Condition).every(([operator, keys]) =>
      Object.entries(keys).every(([key, wanted]) => holds(operator, [wanted].flat(), keyed(context, key))),
    )
  )
}

/** Keys of conditions are compared without regard to case, except for what comes after the slash: the key of a tag. */
function keyed(context: Readonly<Record<string, string>>, key: string): string | undefined {
  const plain = (name: string) => name.replace(/^[^/]*/, before => before.toLowerCase())
  return Object.entries(context).find(([name]) => plain(name) === plain(key))?.[1]
}

function holds(operator: string, wanted: readonly string[], value: string | undefined): boolean {
  switch (operator) {
    case 'StringEquals':
      return value !== undefined && wanted.includes(value)
    // Of values of the request; true without any, as in IAM. The context here has one at most.
    case 'ForAllValues:StringEquals':
      return value === undefined || wanted.includes(value)
    case 'StringLike':
    case 'ArnEquals':
    case 'ArnLike':
      return value !== undefined && wanted.some(pattern => matches(pattern, value))
    case 'Null':
      return wanted.includes(String(value === undefined))
    default:
      throw new Error(`the sandbox's IAM does not know the operator ${operator}`)
  }
}

/** `*` stands for any characters, colons and slashes too, and `?` for one. */
function matches(pattern: string, text: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*/g, '.*')
    .replace(/\?/g, '.')
  return new RegExp(`^${source}$`, 's').test(text)
}
