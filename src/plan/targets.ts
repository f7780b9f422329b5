import type { HealthCheckView, TargetView } from '../model/routing.ts'
import type { Cause } from './launch-causes.ts'

/** More addresses with one and the same answer are counted. */
const namedTargets = 10

/** What the load balancer asks of every target, and what it wants to hear. */
export function describeCheck(check: HealthCheckView): string {
  const every = Math.round(check.intervalMs / 1_000)
  return `The health check asks ${check.protocol} GET ${check.path} every ${every}s and wants ${check.matcher} within ${Math.round(check.timeoutMs / 1_000)}s.`
}

/** Targets that are not well, with what each answered: those with the same answer in one line. Old ones that drain are no news. */
export function sickTargets(targets: readonly TargetView[], check: HealthCheckView): readonly string[] {
  const byAnswer = new Map<string, string[]>()
  const sick = targets.filter(target => target.state !== 'healthy' && target.state !== 'draining')
  // Those that were asked and failed tell more than those that were not asked yet.
  const asked = sick.filter(target => target.state === 'unhealthy')
  for (const target of [...asked, ...sick.filter(one => !asked.includes(one))]) {
    const answer = `${answerOf(target, check)} (${target.reason ?? 'no code'})`
    byAnswer.set(answer, [...(byAnswer.get(answer) ?? []), `${target.id}:${target.port}`])
  }
  return [...byAnswer].map(([answer, all]) => {
    const rest = all.length - namedTargets
    const said = all.length > 1 ? answer.replace(/^is /, 'are ') : answer
    return `${all.slice(0, namedTargets).join(', ')}${rest > 0 ? ` and ${rest} more` : ''} ${said}`
  })
}

function answerOf({ state, reason, description }: TargetView, check: HealthCheckView): string {
  const asked = `GET ${check.path}`
  switch (reason) {
    case 'Target.ResponseCodeMismatch': {
      const codes = codesIn(description ?? '')
      return `answered ${codes.length === 0 ? 'something else' : codes.join(' and ')} to ${asked}`
    }
    case 'Target.Timeout':
      return `did not answer ${asked} in time`
    case 'Target.FailedHealthChecks':
      return `refused or broke the connection for ${asked}`
    default:
      return `is ${state}: ${description ?? 'no description'}`
  }
}

/** Status codes in `Health checks failed with these codes: [503]`. */
export function codesIn(description: string): readonly number[] {
  const list = /\[([\d,\s]+)\]/.exec(description)?.[1] ?? ''
  return [...new Set(list.split(',').map(Number))].filter(code => code > 0)
}

/**
 * Why health checks fail, from all that was answered.
 *
 * @param descriptions AWS's words, of targets and of events
 * @param gracePeriodMs how long ECS waits before it replaces a task that fails them
 */
export function healthCause(
  descriptions: readonly string[],
  check: HealthCheckView,
  port: number,
  gracePeriodMs: number,
): Cause {
  const codes = [...new Set(descriptions.flatMap(codesIn))]
  const asked = `${check.protocol} GET ${check.path}`
  if (codes.length > 0 && codes.every(code => code === 404)) {
    return {
      code: 'HEALTH_PATH_NOT_FOUND',
      what: `its tasks answer 404 to the health check ${asked}: they have no such path`,
      todo: `Let the application answer ${check.path} with ${check.matcher}, or set the path of the target group's health check to one that it has.`,
    }
  }
  if (codes.length > 0) {
    return {
      code: 'UNHEALTHY',
      what: `its tasks answer ${codes.join(' and ')} to the health check ${asked}, which wants ${check.matcher}`,
      todo: hintFor(codes[0] ?? 0),
    }
  }
  const late = descriptions.some(description => /timed out/i.test(description))
  return {
    code: 'UNHEALTHY',
    what: `its tasks ${late ? 'do not answer' : 'refuse or break the connection of'} the health check ${asked} on port ${port}`,
    todo: `Check that the program listens on port ${port} of all addresses (0.0.0.0), that the security groups let the load balancer in, and that it starts within the grace period of the service (\`healthCheckGracePeriodSeconds\` is ${Math.round(gracePeriodMs / 1_000)}).`,
  }
}

function hintFor(code: number): string {
  if (code === 400) return 'Health checks come with an address as Host header: let the application accept it there.'
  if (code === 401 || code === 403)
    return 'The health check has no login: let the application answer that path without.'
  if (code < 400)
    return 'Load balancers do not follow redirects: let the path answer itself, or add the code to the matcher.'
  return 'The application says that it is not well: look at what the tasks logged.'
}
