import { describe, expect, test } from '@jest/globals'
import { mostVersions, Sightings } from '../../src/probe/sightings.ts'

/** One answer each 10 ms, from 1000 on. */
function see(text: string) {
  const sightings = new Sightings()
  const kinds: string[] = []
  for (const [index, label] of [...text].entries()) {
    const change = sightings.note(label, 1_000 + index * 10)
    if (typeof change === 'object') kinds.push(`${change.kind} ${change.to} ${change.at}`)
  }
  return { sightings, kinds }
}

describe('sightings', () => {
  test('a flip with a flicker', () => {
    const { sightings, kinds } = see('aabaabbb')
    expect(kinds).toEqual(['first a 1000', 'new b 1020', 'back a 1030', 'again b 1050'])
    expect(sightings.wentBack).toBe(1)
    expect(sightings.versions()).toEqual([
      { version: 'a', count: 4, firstAt: 1_000, lastAt: 1_040 },
      { version: 'b', count: 4, firstAt: 1_020, lastAt: 1_070 },
    ])
    expect(sightings.boundaries()).toEqual([{ from: 'a', to: 'b', firstNewAt: 1_020, lastOldAt: 1_040, mixedMs: 20 }])
  })

  test('a clean flip is never mixed', () => {
    const { sightings } = see('aaabbbccc')
    expect(sightings.wentBack).toBe(0)
    expect(sightings.boundaries()).toEqual([
      { from: 'a', to: 'b', firstNewAt: 1_030, lastOldAt: 1_020, mixedMs: 0 },
      { from: 'b', to: 'c', firstNewAt: 1_060, lastOldAt: 1_050, mixedMs: 0 },
    ])
  })

  test('a page that shows the time does not fill the memory', () => {
    const sightings = new Sightings()
    for (let index = 0; index < mostVersions; index++) sightings.note(`at ${index}`, index)
    expect(sightings.note('one more', 1_000)).toBe('too-many')
    expect(sightings.note('at 7', 1_001)).toMatchObject({ kind: 'back' })
    expect(sightings.versions()).toHaveLength(mostVersions)
  })
})
