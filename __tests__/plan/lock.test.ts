import { describe, expect, test } from '@jest/globals'
import type { Journal, LockOwner, LockView } from '../../src/model/journal.ts'
import {
  describeJournal,
  journalTags,
  ownerTags,
  readLock,
  readShiftNote,
  readTaken,
  shiftNote,
  tagValue,
  takenNote,
} from '../../src/plan/journal.ts'
import { assessLock, leaseMs, renewAfterMs } from '../../src/plan/lock.ts'
import { now } from './builders.ts'

const me: LockOwner = {
  nonce: 'aa',
  repository: 'o/r',
  runId: '5',
  attempt: 2,
  job: 'deploy',
  runUrl: 'https://github.com/o/r/actions/runs/5',
  machine: 'here',
  pid: 1,
}
const other: LockOwner = { ...me, nonce: 'bb', runId: '6', machine: 'there', pid: 7 }

function lockOf(owner: Partial<LockOwner>, expiresAt = now + 60_000): LockView {
  return {
    arn: 'arn',
    name: 'lock',
    owner: { ...other, ...owner },
    mode: 'deploy',
    startedAt: now - 60_000,
    expiresAt,
    fingerprint: '',
  }
}

describe('what to do about a lock', () => {
  const since = now - 1_000
  const asking = { owner: me, takeOver: 'stale', runs: (pid: number) => pid !== 7 } as const

  test.each<[string, LockView, 'ours' | 'take-over' | 'wait']>([
    ['our own', lockOf({ nonce: 'aa' }), 'ours'],
    ['a live one of another run', lockOf({}), 'wait'],
    ['one that has expired', lockOf({}, now), 'take-over'],
    ['an earlier attempt of this run', lockOf({ runId: '5', attempt: 1 }), 'take-over'],
    ['the same attempt of this run: another leg of a matrix', lockOf({ runId: '5', attempt: 2 }), 'wait'],
    ['a later attempt of this run', lockOf({ runId: '5', attempt: 3 }), 'wait'],
    ['the same run id in another repository', lockOf({ runId: '5', attempt: 1, repository: 'o/x' }), 'wait'],
    ['no run id on either side', lockOf({ runId: '', attempt: 1 }), 'wait'],
    ['a dead process of this machine', lockOf({ machine: 'here', pid: 7 }), 'take-over'],
    ['a live process of this machine', lockOf({ machine: 'here', pid: 8 }), 'wait'],
    ['a process of a machine that nobody knows', lockOf({ machine: '', pid: 7 }), 'wait'],
    ['an end that cannot be read', lockOf({}, Number.NaN), 'wait'],
  ])('%s', (_, lock, kind) => {
    expect(assessLock(lock, asking, since, now).kind).toBe(kind)
  })

  test('nothing is waited for longer than a lease, whatever its clock says', () => {
    for (const expiresAt of [Number.NaN, now + 10 * leaseMs]) {
      expect(assessLock(lockOf({}, expiresAt), asking, now, now)).toEqual({ kind: 'wait', until: now + leaseMs })
      expect(assessLock(lockOf({}, expiresAt), asking, now - leaseMs, now).kind).toBe('take-over')
    }
  })

  test('a rollback may take it from a run that is alive', () => {
    expect(assessLock(lockOf({}), { ...asking, takeOver: 'always' }, since, now).kind).toBe('take-over')
  })

  test('a nonce that is missing on both sides is nobody’s', () => {
    const nobody = { ...asking, owner: { ...me, nonce: '' } }
    expect(assessLock(lockOf({ nonce: '' }), nobody, since, now).kind).toBe('wait')
  })

  test('it is renewed in time for three more tries', () => {
    expect(leaseMs - renewAfterMs).toBeGreaterThan(3 * 15_000)
  })
})

