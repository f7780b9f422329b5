import type { SetupGoal, SetupSeen } from '../model/setup.ts'
import { refusal } from './setup-refusal.ts'
import { knownRoutes, ownTestRules } from './setup-route.ts'
import { asksForHeader, mostValues, testPriority, testValues } from './setup-rule.ts'

/** Whether the rule of `test-header` can be made, or is there. */
export function checkTestRule(goal: SetupGoal, seen: SetupSeen): string | undefined {
  const { testHeader, names } = goal
  const [own] = ownTestRules(seen)
  if (testHeader === undefined) return undefined
  if (own !== undefined) {
    if (asksForHeader(own, testHeader)) return `rule ${own.priority}: is there, for testers`
    throw refusal(
      'UPDATE_REFUSED',
      `Rule ${own.priority} was made for testers of ${names.blue} by a run before, with another header than \`test-header\` says.`,
      'Delete that rule, then run again; or set `test-header` to what it was.',
      own.arn,
    )
  }
  const [first] = knownRoutes(goal, seen)
  if (first === undefined) return undefined
  if (first.actions.some(action => action.Type === 'authenticate-oidc')) {
    throw refusal(
      'SETUP_NO_TEST_RULE',
      `${first.label} asks visitors to log in by OpenID Connect, and AWS never tells that client secret: a rule for testers would let everybody in who knows the header.`,
      'Take `test-header` out, and make that rule by hand.',
      first.arn,
    )
  }
  if (testPriority(first, seen, [], testHeader) === undefined) {
    throw refusal(
      'SETUP_NO_TEST_RULE',
      `A rule for testers has no place before ${first.label}: others that may be for the same requests come right before it, and would lose those with the header.`,
      'Take `test-header` out; or free the priority right before it (aws elbv2 set-rule-priorities).',
      first.arn,
    )
  }
  if (testValues(first, seen) <= mostValues) return undefined
  throw refusal(
    'SETUP_NO_TEST_RULE',
    `${first.label} has so many values in its conditions that a header beside them would be more than the ${mostValues} that AWS allows.`,
    'Take `test-header` out; or split that rule.',
    first.arn,
  )
}
