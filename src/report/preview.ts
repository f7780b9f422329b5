import type { Outcome } from '../model/outcome.ts'
import type { Policy } from '../model/plan.ts'
import type { PreviewReport, Swept } from '../model/preview.ts'
import type { RunFacts, RunReport } from '../model/report.ts'
import { andMore, block, code, details, list, table, text } from './markdown.ts'

/** More would push the rest off the page. */
const limits = { swept: 100, steps: 50 }

interface PreviewFacts extends RunFacts {
  readonly mode: RunReport['mode']
  readonly outcome: Outcome
  readonly preview: PreviewReport
  readonly policy?: Policy
}

export function previewReport(facts: PreviewFacts): RunReport {
  const { healthy, url, id } = facts.preview
  const links = healthy && url !== undefined ? { links: [{ label: `Open ${id}`, url }] } : {}
  return { ...facts, ...links, routes: [], phases: [], events: [] }
}

/** The title of the summary; its texts are escaped. */
export function previewHeadline({ outcome, service }: RunReport, preview: PreviewReport): string {
  const of = `${text(service)}: `
  const id = text(preview.id ?? '')
  if ('failure' in outcome) {
    const what = preview.task === 'preview-sweep' ? 'sweep of previews' : `preview ${id}`
    return `${of}${what} ${outcome.status === 'cancelled' ? 'cancelled' : 'failed'}`
  }
  if (preview.dry) return `${of}plan for ${text(preview.task)}${id === '' ? '' : ` of ${id}`}`
  switch (preview.task) {
    case 'preview':
      return `${of}preview ${id} is ready`
    case 'preview-destroy':
      return `${of}preview ${id} is gone`
    case 'preview-sweep':
      return `${of}previews swept`
    default:
      return preview.task satisfies never
  }
}

export function previewPart(preview: PreviewReport, policy: Policy | undefined): string {
  const { swept = [], steps = [] } = preview
  const parts = [
    preview.task === 'preview' ? factsTable(preview) : '',
    swept.length === 0
      ? ''
      : `${table(['preview', 'why', ''], swept.slice(0, limits.swept).map(sweptRow))}${andMore(swept.length, limits.swept)}`,
    preview.dry && steps.length > 0 ? `### Steps\n\n${list(steps, limits.steps)}` : '',
    policy === undefined
      ? ''
      : details('The least IAM policy for previews of this service', block(JSON.stringify(policy, undefined, 2))),
  ]
  return parts.filter(part => part !== '').join('\n\n')
}

function factsTable(preview: PreviewReport): string {
  const rows: readonly (readonly [string, string | undefined])[] = [
    ['URL', preview.url === undefined ? undefined : code(preview.url)],
    ['found by', preview.place === undefined ? undefined : text(preview.place)],
    ['image', preview.image === undefined ? undefined : code(preview.image)],
    ['task definition', preview.taskDefinition === undefined ? undefined : code(nameOf(preview.taskDefinition))],
    ['service and target group', preview.name === undefined ? undefined : code(preview.name)],
    ['tasks', preview.desired === undefined ? undefined : String(preview.desired)],
    ['stays until', preview.expires === undefined ? undefined : text(preview.expires)],
  ]
  const shown = rows.flatMap(([name, said]) => (said === undefined ? [] : [[name, said]]))
  return shown.length === 0 ? '' : table(['', ''], shown)
}

function sweptRow({ id, because, ended, failure }: Swept): readonly string[] {
  return [text(id), text(because), failure === undefined ? ended : `${ended}: ${text(failure.headline)}`]
}

/** What outputs say of a preview, over those of a deploy. */
export function previewOutputs(preview: PreviewReport | undefined): Readonly<Record<string, string>> {
  if (preview === undefined) return { 'preview-url': '', 'preview-id': '', 'preview-expires': '' }
  const { url = '', id = '', expires = '', image, version, taskDefinition } = preview
  // A URL that answers nothing, or production, is worse than none.
  const there = preview.healthy === true
  return {
    'preview-url': there ? url : '',
    'preview-id': id,
    'preview-expires': there ? expires : '',
    ...(there && image !== undefined ? { image } : {}),
    ...(there && version !== undefined ? { version } : {}),
    ...(there && taskDefinition !== undefined ? { 'task-definition-arn': taskDefinition } : {}),
  }
}

/** What a plan or sweep says in the log, beside what was said on the way. */
export function previewLines(report: RunReport): readonly string[] {
  if (report.policy === undefined) return []
  return [
    'Policy: the least that previews of this service need',
    ...JSON.stringify(report.policy, undefined, 2).split('\n'),
  ]
}

function nameOf(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1)
}
