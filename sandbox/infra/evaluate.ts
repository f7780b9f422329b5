import type { Members, Value } from './template.ts'

/** Where the names in a template come from. */
export interface Scope {
  /** A parameter, a pseudo parameter, or the physical id of a resource; undefined when there is none of that name. */
  ref(name: string): Value | undefined
  attribute(resource: string, name: string): Value | undefined
  readonly conditions: Members
}

type Function_ = (argument: Value, scope: Scope) => Value | undefined

const pseudoNothing = 'AWS::NoValue'

/** The functions that the templates use. */
const functions: Readonly<Record<string, Function_>> = {
  Ref: (name, scope) => (name === pseudoNothing ? undefined : known(scope.ref(String(name)), String(name))),
  Condition: (name, scope) => holds(String(name), scope),
  'Fn::GetAtt': (argument, scope) => {
    const [id = '', name = ''] = list(argument).map(String)
    return known(scope.attribute(id, name), `${id}.${name}`)
  },
  'Fn::Sub': (argument, scope) => {
    const [text, names] = typeof argument === 'string' ? [argument, {}] : (argument as readonly [string, Members])
    return text.replace(/\$\{([^!}][^}]*)\}/g, (_, name: string) => String(filled(name, names, scope)))
  },
  'Fn::If': (argument, scope) => {
    const [condition, yes, no] = list(argument)
    return evaluate((holds(String(condition), scope) ? yes : no) ?? null, scope)
  },
  'Fn::Equals': (argument, scope) => {
    const [one, other] = list(argument).map(value => evaluate(value, scope))
    return String(one) === String(other)
  },
  'Fn::Not': (argument, scope) => evaluate(list(argument)[0] ?? null, scope) !== true,
  'Fn::And': (argument, scope) => list(argument).every(value => evaluate(value, scope) === true),
  'Fn::Or': (argument, scope) => list(argument).some(value => evaluate(value, scope) === true),
  'Fn::Contains': (argument, scope) => {
    const [all, one] = list(argument)
    return list(evaluate(all ?? [], scope) ?? []).some(each => String(each) === String(evaluate(one ?? null, scope)))
  },
  'Fn::Base64': (argument, scope) => Buffer.from(String(evaluate(argument, scope))).toString('base64'),
  'Fn::Join': (argument, scope) => {
    const [separator, parts] = list(argument)
    return list(evaluate(parts ?? [], scope) ?? [])
      .map(String)
      .join(String(separator))
  },
}

/** What a value of a template becomes; undefined where it says `AWS::NoValue`, which takes the member or the element away. */
export function evaluate(value: Value, scope: Scope): Value | undefined {
  if (Array.isArray(value)) return value.map(one => evaluate(one, scope)).filter(one => one !== undefined)
  if (value === null || typeof value !== 'object') return value
  const entries = Object.entries(value as Members)
  const [only] = entries
  if (only !== undefined && entries.length === 1 && /^(Ref|Condition|Fn::\w+)$/.test(only[0])) {
    const [name, argument] = only
    const call = functions[name]
    if (call === undefined) throw new Error(`the sandbox does not know the function ${name}`)
    return call(argument, scope)
  }
  const members = entries.map(([name, member]) => [name, evaluate(member, scope)] as const)
  return Object.fromEntries(members.filter((member): member is readonly [string, Value] => member[1] !== undefined))
}

/** Whether a condition of the template is true. */
export function holds(name: string, scope: Scope): boolean {
  const condition = scope.conditions[name]
  if (condition === undefined) throw new Error(`the template has no condition ${name}`)
  return evaluate(condition, scope) === true
}

function filled(name: string, names: Members, scope: Scope): Value {
  const own = names[name]
  if (own !== undefined) return known(evaluate(own, scope), name)
  const [id = '', ...attribute] = name.split('.')
  return known(attribute.length === 0 ? scope.ref(name) : scope.attribute(id, attribute.join('.')), name)
}

function known(value: Value | undefined, name: string): Value {
  if (value === undefined) throw new Error(`the template has nothing that is called ${name}`)
  return value
}

function list(value: Value): readonly Value[] {
  if (!Array.isArray(value)) throw new Error(`not a list: ${JSON.stringify(value)}`)
  return value
}
