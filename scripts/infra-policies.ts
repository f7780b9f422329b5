import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import type { Policy, Statement } from '../src/model/plan.ts'
import { table } from './infra-policies-table.ts'
import { infraPolicies, templatePolicies } from './role-policies.ts'
import { boundary } from './roles/boundary.ts'

/**
 * Writes the policies of the roles: between their markers in infra/github.yml and infra/bootstrap.yml, as JSON in infra/iam/, and their table in docs/permissions.md.
 * With --check it writes nothing, and fails when one of these is not what it would write.
 */

const templates = {
  'infra/github.yml': templatePolicies,
  'infra/bootstrap.yml': { boundary, ...infraPolicies },
} as const

/** Words that no name of a template has, where it has pseudo parameters and parameters. */
const parameters: Readonly<Record<string, string>> = {
  PARTITION: 'AWS::Partition',
  REGION: 'AWS::Region',
  ACCOUNT: 'AWS::AccountId',
  CLUSTER: 'Cluster',
  SERVICE: 'Service',
  PREVIEWS: 'Previews',
  HOSTEDZONE: 'HostedZoneId',
  DOMAINNAME: 'DomainName',
  NAMESPACE: 'NamespaceId',
  REPOSITORY: 'RepositoryArn',
}

/** A value of the template; with parameters in it, one that CloudFormation fills in. Without quotes where YAML needs none, see `lines`. */
function scalar(text: string): string {
  const value = quoted(text)
  return value.startsWith("!Sub 'arn:") ? value.replaceAll("'", '') : value
}

function quoted(text: string): string {
  const whole = parameters[text]
  if (whole !== undefined) return `!Ref ${whole}`
  const filled = text.replace(/[A-Z]{6,}/g, word => {
    const parameter = parameters[word]
    if (parameter === undefined) throw new Error(`no template has a parameter for ${word} in ${text}`)
    return `\${${parameter}}`
  })
  return filled === text ? `'${text}'` : `!Sub '${filled}'`
}

/** In a list on one line. */
function listed(text: string): string {
  const value = quoted(text)
  return value === `'${text}'` && /^[\w.-]+$/.test(text) ? text : value
}

function lines({ Sid, Action, Resource, Condition }: Statement): readonly string[] {
  // No deeper than it must be: CloudFormation takes 51,200 bytes of a template.
  const list = (name: string, values: readonly string[]) => [`  ${name}:`, ...values.map(value => `  - ${value}`)]
  return [
    `- Sid: ${Sid}`,
    '  Effect: Allow',
    ...(Action.length === 1 ? [`  Action: ${Action[0]}`] : list('Action', Action)),
    ...(typeof Resource === 'string' ? [`  Resource: ${scalar(Resource)}`] : list('Resource', Resource.map(scalar))),
    ...(Condition === undefined
      ? []
      : Object.entries(Condition).flatMap(([operator, values]) => [
          '  Condition:',
          // YAML would take the operator Null for nothing.
          `    ${operator === 'Null' ? "'Null'" : operator}:`,
          ...Object.entries(values).map(
            ([key, value]) =>
              `      ${key}: ${typeof value === 'string' ? scalar(value) : `[${value.map(listed).join(', ')}]`}`,
          ),
        ])),
  ]
}

function between(file: string, text: string, start: string, end: string, body: readonly string[]): string {
  const pattern = new RegExp(`^( *)${start}\\n[\\s\\S]*?^ *${end}$`, 'm')
  if (!pattern.test(text)) throw new Error(`${file} has no place for policies: ${start} … ${end}`)
  return text.replace(pattern, (_, indent: string) =>
    [start, ...body, end].map(line => (line === '' ? '' : indent + line)).join('\n'),
  )
}

function fillTemplate(template: string, policies: Readonly<Record<string, Policy>>, text: string): string {
  return Object.entries(policies).reduce(
    (filled, [role, { Statement }]) =>
      between(template, filled, `# ${role} start`, `# ${role} end`, Statement.flatMap(lines)),
    text,
  )
}

const json = (policy: Policy) => `${JSON.stringify(policy, undefined, 2)}\n`

const written: Readonly<Record<string, (before: string) => string>> = {
  ...Object.fromEntries(
    Object.entries(templates).map(([file, policies]) => [
      file,
      (before: string) => fillTemplate(file, policies, before),
    ]),
  ),
  'docs/permissions.md': before =>
    between(
      'docs/permissions.md',
      before,
      '<!-- roles start -->',
      '<!-- roles end -->',
      table({ ...templatePolicies, ...infraPolicies }),
    ),
  ...Object.fromEntries(
    Object.entries({ ...templatePolicies, ...infraPolicies, boundary }).map(([role, policy]) => [
      `infra/iam/${role}.json`,
      () => json(policy),
    ]),
  ),
}

const check = process.argv.includes('--check')
for (const [file, write] of Object.entries(written)) {
  const before = existsSync(file) ? readFileSync(file, 'utf8') : ''
  const after = write(before)
  if (!check) writeFileSync(file, after)
  else if (after !== before) {
    console.error(`${file} is not what the sources say: run npm run docs.`)
    process.exitCode = 1
  }
}
