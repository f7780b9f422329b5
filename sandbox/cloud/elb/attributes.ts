import type {
  DescribeListenerAttributesInput,
  DescribeLoadBalancerAttributesInput,
  DescribeTargetGroupAttributesInput,
  ModifyLoadBalancerAttributesInput,
  ModifyTargetGroupAttributesInput,
  TargetGroupAttribute,
} from '@aws-sdk/client-elastic-load-balancing-v2'
import { type Core, listener, loadBalancer, targetGroup } from './core.ts'
import { invalid, refused, required } from './faults.ts'
import { hasTargetStickiness } from './forward.ts'
import type { TargetGroup } from './state.ts'

interface Rule {
  readonly initial: string
  readonly valid: (value: string) => boolean
}

const flag = (initial: string): Rule => ({ initial, valid: value => value === 'true' || value === 'false' })
const word = (initial: string, ...others: string[]): Rule => ({
  initial,
  valid: value => value === initial || others.includes(value),
})
const whole = (initial: string, min: number, max: number, ...words: string[]): Rule => ({
  initial,
  valid: value => words.includes(value) || (/^\d+$/.test(value) && Number(value) >= min && Number(value) <= max),
})
const text = (initial: string): Rule => ({ initial, valid: () => true })

const TARGET_GROUP: Readonly<Record<string, Rule>> = {
  'deregistration_delay.timeout_seconds': whole('300', 0, 3600),
  'stickiness.enabled': flag('false'),
  'stickiness.type': word('lb_cookie', 'app_cookie'),
  'stickiness.lb_cookie.duration_seconds': whole('86400', 1, 604_800),
  'stickiness.app_cookie.cookie_name': text(''),
  'stickiness.app_cookie.duration_seconds': whole('86400', 1, 604_800),
  'slow_start.duration_seconds': whole('0', 30, 900, '0'),
  'load_balancing.algorithm.type': word('round_robin', 'least_outstanding_requests', 'weighted_random'),
  'load_balancing.algorithm.anomaly_mitigation': word('off', 'on'),
  'load_balancing.cross_zone.enabled': word('use_load_balancer_configuration', 'true', 'false'),
  'target_group_health.dns_failover.minimum_healthy_targets.count': whole('1', 1, 1000, 'off'),
  'target_group_health.dns_failover.minimum_healthy_targets.percentage': whole('off', 1, 100, 'off'),
  'target_group_health.unhealthy_state_routing.minimum_healthy_targets.count': whole('1', 1, 1000),
  'target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage': whole('off', 1, 100, 'off'),
}

const LOAD_BALANCER: Readonly<Record<string, Rule>> = {
  'access_logs.s3.enabled': flag('false'),
  'access_logs.s3.bucket': text(''),
  'access_logs.s3.prefix': text(''),
  'client_keep_alive.seconds': whole('3600', 60, 604_800),
  'deletion_protection.enabled': flag('false'),
  'idle_timeout.timeout_seconds': whole('60', 1, 4000),
  'load_balancing.cross_zone.enabled': flag('true'),
  'routing.http.desync_mitigation_mode': word('defensive', 'monitor', 'strictest'),
  'routing.http.drop_invalid_header_fields.enabled': flag('false'),
  'routing.http.preserve_host_header.enabled': flag('false'),
  'routing.http.x_amzn_tls_version_and_cipher_suite.enabled': flag('false'),
  'routing.http.xff_client_port.enabled': flag('false'),
  'routing.http.xff_header_processing.mode': word('append', 'preserve', 'remove'),
  'routing.http2.enabled': flag('true'),
  'waf.fail_open.enabled': flag('false'),
  'zonal_shift.config.enabled': flag('false'),
}

const initial = (rules: Readonly<Record<string, Rule>>) =>
  new Map(Object.entries(rules).map(([key, rule]) => [key, rule.initial]))
export const targetGroupAttributes = () => initial(TARGET_GROUP)
export const loadBalancerAttributes = () => initial(LOAD_BALANCER)
export const listenerAttributes = () => new Map([['routing.http.response.server.enabled', 'true']])

export function describeTargetGroupAttributes(core: Core, input: DescribeTargetGroupAttributesInput): object {
  return shown(targetGroup(core, input.TargetGroupArn).attributes)
}

export function describeLoadBalancerAttributes(core: Core, input: DescribeLoadBalancerAttributesInput): object {
  return shown(loadBalancer(core, input.LoadBalancerArn).attributes)
}

export function describeListenerAttributes(core: Core, input: DescribeListenerAttributesInput): object {
  return shown(listener(core, input.ListenerArn).attributes)
}

export function modifyLoadBalancerAttributes(core: Core, input: ModifyLoadBalancerAttributesInput): object {
  const { attributes } = loadBalancer(core, input.LoadBalancerArn)
  const changes = read(input.Attributes, LOAD_BALANCER, 'Load balancer')
  for (const [key, value] of changes) attributes.set(key, value)
  return shown(attributes)
}

export function modifyTargetGroupAttributes(core: Core, input: ModifyTargetGroupAttributesInput): object {
  const group = targetGroup(core, input.TargetGroupArn)
  const changes = read(input.Attributes, TARGET_GROUP, 'Target group')
  checkSlowStart(new Map([...group.attributes, ...changes]))
  if (changes.get('stickiness.enabled') === 'true' && !hasTargetStickiness(group)) checkHolders(group)
  for (const [key, value] of changes) group.attributes.set(key, value)
  core.deliveries.attributesChanged(group)
  return shown(group.attributes)
}

function read(
  given: readonly TargetGroupAttribute[] | undefined,
  rules: Readonly<Record<string, Rule>>,
  owner: string,
): ReadonlyMap<string, string> {
  return new Map(
    required(given, 'Attributes').map(({ Key, Value }) => {
      const key = required(Key, 'Attributes.Key')
      const value = required(Value, 'Attributes.Value')
      const rule = Object.hasOwn(rules, key) ? rules[key] : undefined
      if (rule === undefined) throw invalid(`${owner} attribute key '${key}' is not recognized`)
      if (!rule.valid(value)) throw invalid(`'${value}' is not a valid value for the attribute '${key}'`)
      return [key, value]
    }),
  )
}

function checkSlowStart(attributes: ReadonlyMap<string, string>): void {
  const algorithm = attributes.get('load_balancing.algorithm.type')
  if (attributes.get('slow_start.duration_seconds') !== '0' && algorithm !== 'round_robin') {
    throw refused('InvalidConfigurationRequest', `Slow start cannot be used with the algorithm '${algorithm}'`)
  }
}

/** Target stickiness needs group stickiness wherever the group shares an action with others. */
function checkHolders(group: TargetGroup): void {
  for (const holder of group.holders) {
    const forward = holder.actions.find(action => action.Type === 'forward')?.ForwardConfig
    if ((forward?.TargetGroups?.length ?? 0) > 1 && forward?.TargetGroupStickinessConfig?.Enabled !== true) {
      throw refused(
        'InvalidConfigurationRequest',
        `This target group appears behind a rule with group stickiness disabled (${holder.kind === 'listener' ? holder.defaultRuleArn : holder.arn}). You must enable group stickiness before enabling target stickiness`,
      )
    }
  }
}

function shown(attributes: ReadonlyMap<string, string>): object {
  return { Attributes: [...attributes].map(([Key, Value]) => ({ Key, Value })) }
}
