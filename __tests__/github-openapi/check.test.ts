import { describe, expect, test } from '@jest/globals'
import type { Exchange } from '../../sandbox/runner/github/server.ts'
import { checkExchange } from './check.ts'

/** A check that lets everything pass would prove nothing. */

const collection = '/repos/{owner}/{repo}/deployments'
const statuses = `${collection}/{deployment_id}/statuses`

function exchange(request: Partial<Exchange['request']>, answer: Exchange['answer'], template = collection): Exchange {
  const whole = { method: 'GET', path: '/', query: {}, body: undefined, authorization: '', ...request }
  return { operation: 'listDeployments', template, request: whole, answer }
}

const empty = { status: 200, body: [] }

describe("GitHub's OpenAPI description", () => {
  test('takes a list of nothing', () => {
    const query = { environment: 'production', task: 'deploy:app', per_page: '30' }
    expect(checkExchange(exchange({ query }, empty))).toEqual([])
  })

  test.each<[string, Exchange, RegExp]>([
    ['a path', exchange({}, empty, '/repos/{owner}/{repo}/deploys'), /no operation/],
    ['a method', exchange({ method: 'PUT' }, empty), /no operation/],
    ['a parameter', exchange({ query: { env: 'production' } }, empty), /no parameter env/],
    ['a number', exchange({ query: { per_page: 'all' } }, empty), /per_page must be integer/],
    ['an answer', exchange({}, { status: 204, body: undefined }), /never answers 204/],
    ['a deployment', exchange({}, { status: 200, body: [{ id: 1 }] }), /required property 'sha'/],
    [
      'a body',
      exchange({ method: 'POST', body: { task: 'deploy' } }, { status: 202, body: {} }),
      /required property 'ref'/,
    ],
    [
      'a member',
      exchange({ method: 'POST', body: { ref: 'main', autoMerge: false } }, { status: 202, body: {} }),
      /no member autoMerge/,
    ],
    [
      'a state',
      exchange({ method: 'POST', body: { state: 'done' } }, { status: 201, body: {} }, statuses),
      /state must be equal to one of the allowed values/,
    ],
    ['an error', exchange({}, { status: 403, body: { message: 1 } }), /message must be string/],
  ])('does not take %s that it does not have', (_, wrong, problem) => {
    expect(checkExchange(wrong).join('\n')).toMatch(problem)
  })
})
