import { expect, test } from '@jest/globals'
import { holds } from '../../../sandbox/runner/condition.ts'

test.each([
  ['always()', [true, true, true]],
  ['success()', [true, false, false]],
  ['failure()', [false, true, false]],
  ['cancelled()', [false, false, true]],
  ['!cancelled()', [true, true, false]],
  ['failure() || cancelled()', [false, true, true]],
  ['success() || failure() && cancelled()', [true, false, false]],
  ['!(failure() || cancelled())', [true, false, false]],
  [`\${{ always() }}`, [true, true, true]],
  ['true', [true, false, false]],
  ['false', [false, false, false]],
])('%s', (condition, expected) => {
  const statuses = ['success', 'failure', 'cancelled'] as const
  expect(statuses.map(status => holds(condition, status))).toEqual(expected)
})

test.each(["runner.os == 'Linux'", '', 'always(', 'always() always()', '(always()'])('%p is refused', condition => {
  expect(() => holds(condition, 'success')).toThrow('is more than this runner can evaluate')
})
