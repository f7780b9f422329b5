import { AwsFault, type ControlPlane } from '../cloud/ports.ts'
import type { Plan } from './case.ts'

/**
 * Rules that are broken on purpose, to see that the soak finds it out. The product has no switch for that: what stands between it and
 * AWS does what a product without the rule would.
 */
export interface Break {
  /** What is not so any more. */
  readonly says: string
  /** What the run is asked for, instead of what the observer believes. */
  readonly plan?: (plan: Plan) => Plan
  readonly between?: (plane: ControlPlane) => ControlPlane
}

export const breakNames = ['proof', 'lock', 'journal', 'both-groups', 'live', 'bake'] as const
export type BreakName = (typeof breakNames)[number]

export const breaks: Readonly<Record<BreakName, Break>> = {
  proof: {
    says: 'the proof before the shift: every target is taken for healthy, and every rollout for completed',
    between: plane => answering(plane, believe),
  },
  lock: {
    says: 'the lock: whoever finds that it is taken goes on as if it were his',
    between: plane => ({
      call(service, operation, input) {
        try {
          return plane.call(service, operation, input)
        } catch (error) {
          if (operation !== 'CreateTargetGroup' || !isDuplicate(error)) throw error
          const { TargetGroups } = plane.call(service, 'DescribeTargetGroups', { Names: [input.Name] })
          // The run compares this, too.
          const mine = { HealthCheckPath: input.HealthCheckPath }
          return { TargetGroups: (TargetGroups as readonly object[]).map(group => ({ ...group, ...mine })) }
        }
      },
    }),
  },
  journal: {
    says: 'the journal: what a run is about to do is written nowhere',
    between: plane => ({
      call: (service, operation, input) =>
        operation === 'AddTags' && JSON.stringify(input).includes('targetgroup/ecs-bg-lock-')
          ? {}
          : plane.call(service, operation, input),
    }),
  },
  'both-groups': {
    says: 'both target groups in the forward action: what gets no requests is taken out',
    between: plane => asking(plane, input => withoutIdle(input) as typeof input),
  },
  live: {
    says: 'the live service is never modified: updates go to the other service',
    between: plane =>
      asking(plane, (input, operation) =>
        operation === 'UpdateService' ? { ...input, service: otherService(String(input.service)) } : input,
      ),
  },
  bake: {
    says: 'the bake: it is skipped',
    plan: plan => ({ ...plan, 'bake-time': '0s' }),
  },
}

function answering(plane: ControlPlane, change: (answer: unknown) => unknown): ControlPlane {
  return {
    call: (service, operation, input) => change(plane.call(service, operation, input)) as Record<string, unknown>,
  }
}

type Input = Parameters<ControlPlane['call']>[2]

function asking(plane: ControlPlane, change: (input: Input, operation: string) => Input): ControlPlane {
  return { call: (service, operation, input) => plane.call(service, operation, change(input, operation)) }
}

/** The same answer, but all is well in it. */
function believe(answer: unknown): unknown {
  if (Array.isArray(answer)) return answer.map(believe)
  if (!isPlain(answer)) return answer
  const { State, rolloutState } = answer
  const doubted = State === 'initial' || State === 'unhealthy'
  return {
    ...Object.fromEntries(Object.entries(answer).map(([name, value]) => [name, believe(value)])),
    ...(doubted ? { State: 'healthy' } : {}),
    ...(rolloutState === 'IN_PROGRESS' ? { rolloutState: 'COMPLETED' } : {}),
  }
}

function withoutIdle(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter(one => !isPlain(one) || one.Weight !== 0).map(withoutIdle)
  if (!isPlain(value)) return value
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, withoutIdle(one)]))
}

function otherService(name: string): string {
  return name.endsWith('-blue') ? name.replace(/-blue$/, '-green') : name.replace(/-green$/, '-blue')
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !(value instanceof Date)
}

function isDuplicate(error: unknown): boolean {
  return error instanceof AwsFault && error.code === 'DuplicateTargetGroupNameException'
}
