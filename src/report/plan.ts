import { type Check, checkLines, sections } from '../model/check.ts'
import { counted } from '../model/count.ts'
import type { DefinitionPlan, DeployPlan, PlannedStep, Policy } from '../model/plan.ts'
import type { RunReport } from '../model/report.ts'
import { andMore, block, details, table, text } from './markdown.ts'

/** More would push the rest off the page. */
const limits = { steps: 100, changes: 100, checks: 200 }

/** What a plan says, for the log: the checks, the steps, the difference, the policy. */
export function planLines({ checks, plan }: RunReport): readonly string[] {
  if (plan === undefined) return checkLines(checks)
  return [
    ...checkLines(checks),
    'Steps',
    ...(plan.steps.length === 0 ? ['  none'] : plan.steps.map((step, index) => `  ${index + 1}. ${stepText(step)}`)),
    definitionTitle(plan.definition),
    ...plan.definition.changes.map(change => `  ${change.path}: ${change.before ?? '–'} → ${change.after ?? '–'}`),
    'Policy: the least that this deploy needs',
    ...policyText(plan.policy)
      .split('\n')
      .map(line => `  ${line}`),
  ]
}

/** The same for the job summary. */
export function planPart(report: RunReport): string {
  const { plan, mode, checks } = report
  if (mode !== 'plan') {
    return checks.length === 0 ? '' : details(`Preflight (${counted(checks.length, 'check')})`, checksPart(checks))
  }
  return [
    ...(plan === undefined ? [] : [stepsPart(plan)]),
    checks.length === 0 ? '' : `### Preflight\n\n${checksPart(checks)}`,
    ...(plan === undefined
      ? []
      : [
          definitionPart(plan.definition),
          details('The least IAM policy for this set-up', block(policyText(plan.policy))),
        ]),
  ]
    .filter(part => part !== '')
    .join('\n\n')
}

function stepsPart({ steps }: DeployPlan): string {
  if (steps.length === 0) return ''
  const rows = steps
    .slice(0, limits.steps)
    .map((step, index) => [String(index + 1), text(step.says), text(step.before ?? ''), text(step.after ?? '')])
  return `### Steps\n\n${table(['', 'step', 'before', 'after'], rows)}${andMore(steps.length, limits.steps)}`
}

function stepText({ says, before, after }: PlannedStep): string {
  return after === undefined ? says : `${says}: ${before ?? 'nothing'} → ${after}`
}

function checksPart(checks: readonly Check[]): string {
  const shown = checks.slice(0, limits.checks)
  const listed = sections
    .filter(section => shown.some(check => check.section === section))
    .flatMap(section => [
      `- ${section}`,
      ...shown
        .filter(check => check.section === section)
        .map(({ mark, says }) => `  - ${markText(mark)} ${text(says, 500)}`),
    ])
    .join('\n')
  return `${listed}${andMore(checks.length, limits.checks)}`
}

function markText(mark: Check['mark']): string {
  return mark === 'NG' ? '**NG**' : mark
}

function definitionTitle({ from, reused, changes }: DefinitionPlan): string {
  const live = nameOf(from)
  const becomes = reused === undefined ? 'a new revision is registered from it' : `${nameOf(reused)} is used`
  return `Task definition: ${live} is live, ${becomes}, ${changes.length === 0 ? 'which says the same' : changes.length === 1 ? 'with one change' : `with ${changes.length} changes`}`
}

function definitionPart(definition: DefinitionPlan): string {
  const title = `### Task definition\n\n${text(definitionTitle(definition).replace(/^Task definition: /, ''))}.`
  if (definition.changes.length === 0) return title
  const rows = definition.changes
    .slice(0, limits.changes)
    .map(change => [text(change.path), text(change.before ?? '–'), text(change.after ?? '–')])
  return `${title}\n\n${table(['member', 'live', 'planned'], rows)}${andMore(definition.changes.length, limits.changes)}`
}

function policyText(policy: Policy): string {
  return JSON.stringify(policy, undefined, 2)
}

function nameOf(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1)
}
