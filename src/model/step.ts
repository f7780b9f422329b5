import type { ByColor, Color } from './color.ts'
import type { Outcome } from './outcome.ts'
import type { RouteView, TagChange } from './routing.ts'
import type { ServiceLaunch } from './service.ts'
import type { Part } from './snapshot.ts'
import type { ContainerSettings, DefinitionBase } from './task-definition.ts'

/** One thing to do. Data, so that a dry run can print it and a test can compare it. */
export type Step =
  /** Register `base` with other images and settings; an identical revision is reused. */
  | {
      readonly kind: 'register'
      readonly color: Color
      /** The live revision: what it runs is noted, and it is the base when there is no other. */
      readonly from: string
      /** Also compared before registering: the idle color's revision may already be what is asked for. */
      readonly reusable: string
      /** It will wait for an approval: one that was given before must not count for other bits under the same text. */
      readonly forApproval?: true
      /** The container that the version is known by. */
      readonly container: string
      /** By container. */
      readonly images: Readonly<Record<string, string>>
      readonly base?: DefinitionBase
      /** Holds values that must not be printed. */
      readonly settings?: ContainerSettings
    }
  /** Give every route in `routes` these shares; `why` is for the log. */
  | {
      readonly kind: 'route'
      readonly why: 'reference' | 'shift' | 'test' | 'restore'
      readonly route: RouteView
      readonly shares: ByColor<number>
      readonly to: Color
    }
  /** Put the candidate on the idle service. */
  | {
      readonly kind: 'stage'
      readonly color: Color
      readonly service: string
      readonly taskDefinition: string
      readonly desired: number
      /** Start a deployment although the revision is the same: its tag may stand for other bits by now. */
      readonly force: boolean
    }
  /** Give the idle service back what it had before this run. */
  | {
      readonly kind: 'put-back'
      readonly color: Color
      readonly service: string
      readonly taskDefinition: string
      readonly desired: number
    }
  /** Give the old color another count, now that nobody needs it. */
  | { readonly kind: 'park'; readonly color: Color; readonly service: string; readonly desired: number }
  /**
   * Give a color that gets traffic, or has it, the auto scaling back that was held while it was parked. Without `look` only when
   * a note says that it is held.
   */
  | { readonly kind: 'resume-scaling'; readonly color: Color; readonly look: boolean }
  /** Deregister revisions of the family beyond the newest `keep`, but none that either service uses. */
  | { readonly kind: 'deregister'; readonly family: string; readonly keep: number }
  /** Note on the target group of one color what is about to be so. Advisory too. */
  | { readonly kind: 'note'; readonly change: TagChange }
  /** Write the advisory tags. */
  | { readonly kind: 'tag'; readonly changes: readonly TagChange[] }
  /** Run a command in a task of its own, as the service would run it, and wait for it outside of this step. */
  | {
      readonly kind: 'run-task'
      readonly service: string
      readonly taskDefinition: string
      readonly container: string
      readonly command: readonly string[]
      readonly launch: ServiceLaunch
    }
  | { readonly kind: 'stop-task'; readonly taskArn: string; readonly reason: string }
  /** Ask `test-url` once, over a connection of its own. */
  | { readonly kind: 'ask-test-url'; readonly url: string }
  /** Run `test-command` on the runner to its end, or until `until` (milliseconds since the Unix epoch). */
  | {
      readonly kind: 'test-command'
      readonly command: string
      readonly environment: Readonly<Record<string, string>>
      readonly until: number
    }
  /** Begin to ask `production-url`, so that the switch itself is seen. */
  | { readonly kind: 'watch' }

export type Decision =
  | { readonly kind: 'do'; readonly step: Step }
  /** Look again at `until` (milliseconds since the Unix epoch; now or earlier means at once), and only at these parts. */
  | {
      readonly kind: 'wait'
      readonly until: number
      readonly look: readonly Part[]
      /** Those of `look` that only tell why something failed: a refusal of AWS to show them is noted, and is no failure. */
      readonly explains?: readonly Part[]
      /** What is waited for, without times: a new text is a new line in the log. */
      readonly because: string
      /** It is not known whether all is well. Waits in a row add up to `Progress.doubtSince`. */
      readonly doubt?: true
    }
  | { readonly kind: 'finish'; readonly outcome: Outcome }
