import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { Slices } from '../../src/model/probe.ts'
import type { TrafficSeen } from '../../src/model/report.ts'
import { label, phasesPicture, switchPicture } from '../../src/report/mermaid.ts'
import { chartsOf } from '../../src/report/page/charts.ts'
import { reportOf } from './reports.ts'

const at = Date.UTC(2026, 10, 21, 12, 0, 0)

function trafficWith(flip: Slices, fresh = '0.0.2') {
  const { traffic } = reportOf()
  return traffic === undefined ? {} : { traffic: { ...traffic, flip, fresh } }
}

function seen(change: Partial<TrafficSeen>) {
  const { traffic } = reportOf()
  return traffic === undefined ? {} : { traffic: { ...traffic, ...change } }
}

function slicesOf(counts: readonly (readonly number[])[], failed: readonly number[]): Slices {
  const versions = counts.map((each, index) => ({ version: `0.0.${index + 1}`, counts: each }))
  return { startAt: at, sliceMs: 100, versions, failed }
}

/** The points of the red line that are not zero. */
function numbersAfter(picture: string): readonly number[] {
  if (!picture.includes('red failed')) return []
  const points = picture.match(/line \[.*\]/g)?.at(-1) ?? ''
  return (points.match(/\d+/g) ?? []).map(Number).filter(count => count > 0)
}

const sum = (counts: readonly number[]) => counts.reduce((one, other) => one + other, 0)
const zeros = (count: number) => Array.from({ length: count }, () => 0)
const many = (count: number, each: number) => Array.from({ length: count }, () => each)

describe('label', () => {
  test.each([
    ['1.4.0', '1.4.0'],
    ['sha-0a1b2c3', 'sha-0a1b2c3'],
    ['feature/login+2', 'feature/login+2'],
    ['two words', 'two·words'],
    ['"]; click x "javascript:alert(1)"', '·click·x·javascript·alert·1·'],
    ['%%{init: {"theme": "forest"}}%%', '·init·theme·forest·'],
    ['```\n<script>', '·script·'],
    ['a --> b', 'a·-·b'],
    ['---', '-'],
    ['#quot;', '·quot·'],
    ['🦊\u202etxt', '·txt'],
    ['مرحبا', '·'],
    ['x'.repeat(1_000_000), `${'x'.repeat(40)}…`],
    ['', ''],
  ])('%j becomes %j', (hostile, dead) => {
    expect(label(hostile)).toBe(dead)
  })

  test('lets nothing through that means something', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 100 }), hostile => {
        expect(label(hostile)).toMatch(/^(?!.*--)[\w.+/·-]{0,40}…?$/)
      }),
    )
  })
})

