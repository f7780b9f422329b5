import { expect, test } from '@jest/globals'
import { problemsOfOnly, problemsOfRest } from './beside.ts'

/** What a killed run has leaked is found. */

const before = { groups: ['blue'], rules: ['last'], services: ['sample-blue'], revisions: ['sample:1'] }
const preview = {
  groups: ['blue', 'sample-pr-7-0a'],
  rules: ['last', 'to sample-pr-7-0a'],
  services: ['sample-blue', 'sample-pr-7-0a'],
  revisions: ['sample:1', 'sample-pr-7-0a:1', 'sample-pr-7-0a:2'],
}

test('a whole preview is no problem, and nothing is none', () => {
  expect(problemsOfOnly(before, preview, 'pr-7')).toEqual([])
  expect(problemsOfRest(before, before, 'x')).toEqual([])
})

test.each([
  ['a second rule', { ...preview, rules: [...preview.rules, 'also to sample-pr-7-0a'] }],
  ['no service', { ...preview, services: before.services }],
  ['no revision', { ...preview, revisions: before.revisions }],
  ['a group of another preview', { ...preview, groups: ['blue', 'sample-pr-8-0a'] }],
  ['another revision of production', { ...preview, revisions: [...preview.revisions, 'sample:2'] }],
  ['no rule of production', { ...preview, rules: ['to sample-pr-7-0a'] }],
])('%s is one', (_, now) => {
  expect(problemsOfOnly(before, now, 'pr-7')).not.toEqual([])
})

test.each([
  ['a group', { ...before, groups: ['blue', 'sample-pr-7-0a'] }],
  ['a revision', { ...before, revisions: ['sample:1', 'sample-pr-7-0a:1'] }],
  ['no service of production', { ...before, services: [] }],
])('%s that is left is one', (_, now) => {
  expect(problemsOfRest(before, now, 'x')).toHaveLength(1)
})
