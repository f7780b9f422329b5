import { stringify } from 'yaml'
import { block } from '../../src/report/markdown.ts'
import type { Account } from './account.ts'
import type { Stacks } from './stacks.ts'
import { plainName, subjectLines } from './subjects.ts'
import type { Terminal } from './terminal.ts'

/** What a finished set-up is good for: where it answers, what the action wants to know, and what the workflows of `examples/` want. */

/** `ListenerArns` → `listener-arns`: the outputs of app.yml are named as the inputs. */
export function inputsOf(outputs: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const kebab = (name: string) => name.replace(/(?<=[a-z])[A-Z]/g, letter => `-${letter}`).toLowerCase()
  return Object.fromEntries(Object.entries(outputs).map(([name, value]) => [kebab(name), value]))
}

/** Variables of the repository, under the names that the examples use. */
function variablesOf(account: Account, stacks: Stacks): Readonly<Record<string, string | undefined>> {
  const app = stacks.app?.outputs ?? {}
  const github = stacks.github?.outputs ?? {}
  const bootstrap = stacks.bootstrap?.outputs ?? {}
  const repositoryArn = stacks.app?.parameters.RepositoryArn ?? ''
  return {
    AWS_REGION: account.region,
    BUILD_ROLE: github.BuildRole,
    DEPLOY_ROLE: github.DeployRole,
    ROLLBACK_ROLE: github.RollbackRole,
    READ_ROLE: github.ReadRole,
    PREVIEW_ROLE: github.PreviewRole,
    INFRA_ROLE: bootstrap.InfraRole,
    INFRA_PLAN_ROLE: bootstrap.InfraPlanRole,
    ECR_REPOSITORY: repositoryArn.split(':repository/')[1],
    ECS_CLUSTER: app.Cluster,
    ECS_SERVICE: app.Service,
    LISTENER_ARNS: app.ListenerArns,
    TEST_LISTENER: app.TestListenerArns,
    PRODUCTION_URL: app.ProductionUrl,
    TEST_URL: app.TestUrl,
    ALARM_NAMES: app.AlarmNames,
  }
}

export function tellResult(account: Account, terminal: Terminal, stacks: Stacks): void {
  const outputs = stacks.app?.outputs ?? {}
  const yaml = stringify({ with: inputsOf(outputs) }, { lineWidth: 0 })
  const repository = stacks.github?.parameters.Repository
  const where = repository === undefined ? '' : ` --repo ${plainName(repository)}`
  const variables = Object.entries(variablesOf(account, stacks))
    .filter(([, value]) => value !== undefined && value !== '')
    .map(([name, value]) => `gh variable set ${name}${where} --body '${value}'`)
  const lines = [
    '',
    `Production answers at ${outputs.ProductionUrl}`,
    ...(outputs.TestUrl === undefined ? [] : [`Testers see the idle color at ${outputs.TestUrl}`]),
    '',
    'Inputs of the action, for your workflow:',
    '',
    ...yaml.trimEnd().split('\n'),
    '',
    'Variables of the repository, for the workflows of examples/:',
    '',
    ...variables,
    ...(stacks.github === undefined
      ? ['', 'There are no roles for jobs: run it again with --github OWNER/REPOSITORY.']
      : subjectLines(stacks.app?.name ?? '', stacks)),
  ]
  for (const line of lines) terminal.say(line)
  terminal.summarize(
    [
      `### ${stacks.app?.name ?? ''} in ${account.region}`,
      '',
      `Production answers at ${outputs.ProductionUrl}`,
      '',
      'Inputs of the action:',
      block(yaml.trimEnd()),
      'Variables of the repository:',
      block(variables.join('\n')),
    ].join('\n'),
  )
}