describe('the journal in tags', () => {
  const journal: Journal = {
    phase: 'shifting',
    from: 'blue',
    to: 'green',
    candidate: 'arn:aws:ecs:eu-central-1:123456789012:task-definition/app:2',
    deployment: 'ecs-svc/2',
    idle: {
      service: 'app-green',
      taskDefinition: 'arn:aws:ecs:eu-central-1:123456789012:task-definition/app:1',
      desired: 0,
    },
    shares: 'blue 90 green 10',
  }
  const read = (tags: Readonly<Record<string, string>>) => readLock('arn', 'lock', tags, text => Date.parse(text))

  test('reads back as it was written', () => {
    const tags = { ...ownerTags(me, 'deploy', '2026-01-01T00:00:00.000Z'), ...journalTags(journal) }
    expect(read({ ...tags, ExpiresAt: '2026-01-01T00:03:00.000Z' })).toMatchObject({
      owner: me,
      mode: 'deploy',
      startedAt: Date.UTC(2026, 0, 1),
      expiresAt: Date.UTC(2026, 0, 1, 0, 3),
      journal,
    })
  })

  test('less of it overwrites more of it', () => {
    const bare: Journal = { phase: 'staging', from: 'green', to: 'blue' }
    expect(read({ ...journalTags(journal), ...journalTags(bare) }).journal).toEqual(bare)
  })

  test.each<[string, Record<string, string>]>([
    ['no phase', { Phase: '' }],
    ['a phase that we do not know', { Phase: 'dreaming' }],
    ['no color', { From: '' }],
    ['one color twice', { To: 'blue' }],
  ])('is none with %s', (_, change) => {
    expect(read({ ...journalTags(journal), ...change }).journal).toBeUndefined()
  })

  test('values are what AWS takes', () => {
    expect(tagValue('feature/x, "y" (z)')).toBe('feature/x- -y- -z-')
    expect(tagValue('x'.repeat(300))).toHaveLength(256)
  })

  test('is told in words', () => {
    expect(describeJournal(journal)).toBe('moving traffic from blue to green (blue 90 green 10)')
  })

  test('the note that bridges a change of hands is believed for a day', () => {
    const note = shiftNote(journal, '2026-01-01T00:00:00.000Z')
    const at = (hours: number) => Date.UTC(2026, 0, 1, hours)
    const parse = (text: string) => Date.parse(text)
    expect(tagValue(note)).toBe(note)
    expect(readShiftNote(note, at(23), parse)).toEqual({ phase: 'restoring', from: 'blue', to: 'green' })
    for (const [text, hours] of [
      [note, 25],
      ['', 1],
      [undefined, 1],
      ['blue to blue at 2026-01-01T00:00:00.000Z', 1],
      ['blue to green at noon', 1],
    ] as const) {
      expect(readShiftNote(text, at(hours), parse)).toBeUndefined()
    }
  })

  test('that note tells what the idle service had, unless the names are too long for a tag', () => {
    const time = '2026-01-01T00:00:00.000Z'
    const arnOf = (name: string) => `arn:aws:ecs:eu-central-1:123456789012:task-definition/${name}`
    const again = (noted: Journal) =>
      readShiftNote(shiftNote(noted, time), Date.parse(time), text => Date.parse(text), arnOf)
    const { candidate, idle } = journal
    const direction = { phase: 'restoring', from: 'blue', to: 'green' }
    expect(again(journal)).toEqual({ ...direction, candidate, idle })
    // Room for all of it but the last digit of a revision.
    const room = 256 - shiftNote({ ...journal, candidate: arnOf(':2') }, time).length
    expect(again({ ...journal, candidate: arnOf(`${'x'.repeat(room)}:2`) })).toMatchObject({ idle })
    expect(again({ ...journal, candidate: arnOf(`${'x'.repeat(room)}:23`) })).toEqual(direction)
  })
})

describe('whose lock was taken', () => {
  test('is noted for that run, and for no other', () => {
    const note = takenNote(other, me)
    expect(readTaken('bb', note)).toEqual({ who: 'o/r run 5 attempt 2 job deploy', runUrl: me.runUrl })
    expect(readTaken('aa', note)).toBeUndefined()
    expect(readTaken('bb', {})).toBeUndefined()
    expect(readTaken('', takenNote({ ...other, nonce: '' }, me))).toBeUndefined()
  })
})
