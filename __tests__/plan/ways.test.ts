import { describe, expect, test } from '@jest/globals'
import type { Color } from '../../src/model/color.ts'
import type { Journal } from '../../src/model/journal.ts'
import { isSought, type Match, pickRevision, type Sought, sameImage } from '../../src/plan/find-revision.ts'
import { type RunNotes, readNotes } from '../../src/plan/noted.ts'
import { isStillStaged, type Side, type Wanted } from '../../src/plan/promote.ts'
import { wayBack } from '../../src/plan/rollback.ts'
import { decide, forwardTo, newRevision, now, oldRevision, routeWith } from './builders.ts'

/** Where traffic may go by promote and rollback, as tables. */

const side = (color: Color, taskDefinition: string, image: string, notes: RunNotes = {}): Side => ({
  color,
  taskDefinition,
  image,
  notes,
})

describe('whether what was staged may be promoted', () => {
  const live = side('blue', oldRevision, 'app:1', { served: oldRevision })
  const staged = side('green', newRevision, 'app:2', { staged: newRevision })
  const served = side('green', newRevision, 'app:2', { served: newRevision })
  const was = (digest: string) => ({ ...live, digest })
  const waits = (digest: string) => ({ ...side('green', oldRevision, 'app:1', { staged: oldRevision }), digest })
  test.each<[string, Wanted, Side, Side, string]>([
    ['idle runs the revision', { taskDefinition: newRevision }, live, staged, 'staged'],
    ['idle runs the image', { image: 'app:2' }, live, staged, 'staged'],
    ['nobody could note it', { image: 'app:2' }, live, side('green', newRevision, 'app:2'), 'staged'],
    ['idle runs another revision', { taskDefinition: 'app:9' }, live, staged, 'no'],
    ['idle runs another image', { image: 'app:9' }, live, staged, 'no'],
    ['live runs it already', { taskDefinition: oldRevision }, live, staged, 'live'],
    ['live runs the image already', { image: 'app:1' }, live, staged, 'live'],
    ['it was live, and is the version before now', { taskDefinition: newRevision }, live, served, 'no'],
    [
      'it was live once, and is staged again',
      { taskDefinition: newRevision },
      live,
      side('green', newRevision, 'app:2', { served: newRevision, staged: newRevision }),
      'staged',
    ],
    ['both run the image, in two revisions', { image: 'app:1' }, live, side('green', newRevision, 'app:1'), 'no'],
    ['both run the revision', { image: 'app:1' }, live, side('green', oldRevision, 'app:1'), 'live'],
    ['both run the revision, and idle waits with other bits', { image: 'app:1' }, was('a'), waits('b'), 'staged'],
    ['the same, by revision', { taskDefinition: oldRevision }, was('a'), waits('b'), 'staged'],
    ['the same, and nobody knows what live runs', { taskDefinition: oldRevision }, live, waits('b'), 'staged'],
    ['both run the revision, and idle waits with the same bits', { image: 'app:1' }, was('a'), waits('a'), 'live'],
    [
      'both run the image, and what idle has waits',
      { image: 'app:1' },
      live,
      side('green', newRevision, 'app:1', { staged: newRevision }),
      'staged',
    ],
    [
      'both run the image, and what idle has is the version before',
      { image: 'app:1' },
      live,
      side('green', newRevision, 'app:1', { served: newRevision }),
      'live',
    ],
  ])('%s', (_, wanted, one, other, expected) => {
    const verdict = isStillStaged(wanted, one, other)
    expect(verdict.kind).toBe(expected)
    if (verdict.kind === 'no') expect(verdict.failure.code).toBe('NOT_STAGED')
  })
})

