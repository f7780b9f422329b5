import { describe, expect, test } from '@jest/globals'
import { casesOf, partOf, rotated } from './cases.ts'

const scenarios = [
  { name: 'a', calls: 28, followers: 2 },
  { name: 'b', calls: 5, followers: 1 },
]
const cases = casesOf(scenarios, 0)
const key = ({ scenario, call, when }: (typeof cases)[number]) => `${scenario} ${call} ${when}`

describe('the cases', () => {
  test('are each call of each scenario, before and after', () => {
    const all = scenarios.flatMap(({ name, calls }) =>
      Array.from({ length: calls }, (_, index) => [`${name} ${index + 1} before`, `${name} ${index + 1} after`]).flat(),
    )
    expect(cases.map(key).sort()).toEqual(all.sort())
  })

  test('take turns, and come from everywhere in a run', () => {
    const first = cases.slice(0, 8)
    expect(first.map(one => one.scenario)).toEqual(['a', 'b', 'a', 'b', 'a', 'b', 'a', 'b'])
    const calls = first.filter(one => one.scenario === 'a').map(one => one.call)
    expect(Math.max(...calls) - Math.min(...calls)).toBeGreaterThan(14)
  })

  test('are followed by each of the runs that may follow, on another day by the other one', () => {
    const followers = (turn: number) => casesOf(scenarios, turn).map(one => one.follower)
    expect(new Set(followers(0))).toEqual(new Set([0, 1]))
    const changed = casesOf(scenarios, 1).filter((one, index) => one.follower !== cases[index]?.follower)
    expect(new Set(changed.map(one => one.scenario))).toEqual(new Set(['a']))
    expect(changed).toHaveLength(56)
  })

  test('begin elsewhere with another seed, and none is missing', () => {
    const starts = Array.from({ length: 20 }, (_, seed) => rotated(cases, `commit ${seed}`))
    expect(new Set(starts.map(list => list.slice(0, 1).map(key).join())).size).toBeGreaterThan(10)
    for (const list of starts) expect(list.map(key).sort()).toEqual(cases.map(key).sort())
    expect(rotated([], 'x')).toEqual([])
  })

  test('fall into parts', () => {
    const parts = [1, 2, 3].map(part => partOf(cases, part, 3))
    expect(parts.flat().map(key).sort()).toEqual(cases.map(key).sort())
  })
})
