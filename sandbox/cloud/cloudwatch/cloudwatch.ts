import type {
  DeleteAlarmsInput,
  PutCompositeAlarmInput,
  PutMetricAlarmInput,
  SetAlarmStateInput,
} from '@aws-sdk/client-cloudwatch'
import type { Timeline } from '../../timeline.ts'
import type { Metrics } from '../elb/metrics.ts'
import { AwsFault } from '../ports.ts'
import type { CloudSettings } from '../settings.ts'
import { type Alarm, type AlarmState, nextState } from './alarms.ts'
import { describeAlarms } from './describe.ts'
import { evaluate, readValues } from './evaluate.ts'
import { invalid, readName, readWatch, shownComposite, shownSettings } from './read.ts'
import { children, holds, parseRule } from './rule.ts'

/** CloudWatch alarms over the load balancers' metrics. */
export interface CloudWatch {
  /**
   * @param operation as the SDK names it, such as `DescribeAlarms`
   * @returns the SDK's output members; timestamps are `Date`
   * @throws AwsFault
   */
  call(operation: string, input: Record<string, unknown>): Record<string, unknown>
}

export interface CloudWatchParts {
  readonly timeline: Timeline
  readonly settings: Pick<CloudSettings, 'region' | 'partition' | 'accountId'>
  readonly metrics: Metrics
}

const MINUTE_MS = 60_000
/** From a minute's end until its values can be evaluated. AWS publishes no number; the load balancer's come within a minute. */
const PUBLISHING_MS = 15_000

export function createCloudWatch(parts: CloudWatchParts): CloudWatch {
  const alarms = new AlarmBook(parts)
  const operations: Readonly<Record<string, (input: never) => object>> = {
    PutMetricAlarm: (input: PutMetricAlarmInput) => alarms.putMetric(input),
    PutCompositeAlarm: (input: PutCompositeAlarmInput) => alarms.putComposite(input),
    SetAlarmState: (input: SetAlarmStateInput) => alarms.setState(input),
    DeleteAlarms: (input: DeleteAlarmsInput) => alarms.remove(input),
    DescribeAlarms: input => describeAlarms(alarms.all, input),
  }
  return {
    call(operation, input) {
      const act = Object.hasOwn(operations, operation) ? operations[operation] : undefined
      if (act === undefined) {
        throw new AwsFault('InvalidAction', `The action ${operation} is not valid for this endpoint.`)
      }
      alarms.catchUp()
      return { ...act(input as never) }
    },
  }
}

/**
 * The alarms and their states. Nothing can see an alarm between two calls, so the evaluations that were due since the
 * last call are made up for at the next one, minute by minute, from the metrics' history: the same states and
 * timestamps as if each had been booked, at no cost while nobody looks.
 */
class AlarmBook {
  readonly all = new Map<string, Alarm>()
  readonly #parts: CloudWatchParts
  /** The minute that was evaluated last, by its end. */
  #evaluated: number

  constructor(parts: CloudWatchParts) {
    this.#parts = parts
    this.#evaluated = this.#lastDue()
  }

  catchUp(): void {
    const due = this.#lastDue()
    if (this.all.size === 0) this.#evaluated = due
    while (this.#evaluated < due) {
      this.#evaluated += MINUTE_MS
      this.#evaluate(this.#evaluated)
    }
  }

  putMetric(input: PutMetricAlarmInput): object {
    const name = readName(input.AlarmName)
    const watch = readWatch(input)
    this.#put({ kind: 'metric', ...this.#base(name, 'metric'), watch, given: shownSettings(input) })
    return {}
  }

