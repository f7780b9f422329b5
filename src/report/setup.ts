import type { Outcome } from '../model/outcome.ts'
import type { Policy } from '../model/plan.ts'
import type { RunFacts, RunReport } from '../model/report.ts'
import type { SetupReport } from '../model/setup.ts'
import { block, code, details, list, table, text } from './markdown.ts'

interface SetupFacts extends RunFacts {
  readonly mode: RunReport['mode']
  readonly outcome: Outcome
  readonly setup: SetupReport
  readonly policy?: Policy
}

export function setupReport(facts: SetupFacts): RunReport {
  return { ...facts, routes: [], phases: [], events: [] }
}

/** The title of the summary; its texts are escaped. */
export function setupHeadline({ outcome, service }: RunReport, { dry, steps }: SetupReport): string {
  const of = text(service)
  if ('failure' in outcome) return `${of}: setup ${outcome.status === 'cancelled' ? 'cancelled' : 'failed'}`
  if (dry && steps.length > 0) return `${of}: plan for setup`
  return outcome.status === 'unchanged' ? `${of}: is a pair already` : `${of}: ready for blue/green`
}

/** What was made, how to go on, and how to go back. */
export function setupPart({ dry, steps, parts, inputs, undo }: SetupReport, policy: Policy | undefined): string {
  const shown = [
    steps.length === 0 ? '' : `### ${dry ? 'Steps' : 'What was done'}\n\n${list(steps)}`,
    parts.length === 0
      ? ''
      : table(
          ['', ''],
          parts.map(([what, name]) => [text(what), code(name)]),
        ),
    inputs === undefined
      ? ''
      : `### Your deploys\n\n${block(usage(inputs).join('\n'))}\n\nThe workflows of examples/ take the same from variables of the repository:\n\n${block(variables(inputs).join('\n'))}`,
    undo.length === 0 ? '' : details('How to undo it', block(undo.join('\n'))),
    policy === undefined ? '' : details('The least IAM policy for setup', block(policyText(policy))),
  ]
  return shown.filter(part => part !== '').join('\n\n')
}

/** The same for the log, but for the steps, which it has told on the way. */
export function setupLines({ setup, policy }: RunReport): readonly string[] {
  const { inputs, undo = [] } = setup ?? {}
  return [
    ...(inputs === undefined
      ? []
      : ['Your deploys', ...[...usage(inputs), ...variables(inputs)].map(line => `  ${line}`)]),
    ...(undo.length === 0 ? [] : ['To undo it', ...undo.map(line => `  ${line}`)]),
    ...(policy === undefined ? [] : ['Policy: the least that setup needs', ...policyText(policy).split('\n')]),
  ]
}

export function setupOutputs(setup: SetupReport | undefined): Readonly<Record<string, string>> {
  return { 'setup-inputs': setup?.inputs === undefined ? '' : JSON.stringify(setup.inputs) }
}

/** A step of a workflow. */
function usage(inputs: Readonly<Record<string, string>>): readonly string[] {
  return [
    '- uses: org/ecs-bluegreen@v1',
    '  with:',
    ...Object.entries(inputs).map(([name, value]) => `    ${name}: ${value}`),
    '    image: … # the image to deploy',
  ]
}

const variableNames: Readonly<Record<string, string>> = {
  cluster: 'ECS_CLUSTER',
  service: 'ECS_SERVICE',
  'blue-service': 'BLUE_SERVICE',
  'green-service': 'GREEN_SERVICE',
  'listener-arns': 'LISTENER_ARNS',
  'test-listener-arns': 'TEST_LISTENER',
}

/** Commands of the GitHub CLI. A base name and full names exclude each other. */
function variables(inputs: Readonly<Record<string, string>>): readonly string[] {
  const others = inputs.service === undefined ? ['service'] : ['blue-service', 'green-service']
  return [
    ...Object.entries(inputs).map(([name, value]) => `gh variable set ${variableNames[name] ?? name} --body ${value}`),
    ...others.map(name => `gh variable delete ${variableNames[name] ?? name} # if it is set`),
  ]
}

function policyText(policy: Policy): string {
  return JSON.stringify(policy, undefined, 2)
}
