import { type FailureCode, failed } from '../model/outcome.ts'
import type { SetupDecision, SetupGoal, SetupGroup, SetupProgress, SetupSeen } from '../model/setup.ts'
import { isLate, lateFailure } from './bounds.ts'
import { attributeDifferences, checkDifferences } from './clone.ts'
import { drainLookMs, invisibleMs, refusedLimitMs, refusedPauseMs } from './preview-service.ts'
import { isPairOfOthers, lackingTwin, setupChecks } from './setup-checks.ts'
import { namesGroup, ownTestRules, productionRoutes, withTwin } from './setup-route.ts'
import { testPriority, testRuleFor } from './setup-rule.ts'
import { twinGroupTags, twinRequest } from './setup-service.ts'
import { setupStepText } from './setup-text.ts'

/**
 * What is to be done next, from what is there: a run that was killed at any call is continued by the next one. What has been put into
 * use is never changed again: it belongs to its users from then on.
 *
 * | there is                                        | next                                       |
 * |-------------------------------------------------|--------------------------------------------|
 * | something that cannot become a pair             | refuse (`setupChecks`)                     |
 * | a pair that others have made                    | nothing                                    |
 * | no target group for the twin                    | count, then make it                        |
 * | one with other checks or so, in no action yet   | change it                                  |
 * | a production route that does not name it        | name it there, at weight 0                 |
 * | no rule for testers, and `test-header`; or two  | make it; delete one                        |
 * | no twin, or one that is INACTIVE                | make it                                    |
 * | a twin that is DRAINING                         | wait until its name is free                |
 * | all of it                                       | nothing                                    |
 *
 * ECS takes a target group only when a listener or rule names it, so the service comes last (aws-facts 1.6).
 *
 * @throws Refusal
 */
export function nextSetupStep(goal: SetupGoal, progress: SetupProgress, seen: SetupSeen, now: number): SetupDecision {
  const decision = wanted(goal, progress, seen, now)
  if (decision.kind !== 'do' || !isLate({ startedAt: progress.startedAt, timeoutMs: goal.timeoutMs }, now)) {
    return decision
  }
  const { blue, green } = goal.names
  const failure = lateFailure(`The pair of ${blue} and ${green}`, setupStepText(decision.step))
  return { kind: 'finish', outcome: { status: 'failed', failure } }
}

function wanted(goal: SetupGoal, progress: SetupProgress, seen: SetupSeen, now: number): SetupDecision {
  for (const { check } of setupChecks(goal, seen)) check()
  const { blue, green } = goal.names
  if (isPairOfOthers(goal, seen)) {
    const rule = goal.testHeader === undefined ? '' : ', so it makes no rule for testers either'
    return finished('unchanged', `${blue} and ${green} are a pair already, and this action has not made it${rule}`)
  }
  const group = seen.groups.green
  return (
    (group === undefined
      ? newGroup(goal, seen)
      : (groupStep(goal, seen, group) ??
        attachStep(goal, seen, group) ??
        ruleStep(goal, progress, seen, group) ??
        serviceStep(goal, progress, seen, group, now))) ??
    (progress.steps.length === 0
      ? finished('unchanged', `${blue} and ${green} are a pair already`)
      : finished('succeeded', `${blue} and ${green} are a pair, and ${blue} still has all of the traffic`))
  )
}

function newGroup(goal: SetupGoal, seen: SetupSeen): SetupDecision {
  const { crowd } = seen
  if (crowd === undefined) return { kind: 'count' }
  const { targetGroups, quotas } = crowd
  const wantsRule = goal.testHeader !== undefined && ownTestRules(seen).length === 0
  if (targetGroups.length >= quotas.targetGroups) {
    return ended(
      'QUOTA_EXCEEDED',
      `The load balancer has ${targetGroups.length} of ${quotas.targetGroups} target groups, which is all that AWS allows: nothing was made.`,
      `They are ${named(targetGroups)}.`,
      'Take away those that nobody needs (`mode: preview-sweep` finds previews); AWS never raises this quota.',
    )
  }
  if (wantsRule && seen.rules.length >= quotas.rules) {
    return ended(
      'QUOTA_EXCEEDED',
      `The load balancer has ${seen.rules.length} of ${quotas.rules} rules, which is all that AWS allows: nothing was made.`,
      `Their priorities are ${named(seen.rules.map(rule => String(rule.priority)))}.`,
      'Take `test-header` out, or ask AWS for more rules.',
    )
  }
  const { view: like, settings } = seen.groups.blue
  return {
    kind: 'do',
    step: { kind: 'create-group', name: goal.groupName, like, settings, tags: twinGroupTags(goal, seen) },
  }
}

