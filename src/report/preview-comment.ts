import { parseImage } from '../model/image.ts'
import type { PreviewNews } from '../model/preview.ts'
import { block, code, link, table, text } from './markdown.ts'
import { reasonOf } from './reason.ts'

/**
 * The comment on a pull request. What comes from outside stands in `<code>` or `<pre>` only: in a comment GitHub looks for names,
 * numbers and commits in everything else, also in what was written as entities, and tells who is named. Title, branch and author of
 * the pull request are not in it.
 */

export interface CommentFacts {
  readonly region: string
  readonly cluster: string
  readonly service: string
  /** Of the pull request; empty when it is not known. */
  readonly commit: string
  /** Empty outside of GitHub. */
  readonly runUrl: string
}

const titles = {
  ready: 'is ready',
  failed: 'failed',
  gone: 'is gone',
  stuck: 'could not be deleted',
} as const satisfies Readonly<Record<PreviewNews['state'], string>>

/**
 * What the comment of this preview begins with, which nobody sees. Repositories are not named: the pull request says whose it is.
 * Names are those that AWS allows, so nothing in them ends an HTML comment.
 */
export function marker({ region, cluster, service }: CommentFacts, id: string): string {
  const place = [region, cluster, service, id]
    .map(name => name.slice(0, longestName).replace(/[^A-Za-z0-9_-]/g, ''))
    .join('/')
  return `<!-- ecs-bluegreen preview ${place} -->`
}

/** Longer than any that AWS allows. */
const longestName = 300

export function commentBody(news: PreviewNews, facts: CommentFacts): string {
  const { state, preview, because, failure } = news
  const there = state === 'ready'
  const rows: readonly (readonly [string, string | undefined])[] = [
    ['image', preview?.image === undefined ? undefined : code(shortImage(preview.image))],
    ['version', preview?.version === undefined ? undefined : code(preview.version)],
    ['commit', facts.commit === '' || preview?.image === undefined ? undefined : code(facts.commit)],
    ['found by', preview?.place === undefined ? undefined : code(preview.place)],
    ['stays until', there && preview?.expires !== undefined ? code(preview.expires) : undefined],
  ]
  const shown = rows.flatMap(([name, said]) => (said === undefined ? [] : [[name, said]]))
  const parts = [
    `### Preview of ${code(facts.service)} ${titles[state]}`,
    there && preview?.url !== undefined ? `**${link(preview.url, preview.url)}**` : '',
    // Our own words.
    because === undefined ? '' : `${text(because)}.`,
    failure === undefined ? '' : block(withoutAccounts(reasonOf(failure))),
    shown.length === 0 ? '' : table(['', ''], shown),
    facts.runUrl === '' ? '' : link(state === 'ready' ? 'How it was made' : 'What happened', facts.runUrl),
  ]
  return `${marker(facts, news.id)}\n${parts.filter(part => part !== '').join('\n\n')}\n`
}

/** Without the registry, whose name has the number of the account. */
function shortImage(image: string): string {
  const name = parseImage(image)
  if (name === undefined) return withoutAccounts(image)
  const parts = name.repository.split('/')
  const short = parts.length > 1 && /[.:]/.test(parts[0] ?? '') ? image.slice((parts[0] ?? '').length + 1) : image
  return withoutAccounts(short)
}

/** Nothing masks in a comment what the runner masks in a log. */
function withoutAccounts(said: string): string {
  return said.replace(/(?<![0-9A-Za-z])\d{12}(?![0-9A-Za-z])/g, '************')
}
