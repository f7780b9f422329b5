import type { AlarmsSeen } from './alarm.ts'
import type { ByColor } from './color.ts'
import type { FollowedLog } from './container-log.ts'
import type { Failure } from './outcome.ts'
import type { ProbeView } from './probe.ts'
import type { RouteView, TargetGroupView, TargetView } from './routing.ts'
import type { ServiceView, TaskView } from './service.ts'

/** Parts of the world that one look can refresh. Each costs one API call, tasks two. */
export type Part =
  | 'services'
  | 'targets'
  | 'live-targets'
  | 'tasks'
  | 'live-tasks'
  | 'stopped-tasks'
  | 'routes'
  | 'alarms'
  | 'probe'
  | 'one-off'

/** A part as it was at `at` (milliseconds since the Unix epoch): old knowledge must be told from new. */
export interface Seen<T> {
  readonly at: number
  readonly value: T
}

/** What was seen. Decisions read nothing else. */
export interface Snapshot {
  /** When AWS had answered the latest look at services, targets or routes; each part's `at` is when its look began. */
  readonly endedAt: number
  readonly services: Seen<ByColor<ServiceView>>
  /** Fixed for the length of a run: settings of the two target groups. */
  readonly targetGroups: ByColor<TargetGroupView>
  readonly production: Seen<readonly RouteView[]>
  readonly test: Seen<readonly RouteView[]>
  /** Routes of either that somebody deleted during the run, as they were last; absent when there are none. */
  readonly gone?: readonly RouteView[]
  /** Targets of the idle color's group; absent until first asked for. */
  readonly targets?: Seen<readonly TargetView[]>
  /** Targets of the other color's group: looked at only before traffic moves back to it. */
  readonly liveTargets?: Seen<readonly TargetView[]>
  /** The alarms of `alarm-names`; absent when there are none. */
  readonly alarms?: Seen<AlarmsSeen>
  /** Running tasks of the idle color's service; absent until first asked for. */
  readonly tasks?: Seen<readonly TaskView[]>
  /** Running tasks of the other color's service: looked at only before traffic moves back to it. */
  readonly liveTasks?: Seen<readonly TaskView[]>
  /** Stopped tasks of the idle color's service: asked for only to explain a failure. */
  readonly stoppedTasks?: Seen<readonly TaskView[]>
  /** Parts that would tell why something failed, and why AWS did not show them when they were last asked for. */
  readonly unread?: Readonly<Partial<Record<Part, Seen<Failure>>>>
  /** The task of `pre-deploy-command`; absent until it was started. */
  readonly oneOff?: Seen<TaskView>
  /** What that task has printed. */
  readonly oneOffLog?: FollowedLog
  /** Answers of `production-url` so far; absent when it is not given or not asked yet. */
  readonly probe?: Seen<ProbeView>
}
