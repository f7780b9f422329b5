import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { pullRequestOf } from '../../src/inputs/event.ts'
import { type InputName, readInputs } from '../../src/inputs/inputs.ts'
import { Refusal } from '../../src/model/outcome.ts'

type Given = Partial<Record<InputName, string>>

const base: Given = { mode: 'preview', service: 'shop', image: 'shop:1', 'pull-request': '12' }
const read = (given: Given) => readInputs(name => given[name] ?? '', 'eu-central-1').preview

function problems(given: Given): readonly string[] {
  try {
    read(given)
    return []
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return error.failure.details
  }
}

describe('a preview', () => {
  test.each<[Given, object]>([
    [{ 'preview-domain': 'Preview.Example.com' }, { kind: 'host', host: 'pr-12.preview.example.com' }],
    [{ 'preview-path': '/previews' }, { kind: 'path', path: '/previews/pr-12' }],
    [{ 'preview-header': 'X-Preview' }, { kind: 'header', name: 'X-Preview', value: 'pr-12' }],
    [
      { 'preview-domain': 'localhost', 'preview-id': 'x' },
      { kind: 'host', host: 'x.localhost' },
    ],
  ])('with %j is found at %j', (given, place) => {
    expect(read({ ...base, ...given })).toMatchObject({ place, pullRequest: 12 })
  })

  test.each<[Given, string]>([
    [{ 'blue-service': 'shop-blue', 'green-service': 'shop-green' }, 'shop'],
    [{ 'blue-service': 'shop', 'green-service': 'shop-green' }, 'shop'],
    [{ 'blue-service': 'one', 'green-service': 'two' }, 'one'],
    [{ 'blue-service': 'shop-blue', 'green-service': 'store-green' }, 'shop-blue'],
  ])('of %j is one of %s', (pair, service) => {
    const { service: _, ...rest } = base
    expect(read({ ...rest, ...pair, 'preview-domain': 'example.com' }).service).toBe(service)
  })

  test.each<[string, string, RegExp]>([
    ['preview-id', 'PR-1', /preview-id: 'PR-1' is no id/],
    ['preview-id', 'a'.repeat(41), /is no id/],
    ['preview-id', '-a', /is no id/],
    ['preview-id', 'a_b', /is no id/],
    ['preview-id', '<script>', /is no id/],
    ['preview-domain', '*.example.com', /has a wildcard. Write example.com/],
    ['preview-domain', 'https://example.com', /is not a domain/],
    ['preview-domain', 'example.c0m', /is not a domain/],
    ['preview-domain', `${'a'.repeat(60)}.${'b'.repeat(30)}.com`, /with 87 characters at most/],
    ['preview-path', '/previews/', /without a slash at its end/],
    ['preview-path', '/*', /is not a path/],
    ['preview-header', 'Host', /is not the name of a header/],
    ['preview-header', 'X Preview', /is not the name of a header/],
    ['preview-priorities', '0-10', /is not a range/],
    ['preview-priorities', '20-10', /is not a range/],
    ['preview-priorities', '1-50001', /is not a range/],
    ['preview-ttl', '5m', /is too short/],
    ['preview-desired-count', '0', /out of range/],
    ['pull-request', 'x', /is not a whole number/],
    ['preview-listener-arn', 'listener', /preview-listener-arn/],
    [
      'preview-listener-arn',
      'arn:aws:elasticloadbalancing:eu-central-1:123456789012:listener-rule/app/a/0123456789abcdef/0123456789abcdef/0123456789abcdef',
      /is the ARN of a rule/,
    ],
    [
      'preview-listener-arn',
      'arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener/app/a/0123456789abcdef/0123456789abcdef',
      /is in eu-west-1/,
    ],
  ])('refuses %s %j', (name, text, says) => {
    const found = problems({ ...base, 'preview-domain': 'example.com', [name]: text })
    expect(found).toEqual([expect.stringMatching(says)])
  })

  test.each<[string, Given, RegExp]>([
    ['no number', { ...base, 'preview-domain': 'a.com', 'pull-request': '' }, /preview-id: is missing/],
    ['nowhere to be found', base, /preview-domain: is missing/],
    [
      'two ways to find it',
      { ...base, 'preview-domain': 'a.com', 'preview-path': '/p' },
      /preview-path: goes without preview-domain/,
    ],
    ['no image', { ...base, 'preview-domain': 'a.com', image: '' }, /image: is missing/],
    [
      'what is for production',
      { ...base, 'preview-domain': 'a.com', 'desired-count': '2' },
      /desired-count: goes without/,
    ],
    ['another mode', { ...base, mode: 'deploy', 'preview-domain': 'a.com' }, /preview-domain: goes with mode preview/],
    ['a destroy of nothing', { mode: 'preview-destroy', service: 'shop' }, /preview-id: is missing/],
    ['a plan of one without a place', { ...base, mode: 'plan', 'plan-for': 'preview' }, /preview-domain: is missing/],
  ])('refuses %s', (_, given, says) => {
    expect(problems(given)).toEqual([expect.stringMatching(says)])
  })

  test.each<[Given]>([
    [{ mode: 'preview-destroy', service: 'shop', 'preview-id': 'pr-1' }],
    [{ mode: 'preview-sweep', service: 'shop' }],
    [{ mode: 'plan', 'plan-for': 'preview-sweep', service: 'shop' }],
  ])('needs no image for %j', given => {
    expect(problems(given)).toEqual([])
  })
})

test('the number of the pull request comes from the event', () => {
  const folder = mkdtempSync(join(tmpdir(), 'event-'))
  const event = (content: string) => {
    const path = join(folder, 'event.json')
    writeFileSync(path, content)
    return pullRequestOf(path)
  }
  try {
    expect(event('{"pull_request": {"number": 7}}')).toBe('7')
    expect(event('{"pull_request": {"number": "7; rm"}}')).toBe('')
    expect(event('{"schedule": "5 4 * * *"}')).toBe('')
    expect(event('no JSON')).toBe('')
    expect(pullRequestOf(join(folder, 'missing'))).toBe('')
    expect(pullRequestOf(undefined)).toBe('')
  } finally {
    rmSync(folder, { recursive: true })
  }
})