function groupStep(goal: SetupGoal, seen: SetupSeen, group: SetupGroup): SetupDecision | undefined {
  const inUse = productionRoutes(goal, seen).some(route => namesGroup(route, group.view.arn))
  if (inUse) return undefined
  const settings = checkDifferences(seen.groups.blue.settings, group.settings)
  if (settings !== undefined) return { kind: 'do', step: { kind: 'modify-group', group: group.view, settings } }
  const attributes = attributeDifferences(seen.groups.blue.attributes, group.attributes)
  if (Object.keys(attributes).length === 0) return undefined
  return { kind: 'do', step: { kind: 'modify-attributes', group: group.view, attributes } }
}

function attachStep(goal: SetupGoal, seen: SetupSeen, { view }: SetupGroup): SetupDecision | undefined {
  const [route] = lackingTwin(goal, seen)
  if (route === undefined) return undefined
  const actions = withTwin(route, seen.groups.blue.view, view)
  return { kind: 'do', step: { kind: 'attach', route, actions, group: view } }
}

function ruleStep(
  goal: SetupGoal,
  progress: SetupProgress,
  seen: SetupSeen,
  { view: group }: SetupGroup,
): SetupDecision | undefined {
  const { testHeader: header, tags } = goal
  const [of] = productionRoutes(goal, seen)
  const [own, double] = ownTestRules(seen).toSorted((one, two) => one.priority - two.priority)
  if (double !== undefined) return { kind: 'do', step: { kind: 'delete-test-rule', rule: double } }
  if (header === undefined || of === undefined || own !== undefined) return undefined
  const priority = testPriority(of, seen, progress.takenPriorities, header)
  if (priority === undefined) {
    return ended(
      'SETUP_NO_TEST_RULE',
      `All rule priorities before ${of.label} are taken: a rule for testers would never be reached.`,
      'Take `test-header` out; or give the rules of that listener larger numbers (aws elbv2 set-rule-priorities).',
    )
  }
  const rule = testRuleFor(of, seen, priority, header, group)
  return { kind: 'do', step: { kind: 'create-test-rule', rule, of, header, group, tags } }
}

function serviceStep(
  goal: SetupGoal,
  progress: SetupProgress,
  seen: SetupSeen,
  group: SetupGroup,
  now: number,
): SetupDecision | undefined {
  const name = goal.names.green
  const green = seen.services.green?.view
  const { refusedSince: since, serviceMadeAt: madeAt } = progress
  if (green === undefined && madeAt !== undefined && now - madeAt < invisibleMs) {
    return { kind: 'wait', until: now + refusedPauseMs, because: `ECS does not show ${name} yet` }
  }
  if (green === undefined || green.status === 'INACTIVE') {
    if (since !== undefined && now - since >= refusedLimitMs) {
      return ended(
        'UPDATE_REFUSED',
        `ECS does not make the service ${name}: ${progress.refusedBecause ?? 'no reason given'}`,
        'Run again: it goes on from here.',
      )
    }
    const { taskDefinition } = seen.services.blue.view
    const request = twinRequest(goal, seen, group)
    return { kind: 'do', step: { kind: 'create-service', name, taskDefinition, desired: goal.desired, request } }
  }
  if (green.status === 'ACTIVE') return undefined
  if (now < progress.startedAt + goal.timeoutMs) {
    return { kind: 'wait', until: now + drainLookMs, because: `${name} is ${green.status}: its name is not free yet` }
  }
  return ended('SERVICE_NOT_ACTIVE', `The service ${name} is still ${green.status}.`, 'Run again later.')
}

/** As many as fit a line. */
function named(names: readonly string[]): string {
  const most = 20
  const more = names.length > most ? ` and ${names.length - most} more` : ''
  return `${names.slice(0, most).join(', ')}${more}`
}

function finished(status: 'succeeded' | 'unchanged', because: string): SetupDecision {
  return { kind: 'finish', outcome: { status, because } }
}

function ended(code: FailureCode, headline: string, ...details: readonly string[]): SetupDecision {
  return { kind: 'finish', outcome: failed(code, headline, ...details) }
}
