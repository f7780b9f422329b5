import { describe, expect, test } from '@jest/globals'
import type { VersionSource } from '../../src/model/probe.ts'
import { ResponseReader } from '../../src/probe/http1.ts'
import { versionReader } from '../../src/probe/version.ts'
import { http } from './origin.ts'

/** What is read from the answers of one connection. */
function versions(source: VersionSource, answers: readonly string[]): (string | undefined)[] {
  const read = versionReader(source)
  const found: (string | undefined)[] = []
  const reader = new ResponseReader({
    onResponse: answer => found.push(read(answer)),
    onFailure: error => {
      throw error
    },
  })
  for (const answer of answers) {
    reader.expect('GET')
    reader.push(Buffer.from(answer))
  }
  return found
}

const json = (member: string): VersionSource => ({ kind: 'json', member })

describe('the version of an answer', () => {
  test.each<[string, VersionSource, string, string | undefined]>([
    ['a member', json('version'), '{"name":"app","version":"1.2"}', '1.2'],
    ['a number', json('build'), '{"build":17}', '17'],
    ['a member of a member', json('app.version'), '{"app":{"version":"1.2"}}', '1.2'],
    ['a member with a dot in its name', json('app.version'), '{"app.version":"1.2"}', '1.2'],
    ['no such member', json('version'), '{"name":"app"}', undefined],
    ['what every object inherits', json('constructor.name'), '{}', undefined],
    ['an object', json('version'), '{"version":{"major":1}}', undefined],
    ['null', json('version'), 'null', undefined],
    ['an empty one', json('version'), '{"version":""}', undefined],
    ['no JSON', json('version'), '<html>', undefined],
    ['no body', json('version'), '', undefined],
    ['the text', { kind: 'text' }, ' 1.2\n', '1.2'],
    ['a page', { kind: 'text' }, '<html>\n</html>', undefined],
    ['a terminal escape', json('version'), '{"version":"1\\u001b[2J"}', undefined],
    ['a novel', { kind: 'text' }, 'x'.repeat(201), undefined],
  ])('%s', (_, source, body, expected) => {
    expect(versions(source, [http(200, body)])).toEqual([expected])
  })

  test('a header, whatever its case', () => {
    const source = { kind: 'header', name: 'X-Version' } as const
    expect(versions(source, [http(200, '', 'x-version: 1.2'), http(200, '')])).toEqual(['1.2', undefined])
  })

  test('bodies that come again and again, in any order, keep their versions', () => {
    const labels = Array.from({ length: 200 }, (_, index) => `v${(index * index) % 7}`)
    expect(
      versions(
        json('version'),
        labels.map(label => http(200, `{"version":"${label}"}`)),
      ),
    ).toEqual(labels)
  })
})
