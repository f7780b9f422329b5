import { evaluate } from '../../sandbox/infra/evaluate.ts'
import { stackScope } from '../../sandbox/infra/stack.ts'
import type { Parameter, Template } from '../../sandbox/infra/template.ts'
import type { Values } from './templates.ts'

/** What a template says against values, before AWS is asked anything. */

/** Ids that CloudFormation looks up itself; the shape is known here. */
const shapes: Readonly<Record<string, RegExp>> = {
  'AWS::EC2::VPC::Id': /^vpc-[0-9a-f]{8,17}$/,
  'AWS::EC2::Subnet::Id': /^subnet-[0-9a-f]{8,17}$/,
}

/** Every problem at once, each a sentence that begins with the parameter's name. */
export function problemsOf(template: Template, values: Values, file: string): readonly string[] {
  return Object.entries(values).flatMap(([name, value]) => {
    const parameter = template.parameters[name]
    if (parameter === undefined) return [`${name}: ${file} has no such parameter.`]
    const wrong = problemOf(parameter, value)
    return wrong === undefined ? [] : [`${name}: '${value}' ${wrong}`]
  })
}

function problemOf(parameter: Parameter, value: string): string | undefined {
  const { AllowedValues, AllowedPattern, ConstraintDescription } = parameter
  if (AllowedValues !== undefined && !AllowedValues.some(allowed => String(allowed) === value)) {
    return `is none of ${AllowedValues.join(', ')}.`
  }
  // CloudFormation holds a pattern to the whole value.
  if (AllowedPattern !== undefined && !new RegExp(`^(?:${AllowedPattern})$`).test(value)) {
    return `is not what it takes: ${ConstraintDescription ?? `it must match ${AllowedPattern}`}`
  }
  return problemOfShape(parameter, value) ?? problemOfSize(parameter, value)
}

function problemOfShape({ Type }: Parameter, value: string): string | undefined {
  const [, element] = /^List<(.+)>$/.exec(Type) ?? []
  const shape = shapes[element ?? Type]
  if (shape === undefined) return undefined
  const wrong = (element === undefined ? [value] : value.split(',')).find(one => !shape.test(one))
  return wrong === undefined ? undefined : `is no ${element ?? Type}: '${wrong}' does not match ${shape.source}.`
}

function problemOfSize({ Type, MinValue, MaxValue, MinLength, MaxLength }: Parameter, value: string) {
  if (Type === 'Number' && !/^-?\d+(\.\d+)?$/.test(value)) return 'is no number.'
  const [size, least, most, what] =
    Type === 'Number' ? [Number(value), MinValue, MaxValue, ''] : [value.length, MinLength, MaxLength, ' characters']
  if (least !== undefined && size < Number(least)) return `is too small: at least ${least}${what}.`
  if (most !== undefined && size > Number(most)) return `is too large: at most ${most}${what}.`
  return undefined
}

/** What the template's own rules say against the values together, those of its defaults included. */
export function brokenRules(template: Template, values: Values): readonly string[] {
  const scope = scopeOf(template, values)
  return Object.values(template.rules)
    .filter(({ RuleCondition }) => RuleCondition === undefined || evaluate(RuleCondition, scope) === true)
    .flatMap(({ Assertions }) => Assertions)
    .filter(({ Assert }) => evaluate(Assert, scope) !== true)
    .map(({ AssertDescription }) => AssertDescription)
}

/** Names in a template where nothing is made yet. What is not known yet is some text, which no condition compares with nothing. */
export function scopeOf(template: Template, values: Values) {
  const required = Object.entries(template.parameters)
    .filter(([, { Default }]) => Default === undefined)
    .map(([name]) => [name, 'known-later'] as const)
  const nowhere = { region: 'known-later', partition: 'aws', accountId: 'known-later', made: () => undefined }
  return stackScope(template, { ...Object.fromEntries(required), ...values }, nowhere)
}

/** Load balancers take certificates, and alarms topics, of their own Region only. */
export function elsewhere(values: Values, region: string): readonly string[] {
  return Object.entries(values).flatMap(([name, value]) => {
    const [, where] = /^arn:[^:]+:(?:acm|sns):([^:]+):/.exec(value) ?? []
    return where === undefined || where === region
      ? []
      : [`${name}: ${value} is in ${where}, and the app in ${region}.`]
  })
}

/** The template's own word for what a stack keeps from its first day on. */
export function isFixed(parameter: Parameter | undefined): boolean {
  return parameter?.Description.startsWith('Fixed at creation.') === true
}
