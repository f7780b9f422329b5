import { type Strategy, wholeShare } from '../model/strategy.ts'
import { duration, listOf, oneOf, type Parser, problem, value, wholeNumber } from './values.ts'

const second = 1_000
const minute = 60 * second
const hour = 60 * minute

/** GitHub ends a job on its own machines after six hours. */
const longest = 6 * hour

/** `10`, `10%` or `0.1%`, in tenths of a percent: less than a thousand, because all of the traffic is no part of it. */
export const percent: Parser<number> = text => {
  const match = /^(\d{1,3})(?:\.(\d{1,9}))?%?$/.exec(text)
  if (match?.[1] === undefined) return problem(text, 'is not a percentage. Write one such as 10, 10% or 0.5%.')
  const [, whole, rest = ''] = match
  if (/^\d0*[1-9]/.test(rest)) {
    return problem(text, 'is too fine: weights of a load balancer can express 0.1% and no less.')
  }
  const share = Number(whole) * 10 + Number(rest.charAt(0))
  return share < 1 || share >= wholeShare ? problem(text, 'is out of range. Write one from 0.1 to 99.9.') : value(share)
}

/** CloudWatch allows any characters but those that a list is made of could not be told apart. */
const alarmName: Parser<string> = text => {
  if (text.startsWith('arn:')) return problem(text, 'is an ARN. Write the name of the alarm.')
  return text.length > 255 ? problem(text, 'is longer than 255 characters.') : value(text)
}

/** The part of the table of inputs that says how traffic moves and what is watched meanwhile. */
export const trafficTable = {
  strategy: { parse: oneOf(['all-at-once', 'canary', 'linear']), fallback: 'all-at-once' },
  'canary-percent': { parse: percent, fallback: '' },
  'canary-bake-time': { parse: duration(second, longest), fallback: '' },
  'step-percent': { parse: percent, fallback: '' },
  'step-bake-time': { parse: duration(second, longest), fallback: '' },
  'bake-time': { parse: duration(0, longest), fallback: '0s' },
  'alarm-names': { parse: listOf(alarmName), fallback: '' },
  'alarms-at-start': { parse: oneOf(['refuse', 'ignore']), fallback: '' },
  'probe-rate': { parse: wholeNumber(1, 200), fallback: '' },
  'max-failed-requests': { parse: wholeNumber(0, 1_000_000), fallback: '' },
} as const

type Given = {
  readonly [Name in keyof typeof trafficTable]?: (typeof trafficTable)[Name]['parse'] extends Parser<infer T>
    ? T
    : never
} & { readonly 'production-url'?: string }

/** How traffic moves, and what is watched meanwhile. Durations in milliseconds. */
export interface TrafficInputs {
  readonly strategy: Strategy
  readonly bakeMs: number
  readonly alarmNames: readonly string[]
  /** What to do about an alarm that is in ALARM before anything was written. */
  readonly alarmsAtStart: 'refuse' | 'ignore'
  /** Requests per second to `production-url`. */
  readonly probeRate: number
  readonly maxFailedRequests: number
}

export function trafficInputs(given: Given): TrafficInputs {
  return {
    strategy: strategyOf(given),
    bakeMs: given['bake-time'] ?? 0,
    alarmNames: given['alarm-names'] ?? [],
    alarmsAtStart: given['alarms-at-start'] ?? 'refuse',
    probeRate: given['probe-rate'] ?? 20,
    maxFailedRequests: given['max-failed-requests'] ?? 0,
  }
}

/** The defaults are those of AWS CodeDeploy's `Canary10Percent5Minutes` and `Linear10PercentEvery1Minutes`. */
function strategyOf(given: Given): Strategy {
  switch (given.strategy) {
    case 'canary':
      return {
        kind: 'canary',
        share: given['canary-percent'] ?? 100,
        holdMs: given['canary-bake-time'] ?? 5 * minute,
      }
    case 'linear':
      return { kind: 'linear', share: given['step-percent'] ?? 100, holdMs: given['step-bake-time'] ?? minute }
    case 'all-at-once':
    case undefined:
      return { kind: 'all-at-once' }
    default:
      return given.strategy satisfies never
  }
}

/** Which input goes with which: an input that does nothing is a mistake that nobody would notice. */
export function trafficProblems(given: Given, broken: ReadonlySet<string>): readonly string[] {
  const problems: string[] = []
  const belongs = (name: keyof Given, strategy: Strategy['kind']) => {
    if (given[name] === undefined || broken.has('strategy') || given.strategy === strategy) return
    problems.push(
      `${name}: goes with strategy ${strategy}, but the strategy is ${given.strategy ?? 'all-at-once'}. Set strategy: ${strategy}, or take ${name} out.`,
    )
  }
  const needs = (name: keyof Given, other: 'alarm-names' | 'production-url') => {
    if (given[name] === undefined || broken.has(other) || given[other] !== undefined) return
    problems.push(`${name}: goes with ${other}, which is not set. Set ${other}, or take ${name} out.`)
  }
  belongs('canary-percent', 'canary')
  belongs('canary-bake-time', 'canary')
  belongs('step-percent', 'linear')
  belongs('step-bake-time', 'linear')
  needs('alarms-at-start', 'alarm-names')
  needs('probe-rate', 'production-url')
  needs('max-failed-requests', 'production-url')
  return problems
}
