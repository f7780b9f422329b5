import { readFileSync, writeFileSync } from 'node:fs'
import { parse } from 'yaml'
import { deployPolicy } from '../src/plan/permissions.ts'

/**
 * Writes the tables of inputs and outputs in docs/inputs.md from action.yml, and the policy in docs/permissions.md from the source that
 * `mode: plan` uses, between their markers. With --check it writes nothing, and fails when they are not what it would write.
 */

interface Described {
  readonly description: string
  readonly default?: string
}

const action = parse(readFileSync('action.yml', 'utf8')) as {
  readonly inputs: Readonly<Record<string, Described>>
  readonly outputs: Readonly<Record<string, Described>>
}

const oneCell = (text: string) => text.trim().replace(/\s+/g, ' ').replace(/\|/g, '\\|')

function rows(described: Readonly<Record<string, Described>>, withDefault: boolean): string {
  const lines = Object.entries(described).map(([name, { description, default: fallback }]) => {
    const cells = [`\`${name}\``, oneCell(description)]
    if (withDefault) cells.push(fallback === undefined || fallback === '' ? '' : `\`${fallback}\``)
    return `| ${cells.join(' | ')} |`
  })
  const head = withDefault ? ['input', 'what it is', 'default'] : ['output', 'what it is']
  return [`| ${head.join(' | ')} |`, `| ${head.map(() => '---').join(' | ')} |`, ...lines].join('\n')
}

function between(file: string, text: string, marker: string, body: string): string {
  const pattern = new RegExp(`(<!-- ${marker} start -->\\n)[\\s\\S]*?(<!-- ${marker} end -->)`)
  if (!pattern.test(text))
    throw new Error(`${file} has no place for ${marker}: <!-- ${marker} start --> … <!-- ${marker} end -->`)
  return text.replace(pattern, (_, start: string, end: string) => `${start}\n${body}\n\n${end}`)
}

/** The policy with words where a set-up has its names, one statement a line. */
function policy(): string {
  const arn = (service: string, rest: string) => `arn:aws:${service}:REGION:ACCOUNT:${rest}`
  const { Version, Statement } = deployPolicy({
    clusterArn: arn('ecs', 'cluster/CLUSTER'),
    services: ['SERVICE-blue', 'SERVICE-green'].map(name => arn('ecs', `service/CLUSTER/${name}`)),
    targetGroups: ['BLUE_TARGET_GROUP_ARN', 'GREEN_TARGET_GROUP_ARN'],
    routes: ['LISTENER_ARN', ':listener-rule/RULE_ARN'],
    roles: ['TASK_ROLE', 'EXECUTION_ROLE'],
    family: 'FAMILY',
    tagged: true,
    parks: true,
    keepsRevisions: true,
    logs: [`arn:aws:logs:REGION:ACCOUNT:log-group:LOG_GROUP:log-stream:*`],
    alarms: true,
    oneOffTask: true,
    lock: 'ecs-bg-lock-*',
  })
  const statements = Statement.map(statement => `    ${JSON.stringify(statement).replace(':listener-rule/', '')}`)
  return [
    '```json',
    '{',
    `  "Version": "${Version}",`,
    '  "Statement": [',
    statements.join(',\n'),
    '  ]',
    '}',
    '```',
  ].join('\n')
}

const blocks: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'docs/inputs.md': { inputs: rows(action.inputs, true), outputs: rows(action.outputs, false) },
  'docs/permissions.md': { policy: policy() },
}

for (const [file, bodies] of Object.entries(blocks)) {
  const before = readFileSync(file, 'utf8')
  const after = Object.entries(bodies).reduce((text, [marker, body]) => between(file, text, marker, body), before)
  if (!process.argv.includes('--check')) writeFileSync(file, after)
  else if (after !== before) {
    console.error(`${file} is not what action.yml and the sources say: run npm run docs.`)
    process.exitCode = 1
  }
}