  putComposite(input: PutCompositeAlarmInput): object {
    const name = readName(input.AlarmName)
    const rule = parseRule(input.AlarmRule ?? '')
    const missing = children(rule).filter(child => this.#find(child) === undefined)
    if (missing.length > 0) throw invalid(`AlarmRule names alarms that do not exist: ${missing.join(', ')}`)
    if (children(rule).some(child => this.#reaches(child, name))) throw invalid(`AlarmRule of '${name}' is a circle`)
    this.#put({ kind: 'composite', ...this.#base(name, 'composite'), rule, given: shownComposite(input) })
    this.#evaluateComposites(this.#parts.timeline.now())
    return {}
  }

  setState(input: SetAlarmStateInput): object {
    const alarm = this.all.get(readName(input.AlarmName))
    if (alarm === undefined) throw new AwsFault('ResourceNotFound', 'Unknown', 404)
    const value = input.StateValue
    if (value !== 'OK' && value !== 'ALARM' && value !== 'INSUFFICIENT_DATA') {
      throw invalid(`StateValue '${value}' must be one of: OK, ALARM, INSUFFICIENT_DATA`)
    }
    const now = this.#parts.timeline.now()
    alarm.state = {
      value,
      reason: input.StateReason ?? '',
      ...(input.StateReasonData === undefined ? {} : { reasonData: input.StateReasonData }),
      updatedAt: now,
      transitionedAt: value === alarm.state.value ? alarm.state.transitionedAt : now,
    }
    this.#evaluateComposites(now, alarm)
    return {}
  }

  remove(input: DeleteAlarmsInput): object {
    const names = input.AlarmNames ?? []
    if (names.length > 100) throw invalid('AlarmNames can have at most 100 names')
    const unknown = names.filter(name => !this.all.has(name))
    if (unknown.length > 0) throw new AwsFault('ResourceNotFound', `Unknown alarms: ${unknown.join(', ')}`, 404)
    for (const name of names) this.all.delete(name)
    return {}
  }

  /** A new alarm knows nothing yet; one that is put again keeps its state. */
  #base(name: string, kind: Alarm['kind']) {
    const { timeline, settings } = this.#parts
    const now = timeline.now()
    const known = this.all.get(name)
    if (known !== undefined && known.kind !== kind) throw invalid(`An alarm of another type has the name '${name}'`)
    const unchecked: AlarmState = {
      value: 'INSUFFICIENT_DATA',
      reason: 'Unchecked: Initial alarm creation',
      updatedAt: now,
      transitionedAt: now,
    }
    return {
      name,
      arn: `arn:${settings.partition}:cloudwatch:${settings.region}:${settings.accountId}:alarm:${name}`,
      configuredAt: now,
      state: known?.state ?? unchecked,
    }
  }

  #put(alarm: Alarm): void {
    this.all.set(alarm.name, alarm)
  }

  /** The end of the last minute whose values are there. */
  #lastDue(): number {
    return Math.floor((this.#parts.timeline.now() - PUBLISHING_MS) / MINUTE_MS) * MINUTE_MS
  }

  #evaluate(minuteEnd: number): void {
    const now = minuteEnd + PUBLISHING_MS
    for (const alarm of this.all.values()) {
      if (alarm.kind !== 'metric' || alarm.configuredAt > now) continue
      const verdict = evaluate(alarm.watch, readValues(this.#parts.metrics, alarm.watch, minuteEnd))
      if (verdict !== undefined) alarm.state = nextState(alarm.state, verdict.value, verdict.reason, now)
    }
    this.#evaluateComposites(now)
  }

  /** Until nothing changes: composites may watch composites, but never in a circle. */
  #evaluateComposites(now: number, except?: Alarm): void {
    for (let changed = true; changed; ) {
      changed = false
      for (const alarm of this.all.values()) {
        if (alarm.kind !== 'composite' || alarm === except) continue
        const alarmed = holds(alarm.rule, child => this.#find(child)?.state.value)
        const before = alarm.state
        alarm.state = nextState(
          before,
          alarmed ? 'ALARM' : 'OK',
          `Its rule is ${alarmed}: ${alarm.given.AlarmRule}`,
          now,
        )
        changed ||= alarm.state !== before
      }
    }
  }

  #find(nameOrArn: string): Alarm | undefined {
    return this.all.get(nameOrArn) ?? this.all.get(nameOrArn.replace(/^arn:.*?:alarm:/, ''))
  }

  #reaches(from: string, name: string): boolean {
    const alarm = this.#find(from)
    if (alarm?.name === name) return true
    return alarm?.kind === 'composite' && children(alarm.rule).some(child => this.#reaches(child, name))
  }
}
