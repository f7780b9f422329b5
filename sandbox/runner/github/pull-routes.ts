import { type ApiAnswer, type ApiRequest, invalid, membersOf, notFound, pageOf, refusal } from './answers.ts'
import { commentShape, pullShape } from './pull-shapes.ts'
import type { Pulls } from './pulls.ts'

/** Of GitHub, in characters. */
const longestBody = 65_536

export interface PullsPlace {
  readonly url: string
  readonly pulls: Pulls
}

export function listPulls({ query }: ApiRequest, { pulls, url }: PullsPlace): ApiAnswer {
  const { state = 'open' } = query
  const found = pulls.all().filter(pull => state === 'all' || pull.state === state)
  return { status: 200, body: pageOf(found, query).map(pull => pullShape(pull, url, false)) }
}

export function getPull(number: number, { pulls, url }: PullsPlace): ApiAnswer {
  const pull = pulls.find(number)
  return pull === undefined ? notFound : { status: 200, body: pullShape(pull, url, true) }
}

export function listComments(number: number, { query }: ApiRequest, { pulls, url }: PullsPlace): ApiAnswer {
  if (pulls.find(number) === undefined) return notFound
  return { status: 200, body: pageOf(pulls.comments(number), query).map(comment => commentShape(comment, url)) }
}

export function createComment(
  number: number,
  { body }: ApiRequest,
  { pulls, url }: PullsPlace,
  login: string,
): ApiAnswer {
  const pull = pulls.find(number)
  if (pull === undefined) return notFound
  if (pull.locked) return refusal(403, 'Unable to create comment because issue is locked.')
  const text = textOf(body)
  return typeof text === 'string' ? { status: 201, body: commentShape(pulls.say(number, login, text), url) } : text
}

/** GitHub lets who may write edit what others have said. */
export function updateComment(id: number, { body }: ApiRequest, { pulls, url }: PullsPlace): ApiAnswer {
  const text = textOf(body)
  if (typeof text !== 'string') return text
  const edited = pulls.edit(id, text)
  return edited === undefined ? notFound : { status: 200, body: commentShape(edited, url) }
}

function textOf(given: unknown): string | ApiAnswer {
  const body = membersOf(given)?.body
  if (typeof body !== 'string' || body === '') return invalid('IssueComment', 'body', 'missing_field')
  if (body.length <= longestBody) return body
  return refusal(422, 'Validation Failed', [
    {
      resource: 'IssueComment',
      code: 'unprocessable',
      field: 'data',
      message: 'Body is too long (maximum is 65536 characters)',
    },
  ])
}