describe('where a rollback without a name goes', () => {
  const shifting: Journal = { phase: 'shifting', from: 'green', to: 'blue' }
  test.each<[string, RunNotes, Journal | undefined, string]>([
    ['it serves what it served', { served: newRevision }, undefined, 'idle'],
    ['it served another revision', { served: oldRevision }, undefined, 'revision'],
    ['production was rolled back from it', { served: newRevision, leftBehind: newRevision }, undefined, 'done'],
    ['the same, with a journal', { leftBehind: newRevision }, shifting, 'done'],
    ['what it runs was live when traffic left it', { served: oldRevision }, { ...shifting, live: newRevision }, 'idle'],
    ['something else was live then', { served: oldRevision }, { ...shifting, live: 'app:9' }, 'revision'],
    ['a run has only begun', { served: oldRevision }, { ...shifting, phase: 'staging', live: newRevision }, 'revision'],
    [
      'traffic comes to it',
      { served: oldRevision },
      { ...shifting, from: 'blue', to: 'green', live: newRevision },
      'revision',
    ],
    ['it was rolled back from', { leftBehind: newRevision }, { ...shifting, live: newRevision }, 'done'],
    ['nothing is noted', {}, undefined, 'nowhere'],
    ['nothing is noted, but traffic comes from it just now', {}, shifting, 'idle'],
    ['nothing is noted, and a run moves traffic there', {}, { ...shifting, from: 'blue', to: 'green' }, 'nowhere'],
    ['nothing is noted, and a run has only begun', {}, { ...shifting, phase: 'staging' }, 'nowhere'],
  ])('%s', (_, notes, journal, expected) => {
    expect(wayBack({ color: 'green', taskDefinition: newRevision, notes }, journal).kind).toBe(expected)
  })
})

describe('notes', () => {
  test.each<[Readonly<Record<string, string>>, RunNotes]>([
    [{}, {}],
    [{ Revision: '', Staged: '', RolledBack: '', Tasks: '' }, {}],
    [
      { Revision: 'a', Staged: 'b', RolledBack: 'c', Tasks: '12' },
      { served: 'a', staged: 'b', leftBehind: 'c', tasks: 12 },
    ],
    [{ Tasks: '0' }, {}],
    [{ Tasks: '1e9' }, {}],
    [{ Tasks: '99999' }, {}],
  ])('%j', (tags, expected) => {
    expect(readNotes(tags)).toEqual(expected)
  })
})

describe('what a name stands for', () => {
  const digest = `sha256:${'a'.repeat(64)}`
  test.each<[string, string, boolean]>([
    ['app:1', 'app:1', true],
    ['app:1', `app:1@${digest}`, true],
    [`app@${digest}`, `app:1@${digest}`, true],
    [`app:1@${digest}`, 'app:1', false],
    ['app:1', 'other/app:1', false],
    ['app:1', 'app:2', false],
    ['app', `app@${digest}`, false],
  ])('%s is %s: %s', (wanted, found, expected) => {
    expect(sameImage(wanted, found)).toBe(expected)
  })

  test.each<[Sought, string | undefined, boolean]>([
    [{ kind: 'version', version: '1' }, undefined, true],
    [{ kind: 'version', version: 'spring' }, undefined, false],
    [{ kind: 'version', version: 'spring' }, 'spring', true],
    [{ kind: 'image', image: 'app:1' }, undefined, true],
    [{ kind: 'revision', arn: 'arn:1' }, undefined, true],
    [{ kind: 'revision', arn: 'arn:2' }, undefined, false],
    [{ kind: 'previous' }, undefined, false],
  ])('%j, noted as %s: %s', (sought, noted, expected) => {
    expect(isSought(sought, 'arn:1', 'app:1', noted)).toBe(expected)
  })
})

