import { describe, expect, test } from '@jest/globals'
import { type InputName, readInputs } from '../../src/inputs/inputs.ts'
import { Refusal } from '../../src/model/outcome.ts'

const good: Partial<Record<InputName, string>> = { service: 'app', image: 'app:1' }
const url = { 'production-url': 'https://www.example.com/version' }

function read(change: Partial<Record<InputName, string>>) {
  const texts: Partial<Record<InputName, string>> = { ...good, ...change }
  return readInputs(name => texts[name] ?? '', 'eu-central-1')
}

function problems(change: Partial<Record<InputName, string>>): readonly string[] {
  try {
    read(change)
    return []
  } catch (error) {
    if (error instanceof Refusal) return error.failure.details
    throw error
  }
}

describe('how traffic moves', () => {
  test.each<[Partial<Record<InputName, string>>, Record<string, unknown>]>([
    [{}, { strategy: { kind: 'all-at-once' }, bakeMs: 0, alarmNames: [], probeRate: 20, maxFailedRequests: 0 }],
    [{ strategy: 'canary' }, { strategy: { kind: 'canary', share: 100, holdMs: 300_000 } }],
    [{ strategy: 'linear' }, { strategy: { kind: 'linear', share: 100, holdMs: 60_000 } }],
    [
      { strategy: 'canary', 'canary-percent': '0.1%', 'canary-bake-time': '90s' },
      { strategy: { kind: 'canary', share: 1, holdMs: 90_000 } },
    ],
    [
      { strategy: 'linear', 'step-percent': '99.9', 'step-bake-time': '1h' },
      { strategy: { kind: 'linear', share: 999, holdMs: 3_600_000 } },
    ],
    [{ strategy: 'canary', 'canary-percent': '12.50' }, { strategy: { kind: 'canary', share: 125, holdMs: 300_000 } }],
    [{ 'bake-time': '10m' }, { bakeMs: 600_000 }],
    [
      { 'alarm-names': 'errors, slow answers\nerrors-2' },
      { alarmNames: ['errors', 'slow answers', 'errors-2'], alarmsAtStart: 'refuse' },
    ],
    [{ 'alarm-names': 'errors', 'alarms-at-start': 'ignore' }, { alarmsAtStart: 'ignore' }],
    [
      { ...url, 'probe-rate': '200', 'max-failed-requests': '0' },
      { probeRate: 200, maxFailedRequests: 0 },
    ],
  ])('%j', (given, expected) => {
    expect(read(given)).toMatchObject(expected)
  })

  test.each<[Partial<Record<InputName, string>>, string]>([
    [{ strategy: 'canary', 'canary-percent': '0' }, "canary-percent: '0' is out of range. Write one from 0.1 to 99.9."],
    [
      { strategy: 'canary', 'canary-percent': '100%' },
      "canary-percent: '100%' is out of range. Write one from 0.1 to 99.9.",
    ],
    [
      { strategy: 'canary', 'canary-percent': '999' },
      "canary-percent: '999' is out of range. Write one from 0.1 to 99.9.",
    ],
    [
      { strategy: 'canary', 'canary-percent': '-5' },
      "canary-percent: '-5' is not a percentage. Write one such as 10, 10% or 0.5%.",
    ],
    [
      { strategy: 'canary', 'canary-percent': '10 %' },
      "canary-percent: '10 %' is not a percentage. Write one such as 10, 10% or 0.5%.",
    ],
    [
      { strategy: 'linear', 'step-percent': '0.25' },
      "step-percent: '0.25' is too fine: weights of a load balancer can express 0.1% and no less.",
    ],
    [{ strategy: 'canary', 'canary-bake-time': '0s' }, "canary-bake-time: '0s' is too short. The shortest is 1s."],
    [
      { strategy: 'linear', 'canary-percent': '10' },
      'canary-percent: goes with strategy canary, but the strategy is linear. Set strategy: canary, or take canary-percent out.',
    ],
    [
      { 'step-bake-time': '1m' },
      'step-bake-time: goes with strategy linear, but the strategy is all-at-once. Set strategy: linear, or take step-bake-time out.',
    ],
    [
      { 'alarms-at-start': 'ignore' },
      'alarms-at-start: goes with alarm-names, which is not set. Set alarm-names, or take alarms-at-start out.',
    ],
    [
      { 'alarm-names': 'errors', 'alarms-at-start': 'yes' },
      "alarms-at-start: 'yes' is unknown. Choose one of refuse, ignore.",
    ],
    [{ 'alarm-names': 'errors,errors' }, "alarm-names: 'errors' is listed twice."],
    [
      { 'alarm-names': 'arn:aws:cloudwatch:eu-central-1:123456789012:alarm:errors' },
      "alarm-names: 'arn:aws:cloudwatch:eu-central-1:123456789012:alarm:errors' is an ARN. Write the name of the alarm.",
    ],
    [
      { 'probe-rate': '5' },
      'probe-rate: goes with production-url, which is not set. Set production-url, or take probe-rate out.',
    ],
    [{ ...url, 'probe-rate': '0' }, "probe-rate: '0' is out of range. Write one from 1 to 200."],
    [
      { 'max-failed-requests': '5' },
      'max-failed-requests: goes with production-url, which is not set. Set production-url, or take max-failed-requests out.',
    ],
  ])('%j is refused', (given, problem) => {
    expect(problems(given)).toEqual([problem])
  })

  test('a strategy that is unknown says nothing about what goes with it', () => {
    expect(problems({ strategy: 'slow', 'canary-percent': '10' })).toEqual([
      "strategy: 'slow' is unknown. Choose one of all-at-once, canary, linear.",
    ])
  })
})
