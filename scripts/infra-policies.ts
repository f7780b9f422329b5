import { readFileSync, writeFileSync } from 'node:fs'
import type { Policy, Statement } from '../src/model/plan.ts'
import { deployPolicy } from '../src/plan/permissions.ts'

/**
 * Writes the policies of the roles in infra/github.yml, between their markers, from the source that `mode: plan` prints them from.
 * With --check it writes nothing, and fails when the template is not what it would write.
 */

const template = 'infra/github.yml'

/** Words that no name of a template has, where it has pseudo parameters and parameters. */
const parameters: Readonly<Record<string, string>> = {
  PARTITION: 'AWS::Partition',
  REGION: 'AWS::Region',
  ACCOUNT: 'AWS::AccountId',
  CLUSTER: 'Cluster',
  SERVICE: 'Service',
}

/** Everything that infra/app.yml has and a deploy may be asked to do with it. */
function wholePolicy(): Policy {
  const arn = (service: string, rest: string) => `arn:PARTITION:${service}:REGION:ACCOUNT:${rest}`
  const both = (make: (color: string) => string) => ['blue', 'green'].map(make)
  return deployPolicy({
    clusterArn: arn('ecs', 'cluster/CLUSTER'),
    services: both(color => arn('ecs', `service/CLUSTER/SERVICE-${color}`)),
    targetGroups: both(color => arn('elasticloadbalancing', `targetgroup/SERVICE-${color}/*`)),
    routes: [arn('elasticloadbalancing', 'listener-rule/app/SERVICE/*')],
    lock: 'ecs-bg-lock-*',
    roles: ['task', 'execution'].map(name => `arn:PARTITION:iam::ACCOUNT:role/SERVICE-${name}`),
    logs: [arn('logs', 'log-group:/ecs/SERVICE:log-stream:*')],
    family: 'SERVICE',
    parks: true,
    keepsRevisions: true,
    alarms: true,
    oneOffTask: true,
    tagged: true,
  })
}

/** What brings in something new, or takes a way back away: a rollback needs none of it. */
const notForRollback = new Set([
  'ecs:RegisterTaskDefinition',
  'ecs:TagResource',
  'ecs:RunTask',
  'ecs:StopTask',
  'ecs:DeregisterTaskDefinition',
])

/** Status and plan name no old version, and tell of no task that has died. */
const notForReading = new Set(['ecs:ListTaskDefinitions', 'logs:GetLogEvents'])

const isRead = (action: string) => /^[\w-]+:(Describe|List|Get)/.test(action) && !notForReading.has(action)

/** Only where AWS has never taken weights for both groups: infra/app.yml gives them weights from the start. */
const forOtherRoutes = 'elasticloadbalancing:DescribeTargetGroupAttributes'

const policies: Readonly<Record<string, (action: string) => boolean>> = {
  deploy: action => action !== forOtherRoutes,
  rollback: action => action !== forOtherRoutes && !notForRollback.has(action),
  read: isRead,
}

function statementsFor(allowed: (action: string) => boolean): readonly Statement[] {
  return wholePolicy()
    .Statement.map(statement => ({ ...statement, Action: statement.Action.filter(allowed) }))
    .filter(statement => statement.Action.length > 0)
}

/** A value of the template; with parameters in it, one that CloudFormation fills in. */
function scalar(text: string): string {
  const filled = text.replace(/[A-Z]{6,}/g, word => {
    const parameter = parameters[word]
    if (parameter === undefined) throw new Error(`${template} has no parameter for ${word} in ${text}`)
    return `\${${parameter}}`
  })
  return filled === text ? `'${text}'` : `!Sub '${filled}'`
}

function lines({ Sid, Action, Resource, Condition }: Statement): readonly string[] {
  const list = (name: string, values: readonly string[]) => [`  ${name}:`, ...values.map(value => `    - ${value}`)]
  return [
    `- Sid: ${Sid}`,
    '  Effect: Allow',
    ...(Action.length === 1 ? [`  Action: ${Action[0]}`] : list('Action', Action)),
    ...(typeof Resource === 'string' ? [`  Resource: ${scalar(Resource)}`] : list('Resource', Resource.map(scalar))),
    ...(Condition === undefined
      ? []
      : Object.entries(Condition).flatMap(([operator, values]) => [
          '  Condition:',
          `    ${operator}:`,
          ...Object.entries(values).map(([key, value]) => `      ${key}: ${scalar(value)}`),
        ])),
  ]
}

function between(text: string, marker: string, body: readonly string[]): string {
  const pattern = new RegExp(`^( *)# ${marker} start\\n[\\s\\S]*?^ *# ${marker} end$`, 'm')
  if (!pattern.test(text))
    throw new Error(`${template} has no place for ${marker}: # ${marker} start … # ${marker} end`)
  return text.replace(pattern, (_, indent: string) =>
    [`# ${marker} start`, ...body, `# ${marker} end`].map(line => indent + line).join('\n'),
  )
}

const before = readFileSync(template, 'utf8')
const after = Object.entries(policies).reduce(
  (text, [marker, allowed]) => between(text, marker, statementsFor(allowed).flatMap(lines)),
  before,
)

if (process.argv.includes('--check')) {
  if (after !== before) {
    console.error(`${template} is not what the sources say: run npm run docs.`)
    process.exitCode = 1
  }
} else writeFileSync(template, after)
