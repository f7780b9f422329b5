import type { Policy, Statement } from '../src/model/plan.ts'

/** How much each role may do, at a glance. */
export function table(policies: Readonly<Record<string, Policy>>): readonly string[] {
  const rows = Object.entries(policies).map(([role, { Statement }]) => {
    const wide = Statement.filter(isWide)
    const cells = [
      `[${role}](../infra/iam/${role}.json)`,
      Statement.length,
      count(Statement),
      count(wide),
      writesOf(wide).join(', ') || 'none',
    ]
    return `| ${cells.join(' | ')} |`
  })
  const head = ['role', 'statements', 'actions', 'of these not limited to the app', 'and which of them write']
  return ['', `| ${head.join(' | ')} |`, `| ${head.map(() => '---').join(' | ')} |`, ...rows, '']
}

const count = (some: readonly Statement[]) => some.reduce((sum, { Action }) => sum + Action.length, 0)

/** On everything, or on everything of a kind, such as `vpc/*`, without a condition that names the app, its cluster or what is given to it. */
function isWide({ Resource, Condition }: Statement): boolean {
  const values = Object.values(Condition ?? {}).flatMap(keys => Object.values(keys).flat())
  return [Resource].flat().some(isOfAll) && !values.some(namesTheApp)
}

const namesTheApp = (text: string) => /SERVICE|CLUSTER|PREVIEWS|DOMAINNAME/.test(text)

const kindOfAll = /^arn:PARTITION:[\w-]+:(REGION|\*)?:(ACCOUNT|\*)?:[\w-]+[/:](app\/|aws-service-role\/)?\*$/

/** Locks are named alike for all apps. */
const isOfAll = (resource: string) =>
  resource === '*' || kindOfAll.test(resource) || resource.includes('targetgroup/ecs-bg-lock-*')

/** With what limits them after all. */
function writesOf(wide: readonly Statement[]): readonly string[] {
  return wide.flatMap(({ Action, Condition }) => {
    const keys = Object.values(Condition ?? {}).flatMap(one => Object.keys(one))
    const only = keys.length === 0 ? '' : ` (by ${keys.map(key => `\`${key}\``).join(', ')})`
    return Action.filter(action => !/:(Describe|List|Get)/.test(action)).map(action => `\`${action}\`${only}`)
  })
}
