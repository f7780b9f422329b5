import { expect, test } from '@jest/globals'
import { followOriginal, paceFor } from '../../src/plan/clone-pace.ts'

/** With which percents ECS can replace the tasks of a copy, however few it has. */

const described = (maximumPercent: number, minimumHealthyPercent: number, more: object = {}) => ({
  deploymentConfiguration: { maximumPercent, minimumHealthyPercent },
  ...more,
})

test.each([
  [200, 100, 1, '200/100'],
  [150, 100, 1, '200/100'],
  [100, 50, 1, '200/100'],
  [150, 100, 2, '150/100'],
  [100, 50, 2, '100/50'],
  [100, 0, 1, '100/0'],
  [100, 100, 9, '200/100'],
  [110, 100, 9, '200/100'],
  // Nothing to replace.
  [150, 100, 0, '150/100'],
])('%d/%d with %d tasks: %s', (most, fewest, desired, wanted) => {
  const { maximumPercent, minimumHealthyPercent } = paceFor(described(most, fewest), desired)
  expect(`${maximumPercent}/${minimumHealthyPercent}`).toBe(wanted)
})

test('follows the network, ECS Exec and the percents of the original, and nothing that is in another order', () => {
  const net = (...securityGroups: string[]) => ({ networkConfiguration: { awsvpcConfiguration: { securityGroups } } })
  const original = described(200, 100, { ...net('a', 'b'), enableExecuteCommand: true })
  expect(followOriginal(original, { ...original, ...net('b', 'a') }, 1)).toEqual({ settings: {}, needsTasks: false })
  const breaker = { enable: true, rollback: false }
  const copy = {
    deploymentConfiguration: { maximumPercent: 150, minimumHealthyPercent: 100, deploymentCircuitBreaker: breaker },
    ...net('a'),
    enableExecuteCommand: false,
  }
  expect(followOriginal(original, copy, 1)).toEqual({
    needsTasks: true,
    settings: {
      ...net('a', 'b'),
      enableExecuteCommand: true,
      deploymentConfiguration: {
        maximumPercent: 200,
        minimumHealthyPercent: 100,
        deploymentCircuitBreaker: breaker,
      },
    },
  })
})