describe('which of several revisions with one image is meant', () => {
  const match = (arn: string, mode: string, tag = ''): Match => ({
    arn,
    registered: '2026-01-01T00:00:00.000Z',
    described: {
      definition: {
        taskDefinitionArn: arn,
        registeredAt: arn,
        containerDefinitions: [{ name: 'app', image: 'a', mode }],
      },
      tags: [{ key: 'commit', value: tag }],
    },
  })
  const [three, two, one] = [match('app:3', 'b'), match('app:2', 'a'), match('app:1', 'a')]
  test.each<[string, readonly Match[], readonly string[], string]>([
    ['there is none', [], ['app:1'], 'none'],
    ['there is one, of which nothing is noted', [three], [], 'app:3'],
    ['all say the same', [two, one], [], 'app:2'],
    ['they differ in tags only', [match('app:2', 'a', 'x'), one], [], 'app:2'],
    ['they differ, and one of them was live', [three, two, one], ['app:2', 'app:9'], 'app:2'],
    ['they say the same, and the older one was live', [two, one], ['app:1'], 'app:1'],
    ['they differ, and nothing is noted', [three, two], ['app:9'], 'REVISION_UNCLEAR'],
  ])('%s', (_, matches, lived, expected) => {
    const picked = pickRevision({ kind: 'version', version: '1' }, matches, new Set(lived))
    const said = picked.kind === 'one' ? picked.match.arn : picked.kind === 'none' ? 'none' : picked.failure.code
    expect(said).toBe(expected)
  })

  test('no more than ten are listed', () => {
    const many = Array.from({ length: 12 }, (_, index) => match(`app:${index}`, String(index)))
    const picked = pickRevision({ kind: 'image', image: 'a' }, many, new Set())
    if (picked.kind !== 'unclear') throw new Error(picked.kind)
    expect(picked.failure.headline).toContain('12 revisions with a differ')
    expect(picked.failure.details).toHaveLength(12)
    expect(picked.failure.details[10]).toBe('and 2 more')
  })
})

describe('what a proven candidate gets', () => {
  const pinned = { test: { at: now, value: [routeWith([forwardTo({ blue: 100, green: 0 })], 8080)] } }
  test.each<[string, Parameters<typeof decide>[0], unknown]>([
    ['a deploy', {}, { kind: 'do', step: { kind: 'route', why: 'shift' } }],
    [
      'auto-promote: false, testers elsewhere',
      { goal: { stageOnly: true }, seen: pinned },
      { kind: 'do', step: { kind: 'route', why: 'test', to: 'green' } },
    ],
    [
      'auto-promote: false',
      { goal: { stageOnly: true } },
      { kind: 'do', step: { kind: 'note', change: { color: 'green', tags: { Staged: newRevision, Version: '2' } } } },
    ],
    [
      'auto-promote: false, noted',
      { goal: { stageOnly: true }, progress: { notedAt: now } },
      { kind: 'finish', outcome: { status: 'staged' } },
    ],
    [
      'a rollback',
      { goal: { rollback: true } },
      { kind: 'do', step: { kind: 'note', change: { color: 'blue', tags: { RolledBack: oldRevision } } } },
    ],
    [
      'a rollback, noted',
      { goal: { rollback: true }, progress: { notedAt: now } },
      { kind: 'do', step: { kind: 'route', why: 'shift' } },
    ],
    [
      'a rollback that has moved traffic notes it with the rest',
      { goal: { rollback: true }, progress: { notedAt: now, shiftedAt: now, previous: was() } },
      {
        kind: 'do',
        step: {
          kind: 'tag',
          changes: [
            { color: 'green', tags: { Revision: newRevision, RolledBack: '' } },
            { color: 'blue', tags: { Revision: oldRevision, RolledBack: oldRevision } },
          ],
        },
      },
    ],
    [
      'a deploy that has moved traffic takes such a note back',
      { progress: { shiftedAt: now, previous: was() } },
      { kind: 'do', step: { kind: 'tag', changes: [{ tags: { RolledBack: '' } }, { tags: { RolledBack: '' } }] } },
    ],
  ])('%s', (_, change, expected) => {
    expect(decide(change)).toMatchObject(expected as object)
  })

  test('is not started again for a tag that moves, when it is used as it runs', () => {
    const staged = { staged: undefined } as never
    expect(decide({ goal: { image: 'app:latest' }, progress: staged })).toMatchObject({ step: { force: true } })
    expect(decide({ goal: { image: 'app:latest', asIs: true }, progress: staged })).toMatchObject({
      step: { kind: 'stage', force: false },
    })
  })
})

function was() {
  return { image: 'app:1', version: '1', taskDefinition: oldRevision }
}
