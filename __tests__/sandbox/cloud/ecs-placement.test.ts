import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { type PlacedTask, type PlacementRules, place, type TaskStage } from '../../../sandbox/cloud/ecs/placement.ts'

const rules: PlacementRules = { desired: 2, minimumHealthyPercent: 100, maximumPercent: 200, primaryFailed: false }

/** `n` new, `o` old; `+` serving, `-` failing, `.` starting: `n+ o+ o-`. */
function fleet(text: string): PlacedTask<string>[] {
  const stages: Record<string, TaskStage> = { '+': 'serving', '-': 'failing', '.': 'starting' }
  return text
    .split(' ')
    .filter(word => word !== '')
    .map((word, index) => ({
      task: `${word}${index}`,
      primary: word.startsWith('n'),
      stage: stages[word.at(1) ?? ''] ?? 'starting',
    }))
}

describe('what the rolling scheduler does', () => {
  test.each([
    ['nothing runs yet', '', {}, 2, []],
    ['old tasks serve', 'o+ o+', {}, 2, []],
    ['new ones are on their way', 'o+ o+ n. n.', {}, 0, []],
    ['one new serves', 'o+ o+ n+ n.', {}, 0, ['o+0']],
    ['all new serve', 'o+ o+ n+ n+', {}, 0, ['o+0', 'o+1']],
    ['old ones that do not serve go first', 'o. o- n.', {}, 1, ['o.0', 'o-1']],
    ['a failing one is replaced first', 'n+ n-', {}, 1, []],
    ['and stopped when its replacement serves', 'n+ n- n+', {}, 0, ['n-1']],
    ['without room a failing one makes some', 'o+ o+ n- n-', {}, 0, ['n-2']],
    ['50/100: room is made first', 'o+ o+', { minimumHealthyPercent: 50, maximumPercent: 100 }, 1, ['o+0']],
    ['scaling down takes the newest', 'n+ n+ n+', {}, 0, ['n+2']],
    ['scaling down takes starting ones before', 'n. n+ n+', {}, 0, ['n.0']],
    ['scaling to nothing', 'n+ n.', { desired: 0 }, 0, ['n.1', 'n+0']],
    ['a failed deployment starts nothing', 'o+ o+ n-', { primaryFailed: true }, 0, ['n-2']],
    ['but can be scaled to nothing', 'o+ n-', { primaryFailed: true, desired: 0 }, 0, ['o+0', 'n-1']],
  ])('%s: %s', (_, text, changed, start, stop) => {
    const placement = place(fleet(text), { ...rules, ...changed })
    expect(placement.start).toBe(start)
    expect([...placement.surplus, ...placement.unhealthy].sort()).toEqual([...stop].sort())
  })

  test('keeps both bounds whatever the fleet', () => {
    const task = fc.constantFrom('o+', 'o.', 'o-', 'n+', 'n.', 'n-')
    fc.assert(
      fc.property(
        fc.array(task, { maxLength: 12 }),
        fc.integer({ min: 0, max: 6 }),
        fc.constantFrom(0, 50, 100),
        fc.constantFrom(100, 150, 200),
        (words, desired, minimumHealthyPercent, maximumPercent) => {
          const tasks = fleet(words.join(' '))
          const placement = place(tasks, { desired, minimumHealthyPercent, maximumPercent, primaryFailed: false })
          const stopped = [...placement.surplus, ...placement.unhealthy]
          expect(new Set(stopped).size).toBe(stopped.length)
          const left = tasks.filter(one => !stopped.includes(one.task))
          const serving = (list: typeof tasks) => list.filter(one => one.stage === 'serving').length
          const minimum = Math.ceil((desired * minimumHealthyPercent) / 100)
          expect(serving(left)).toBeGreaterThanOrEqual(Math.min(serving(tasks), minimum))
          const maximum = Math.floor((desired * maximumPercent) / 100)
          if (placement.start > 0) expect(left.length + placement.start).toBeLessThanOrEqual(maximum)
        },
      ),
    )
  })
})
