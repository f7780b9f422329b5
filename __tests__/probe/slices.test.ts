import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { SwitchRecorder } from '../../src/probe/slices.ts'

const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0)

function add(recorder: SwitchRecorder, at: number, version: string | undefined): void {
  if (version === undefined) recorder.failed(at)
  else recorder.answered(at, version)
}

/** Ten requests a second from 0 on; the version by when it is asked. */
function recorded(seconds: number, versionAt: (at: number) => string | undefined) {
  const recorder = new SwitchRecorder()
  for (let at = 0; at < seconds * 1_000; at += 100) add(recorder, at, versionAt(at))
  return recorder.view()
}

describe('all of the time', () => {
  test('is counted in slices of a tenth of a second', () => {
    const { slices, flip } = recorded(0.3, () => 'a')
    expect(slices).toEqual({
      startAt: 0,
      sliceMs: 100,
      versions: [{ version: 'a', counts: [1, 1, 1] }],
      failed: [0, 0, 0],
    })
    expect(flip).toBeUndefined()
  })

  test('stays at 120 slices, and loses no request', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ gap: fc.nat({ max: 100_000 }), version: fc.option(fc.nat({ max: 20 })) }), {
          maxLength: 500,
        }),
        requests => {
          const recorder = new SwitchRecorder()
          let at = 1_000_000
          for (const { gap, version } of requests) {
            at += gap
            add(recorder, at, version === null ? undefined : String(version))
          }
          const { slices, flip } = recorder.view()
          const total = sum([slices.failed, ...slices.versions.map(one => one.counts)].map(sum))
          expect(total).toBe(requests.length)
          expect(sum(slices.failed)).toBe(requests.filter(one => one.version === null).length)
          for (const one of [slices, flip]) {
            expect(one?.failed.length ?? 0).toBeLessThanOrEqual(120)
            expect(one?.versions.length ?? 0).toBeLessThanOrEqual(9)
            for (const { counts } of one?.versions ?? []) expect(counts).toHaveLength(one?.failed.length ?? 0)
          }
        },
      ),
    )
  })

  test('takes a clock that was set back for no time', () => {
    const recorder = new SwitchRecorder()
    recorder.answered(5_000, 'a')
    recorder.answered(1_000, 'a')
    expect(recorder.view().slices).toMatchObject({ startAt: 5_000, versions: [{ counts: [2] }] })
  })
})

describe('the flip', () => {
  test('is kept as fine as it began, four seconds before to eight after, however long the bake', () => {
    const { slices, flip } = recorded(3_600, at => (at < 600_000 ? 'old' : 'new'))
    expect(slices.sliceMs).toBe(51_200)
    expect(flip).toMatchObject({ startAt: 596_000, sliceMs: 100 })
    expect(flip?.versions).toEqual([
      { version: 'old', counts: Array.from({ length: 120 }, (_, index) => (index < 40 ? 1 : 0)) },
      { version: 'new', counts: Array.from({ length: 120 }, (_, index) => (index < 40 ? 0 : 1)) },
    ])
  })

  test('becomes coarser while both answer, so that its end is on it', () => {
    const { flip } = recorded(600, at => (at >= 10_000 && (at >= 70_000 || at % 200 === 0) ? 'new' : 'old'))
    const [old, fresh] = flip?.versions ?? []
    expect(flip?.startAt).toBe(6_000)
    expect(flip?.sliceMs).toBe(1_600)
    const lastOld = (flip?.startAt ?? 0) + (old?.counts.findLastIndex(count => count > 0) ?? 0) * 1_600
    expect(lastOld).toBeGreaterThan(67_000)
    expect(lastOld).toBeLessThanOrEqual(70_000)
    expect(fresh?.counts.at(-1)).toBe(16)
  })

  test('has the failures in it', () => {
    const { flip } = recorded(20, at => (at < 5_000 ? 'old' : at < 6_000 ? undefined : 'new'))
    expect(sum(flip?.failed ?? [])).toBe(10)
  })

  /** What fails of the old version is noticed ten seconds later. */
  function flippedAt5(hungAt: number, noticedAt: number, seconds = 20) {
    const recorder = new SwitchRecorder()
    for (let at = 0; at < seconds * 1_000; at += 100) {
      if (at === Math.ceil(noticedAt / 100) * 100) recorder.failed(hungAt)
      recorder.answered(at, at < 5_000 ? 'old' : 'new')
    }
    return recorder.view()
  }

  test('shows a request that failed long after the shift where it was sent', () => {
    const { slices, flip } = flippedAt5(4_050, 14_050)
    expect(slices.failed.findIndex(count => count > 0) * slices.sliceMs).toBe(4_000)
    expect(flip?.failed.findIndex(count => count > 0)).toBe((4_000 - (flip?.startAt ?? 0)) / 100)
  })

  test('also after it has ended, and one that was sent before it is not in it', () => {
    const late = flippedAt5(6_000, 15_900)
    expect(late.flip?.failed.findIndex(count => count > 0)).toBe(50)
    expect(sum(flippedAt5(500, 10_500).flip?.failed ?? [])).toBe(0)
    expect(sum(flippedAt5(500, 10_500).slices.failed)).toBe(1)
    expect(sum(flippedAt5(18_000, 18_500).flip?.failed ?? [])).toBe(0)
  })
})
