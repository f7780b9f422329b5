import { describe, expect, test } from '@jest/globals'
import type { ScalingView } from '../../src/model/scaling.ts'
import { tagValue } from '../../src/plan/journal.ts'
import { heldAt, heldIn, heldText, readHeld, resumed } from '../../src/plan/scaling.ts'

const free = { in: false, out: false, scheduled: false }
const all = { in: true, out: true, scheduled: true }
const scaling = (min: number, max: number, suspended = free): ScalingView => ({ min, max, suspended })

describe('how the auto scaling of a parked color was, as a note', () => {
  test.each([
    [scaling(2, 10), 'min=2 max=10 suspended=none'],
    [scaling(0, 0, { ...free, out: true }), 'min=0 max=0 suspended=out'],
    [scaling(1, 5000, all), 'min=1 max=5000 suspended=in+out+scheduled'],
  ])('%j is %s, and is read again', (view, text) => {
    expect(heldText(view)).toBe(text)
    expect(readHeld(text)).toEqual(view)
    // Nothing in it that a tag may not have.
    expect(tagValue(text)).toBe(text)
  })

  test.each([undefined, '', 'min=2', 'min=-1 max=2 suspended=none', 'min=1 max=x suspended=none'])(
    '%j is none',
    text => {
      expect(readHeld(text)).toBeUndefined()
    },
  )

  test('is that of its own color', () => {
    const Scaling = 'min=2 max=10 suspended=none'
    expect(heldIn({ blue: { Scaling }, green: { Scaling: '' } })).toEqual({ blue: scaling(2, 10) })
  })
})

describe('a color that is held', () => {
  test.each([
    ['lowers its minimum', scaling(2, 10), 0, scaling(0, 10, all)],
    ['keeps a minimum that is low enough', scaling(2, 10), 3, scaling(2, 10, all)],
  ])('%s', (_, view, count, held) => {
    expect(heldAt(view, count)).toEqual(held)
  })

  test.each([
    ['gets back what it had', scaling(0, 10, all), scaling(2, 10), scaling(2, 10)],
    ['is suspended as before', scaling(0, 10, all), scaling(2, 10, all), scaling(2, 10, all)],
    ['keeps a minimum that somebody has raised', scaling(4, 10, all), scaling(2, 10), scaling(4, 10)],
    [
      'never gets a minimum above a maximum that somebody has lowered',
      scaling(0, 1, all),
      scaling(2, 10),
      scaling(1, 1),
    ],
    ['is left alone once somebody has resumed it', scaling(0, 10, { ...all, in: false }), scaling(2, 10), undefined],
  ])('%s', (_, view, before, after) => {
    expect(resumed(view, before)).toEqual(after)
  })
})
