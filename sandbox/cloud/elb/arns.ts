import { type Random, randomHex } from '../../random.ts'
import type { CloudSettings } from '../settings.ts'
import { invalid } from './faults.ts'

export type ArnKind = 'load balancer' | 'listener' | 'listener rule' | 'target group'

const ID = '[0-9a-f]{16}'
const SHAPES: Readonly<Record<ArnKind, string>> = {
  'load balancer': `loadbalancer/(?:app|net)/[A-Za-z0-9-]+/${ID}`,
  listener: `listener/(?:app|net)/[A-Za-z0-9-]+/${ID}/${ID}`,
  'listener rule': `listener-rule/(?:app|net)/[A-Za-z0-9-]+/${ID}/${ID}/${ID}`,
  'target group': `targetgroup/[A-Za-z0-9-]+/${ID}`,
}

/** Names of things, as AWS builds them. */
export interface Arns {
  loadBalancer(name: string, type: 'application' | 'network'): string
  listener(loadBalancerArn: string): string
  rule(listenerArn: string): string
  targetGroup(name: string): string
  kindOf(arn: string): ArnKind | undefined
  /** @throws AwsFault for anything that is not the ARN of such a thing in this account and Region */
  check(kind: ArnKind, arn: string): void
}

export function createArns(settings: CloudSettings, random: Random): Arns {
  const prefix = `arn:${settings.partition}:elasticloadbalancing:${settings.region}:${settings.accountId}:`
  const patterns = Object.entries(SHAPES).map(
    ([kind, shape]) => [kind as ArnKind, new RegExp(`^${prefix}${shape}$`)] as const,
  )
  const id = () => randomHex(random, 16)
  const kindOf = (arn: string) => patterns.find(([, pattern]) => pattern.test(arn))?.[0]
  return {
    loadBalancer: (name, type) => `${prefix}loadbalancer/${type === 'network' ? 'net' : 'app'}/${name}/${id()}`,
    listener: arn => `${arn.replace(':loadbalancer/', ':listener/')}/${id()}`,
    rule: arn => `${arn.replace(':listener/', ':listener-rule/')}/${id()}`,
    targetGroup: name => `${prefix}targetgroup/${name}/${id()}`,
    kindOf,
    check(kind, arn) {
      if (kindOf(arn) !== kind) throw invalid(`'${arn}' is not a valid ${kind} ARN`)
    },
  }
}

/** The part of an ARN that metrics use as a dimension: `app/name/id` or `targetgroup/name/id`. */
export function metricDimension(arn: string): string {
  return arn.slice(arn.lastIndexOf(':') + 1).replace(/^loadbalancer\//, '')
}
