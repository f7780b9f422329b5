import type {
  Attributes,
  GroupSeen,
  ListenerSeen,
  NewRule,
  Quotas,
  RuleSeen,
  ServiceSeen,
  Settings,
  Tags,
} from '../model/clone.ts'
import type { ServiceView } from '../model/service.ts'

/** What it takes to make, change and take away a service with a target group and rule of its own. Every method throws a Refusal. */

export interface CloneGroups {
  /** Undefined when there is no group of this name. */
  findGroup(name: string): Promise<GroupSeen | undefined>
  /** Every target group of the account in this Region; one call for each page. */
  allGroups(): Promise<readonly GroupSeen[]>
  describeAllAttributes(targetGroupArn: string): Promise<Attributes>
  /** Safe to repeat. */
  createGroup(name: string, settings: Settings, tags: Tags): Promise<GroupSeen>
  modifyGroup(arn: string, settings: Settings): Promise<void>
  modifyAttributes(arn: string, attributes: Attributes): Promise<void>
  /** @returns `in-use` while anything names it, and for a while after */
  deleteGroup(arn: string): Promise<'gone' | 'in-use'>
}

export interface CloneBalancing extends CloneGroups {
  describeListeners(loadBalancerArn: string): Promise<readonly ListenerSeen[]>
  /** Rules of one listener but for its default rule, one call for each page. Empty when the listener is not there. */
  describeRulesOf(listenerArn: string): Promise<readonly RuleSeen[]>
  /**
   * Never repeated by itself: AWS would make a second rule.
   *
   * @returns `unanswered` when it may be there or not
   */
  createRule(rule: NewRule, tags: Tags): Promise<'applied' | 'unanswered' | 'throttled' | 'priority-in-use'>
  modifyRule(rule: RuleSeen, to: Omit<NewRule, 'listenerArn' | 'priority'>): Promise<void>
  /** A rule that is not there is gone. */
  deleteRule(arn: string): Promise<void>
  /** Quotas of load balancers in this account. */
  quotas(): Promise<Quotas>
  /** `internal-app-123.eu-central-1.elb.amazonaws.com` */
  hostOf(loadBalancerArn: string): Promise<string>
  tagAll(arns: readonly string[], tags: Tags): Promise<void>
}

export type Created =
  | { readonly kind: 'created'; readonly view: ServiceView }
  /** Not now: ECS has not heard of the rule, or the name is not free. */
  | { readonly kind: 'later'; readonly said: string }

export interface CloneServices {
  /** With tags; those that are not there are left out. One call for each ten. */
  describe(names: readonly string[]): Promise<readonly ServiceSeen[]>
  /** Names of all services that are ACTIVE; one call for each hundred. */
  list(): Promise<readonly string[]>
  /** Safe to repeat: the same request has the same token. */
  create(request: Settings): Promise<Created>
  /** With all its tasks. One that is gone, or on its way, is fine. */
  remove(name: string): Promise<void>
  tag(arn: string, tags: Tags): Promise<void>
  /** Families of task definitions, by the beginning of their names: those that have active revisions, or those that have none; one call for each hundred. */
  families(prefix: string, status: 'ACTIVE' | 'INACTIVE'): Promise<readonly string[]>
  /** Ten deregistered revisions at most. */
  deleteRevisions(arns: readonly string[]): Promise<void>
}

export interface Cloning {
  readonly elb: CloneBalancing
  readonly ecs: CloneServices
}