describe('the picture of a switch', () => {
  test('has a line for the old version, the new one and what failed, around the first answer of the new one', () => {
    const picture = switchPicture(
      reportOf(
        trafficWith({
          startAt: at,
          sliceMs: 100,
          versions: [
            { version: '0.0.1', counts: [...many(22, 2), 1, ...zeros(40)] },
            { version: '0.0.2', counts: [...zeros(20), 1, 1, 1, ...many(40, 2)] },
          ],
          failed: [...zeros(21), 3, ...zeros(41)],
        }),
      ),
    )
    expect(picture).toContain('Answers per 100ms around the first one of 0.0.2: blue 0.0.1, green 0.0.2, red failed.')
    expect(picture).toContain('plotColorPalette: "#2f81f7, #2da44e, #e5534b"')
    expect(picture).toContain('x-axis "seconds" -1.0 --> 1.2')
    expect(picture).toContain('y-axis "answers per 100ms" 0 --> 3')
    expect(picture).toContain(`line [${[...many(12, 2), 1, ...zeros(10)].join(', ')}]`)
    expect(picture).toContain(`line [${[...zeros(10), 1, 1, 1, ...many(10, 2)].join(', ')}]`)
    expect(picture).toContain(`line [${[...zeros(11), 3, ...zeros(11)].join(', ')}]`)
  })

  test('takes the version that the run was to bring for the new one, whichever answered first', () => {
    const flip = {
      startAt: at,
      sliceMs: 100,
      versions: [
        { version: '0.0.2', counts: [1, 1, 1, 2] },
        { version: '0.0.1', counts: [1, 1, 0, 0] },
      ],
      failed: zeros(4),
    }
    expect(switchPicture(reportOf(trafficWith(flip)))).toContain('title "0.0.1 to 0.0.2"')
  })

  test('has at most 40 points, whatever is to be shown', () => {
    const flip = {
      startAt: at,
      sliceMs: 800,
      versions: [
        { version: '0.0.1', counts: many(119, 2) },
        { version: '0.0.2', counts: many(119, 1) },
      ],
      failed: zeros(119),
    }
    const [points = ''] = /line \[.*\]/.exec(switchPicture(reportOf(trafficWith(flip)))) ?? []
    expect(points.split(',').length).toBeLessThanOrEqual(40)
  })

  test('is not there when only one version answered, and nothing failed', () => {
    expect(switchPicture(reportOf())).toBe('')
    expect(switchPicture(reportOf(seen({ failed: 0, slices: slicesOf([many(9, 2)], zeros(9)) })))).toBe('')
  })

  test('is of all the time when requests failed and no second version answered', () => {
    const picture = switchPicture(
      reportOf(seen({ failed: 7, slices: slicesOf([many(9, 2)], [...zeros(4), 7, ...zeros(4)]) })),
    )
    expect(picture).toContain('Answers per 100ms since the first request: blue 0.0.1, red failed.')
    expect(picture).toContain('title "0.0.1"')
    expect(picture).toContain('line [0, 0, 0, 0, 7, 0, 0, 0]')
  })

  test('draws what failed before the new version answered, and what would not fill a point', () => {
    const flip = slicesOf([many(60, 2), [...zeros(80), ...many(10, 2)]], [5, ...zeros(69), 2, ...zeros(19)])
    const picture = switchPicture(reportOf(seen({ failed: 9, flip })))
    expect(numbersAfter(picture)).toEqual([5, 2])
    expect(picture).toContain('**2 more failed outside of this picture.**')
  })

  const counts = (max: number) => fc.array(fc.nat({ max }), { minLength: 119, maxLength: 119 })
  const failures = fc.array(fc.tuple(fc.nat({ max: 118 }), fc.integer({ min: 1, max: 9 })), { maxLength: 6 })
  test('tells each failure: in the picture, or as one outside of it', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 119 }),
        fc.array(counts(2), { minLength: 1, maxLength: 3 }),
        fc.nat({ max: 118 }),
        failures,
        fc.nat({ max: 50 }),
        fc.boolean(),
        (length, versions, flippedAt, failedAt, elsewhere, flipped) => {
          const failed = zeros(119)
          for (const [index, count] of failedAt) failed[index] = (failed[index] ?? 0) + count
          const late = versions.map((each, index) =>
            index === versions.length - 1 ? each.fill(0, 0, flippedAt) : each,
          )
          const cut = slicesOf(
            late.map(each => each.slice(0, length)),
            failed.slice(0, length),
          )
          const inside = sum(cut.failed)
          const traffic = { failed: inside + elsewhere, ...(flipped ? { flip: cut } : { slices: cut }) }
          const picture = switchPicture(reportOf(seen(traffic)))
          const told = Number(/(\d+) more failed outside/.exec(picture)?.[1] ?? 0)
          if (picture === '') expect([flipped, traffic.failed]).toEqual([false, 0])
          else expect(sum(numbersAfter(picture)) + told).toBe(traffic.failed)
          const flip = chartsOf(reportOf(seen({ ...traffic, flip: cut }))).flip
          const shown = sum(flip?.lines.at(-1)?.values.slice(0, -1) ?? [])
          expect(shown + Number(flip?.outside?.split(' ')[0] ?? 0)).toBe(traffic.failed)
        },
      ),
    )
  })
})

describe('the picture of the phases', () => {
  test('tells the time since the start', () => {
    const picture = phasesPicture(reportOf())
    expect(picture).toContain('stage :2001-01-10 00:00:00.000, 2001-01-10 00:00:02.000')
    expect(picture).toContain('verify :2001-01-10 00:00:02.000, 2001-01-10 00:01:30.000')
    expect(picture).toContain('axisFormat %M:%S')
    expect(picture).toContain('tickInterval 20second')
  })

  test.each([
    [500, '1second', '%M:%S'],
    [5_000, '1second', '%M:%S'],
    [240_000, '1minute', '%M:%S'],
    [3 * 3_600_000, '60minute', '%H:%M'],
    [30 * 3_600_000, '240minute', '%H:%M'],
  ])('of a run of %d ms has a mark every %s', (ms, every, format) => {
    const picture = phasesPicture(reportOf({ phases: [{ name: 'stage', startedAt: at, endedAt: at + ms }] }))
    expect(picture).toContain(`tickInterval ${every}`)
    expect(picture).toContain(`axisFormat ${format}`)
  })

  test.each([
    ['no phase', []],
    ['no time', [{ name: 'stage' as const, startedAt: at, endedAt: at }]],
  ])('is not there with %s', (_, phases) => {
    expect(phasesPicture(reportOf({ phases }))).toBe('')
  })
})
