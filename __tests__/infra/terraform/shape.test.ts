import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { parse } from 'yaml'
import { type Parameter, readTemplate } from '../../../sandbox/infra/template.ts'
import { infra } from '../resolved.ts'
import { type Body, type Expression, moduleOf } from './hcl.ts'
import { kinds, parts, properties } from './parts.ts'

/** The Terraform modules have the shape of the templates: what one of the two gains, the other must gain, too. */

const snake = (name: string) => name.replace(/(?<=[a-z0-9])(?=[A-Z])/g, '_').toLowerCase()

test('there is a module for each template', () => {
  const folders = readdirSync(infra('terraform'), { withFileTypes: true }).filter(one => one.isDirectory())
  const templates = readdirSync(infra('.')).flatMap(file => /^(?!bootstrap)(.*)\.yml$/.exec(file)?.[1] ?? [])
  // The roles of the workflow that runs the commands for the templates have none.
  expect(folders.map(({ name }) => name).filter(name => name !== 'examples')).toEqual(templates)
  expect(Object.keys(parts).sort()).toEqual(templates)
})

/** Two ranges at most there, a list here. */
const others: Readonly<Record<string, string>> = { TestCidr: 'test_cidrs', TestCidr2: 'test_cidrs' }
const variableOf = (parameter: string) => others[parameter] ?? snake(parameter)

describe.each(Object.keys(parts))('%s', name => {
  const template = readTemplate(infra(`${name}.yml`))
  const module = moduleOf(name)

  test('has the same resources', () => {
    const known = parts[name] ?? {}
    expect(Object.keys(module.resources).sort()).toEqual([...Object.keys(known), ...(properties[name] ?? [])].sort())
    expect(Object.values(known).flat().sort()).toEqual(Object.keys(template.resources).sort())
    for (const [address, ids] of Object.entries(known)) {
      const [kind = ''] = address.split('.')
      expect([address, template.resources[ids[0] ?? '']?.Type]).toEqual([address, kinds[kind]])
      // Several of one kind are made by for_each; that of testers and one of FromTesters are the same.
      if (ids.length > 1 && kind !== 'aws_internet_gateway')
        expect(module.resources[address]).toHaveProperty('for_each')
    }
  })

  test('has the same variables, which are described in the same words', () => {
    const wanted = [...new Set(Object.keys(template.parameters).map(variableOf))]
    expect(Object.keys(module.variables).sort()).toEqual(wanted.sort())
    for (const [parameter, { Description }] of Object.entries(template.parameters)) {
      if (parameter === 'TestCidr2') continue
      const { description } = module.variables[variableOf(parameter)] ?? {}
      expect(description).toBe(inTerraform(Description, Object.keys(template.parameters)))
    }
  })

  test.each(Object.keys(template.parameters).filter(one => !(one in others)))('%s takes the same values', parameter => {
    const declared = template.parameters[parameter]
    const variable = module.variables[variableOf(parameter)]
    if (declared === undefined || variable === undefined) throw new Error(`there is no ${parameter}`)
    expect([variable.type, variable.nullable]).toEqual([typeOf(declared), false])
    expect(variable.default).toEqual(typeOf(declared) === 'bool' ? declared.Default === 'true' : declared.Default)
    for (const rule of rulesOf(declared)) expect(conditionsOf(variable).join('\n')).toContain(rule)
  })

  test('has the same outputs', () => {
    const outputs = Object.entries(template.outputs).map(([id, output]) => [
      snake(id),
      inTerraform((output as unknown as { Description: string }).Description, []),
    ])
    const { action_inputs: more, ...same } = module.outputs
    expect(Object.fromEntries(outputs)).toEqual(
      Object.fromEntries(Object.entries(same).map(([id, { description }]) => [id, description])),
    )
    expect(more !== undefined).toBe(name === 'app')
  })
})

/** Other files and other names, in the same sentences. */
function inTerraform(text: string, parameters: readonly string[]): string {
  const names = parameters.reduce(
    (all, parameter) =>
      // Names of one word are words of the sentence, too.
      all.replaceAll(
        new RegExp(/[a-z][A-Z]/.test(parameter) ? `\\b${parameter}\\b` : `(?<=of )${parameter}(?=,)`, 'g'),
        snake(parameter),
      ),
    text,
  )
  return names
    .replace(/(?<![/\w])([\w-]+)\.yml/g, '../$1')
    .replace(/(The|the) parameter of/g, '$1 variable of')
    .replace(/"(true|false)" (puts|gives)/g, '$1 $2')
    .replace('Update it to "false" before you remove the stack.', 'Set it to false, and apply, before you destroy.')
}

function typeOf({ Type, AllowedValues }: Parameter): string {
  if (AllowedValues?.join() === 'true,false') return 'bool'
  // biome-ignore lint/suspicious/noTemplateCurlyInString: as the parser gives it
  if (Type.startsWith('List<')) return '${list(string)}'
  return Type === 'Number' ? 'number' : 'string'
}

/** What a condition must have in it. */
function rulesOf(parameter: Parameter): readonly string[] {
  if (typeOf(parameter) === 'bool') return []
  const { AllowedPattern, AllowedValues, MinValue, MaxValue, MinLength, MaxLength } = parameter
  // Terraform's expressions count to 1000 at most.
  const pattern = AllowedPattern?.replace(/\{0,1023\}/, '*')
  return [
    ...(pattern === undefined ? [] : [`regex(${JSON.stringify(pattern)}, `]),
    ...(AllowedPattern === pattern ? [] : ['<= 1024']),
    ...(AllowedValues === undefined
      ? []
      : [`contains([${AllowedValues.map(one => JSON.stringify(one)).join(', ')}], `]),
    ...[MinValue, MinLength].filter(least => least !== undefined).map(least => `>= ${least}`),
    ...[MaxValue, MaxLength].filter(most => most !== undefined).map(most => `<= ${most}`),
  ]
}

const conditionsOf = ({ validation = [] }: Body): readonly (Expression | undefined)[] =>
  (validation as readonly Body[]).map(({ condition }) => condition)

test('rules between parameters of the app are rules between its variables', () => {
  const { variables } = moduleOf('app')
  const rules = Object.values(variables).flatMap(variable => conditionsOf(variable).map(String))
  expect(Object.keys(readTemplate(infra('app.yml')).rules)).toEqual([
    'NamesNeedTheirZone',
    'CertificatesAreForNames',
    // A list has no second one without a first.
    'SecondRangeAfterTheFirst',
  ])
  for (const name of ['hosted_zone_id', 'certificate_arn']) {
    expect(rules).toContain(`\${var.${name} == "" || var.domain_name != ""}`)
  }
})

test('the inputs that the app gives are inputs of the action, and all that the template has', () => {
  const inputs = Object.keys((parse(readFileSync('action.yml', 'utf8')) as { inputs: object }).inputs)
  const value = String(moduleOf('app').outputs.action_inputs?.value)
  const given = [...value.matchAll(/([a-z-]+) += /g)].map(([, input = '']) => input)
  const wanted = Object.keys(readTemplate(infra('app.yml')).outputs).map(id => snake(id).replaceAll('_', '-'))
  expect(given.sort()).toEqual(wanted.sort())
  expect(inputs).toEqual(expect.arrayContaining(given))
})
