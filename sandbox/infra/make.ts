import type { Cloud } from '../cloud/cloud.ts'
import type { Members, Value } from './template.ts'

/** What CloudFormation gets back when it has made a resource. */
export interface Made {
  /** What `!Ref` is. */
  readonly ref: string
  readonly attributes: Members
}

type Make = (cloud: Cloud, properties: Members, id: string) => Made

/** What the sandbox has: made by the calls that CloudFormation makes. */
const made: Readonly<Record<string, Make>> = {
  'AWS::ElasticLoadBalancingV2::LoadBalancer': (cloud, { LoadBalancerAttributes: Attributes = [], ...input }) => {
    const [balancer] = called(cloud, 'elbv2', 'CreateLoadBalancer', input, 'LoadBalancers')
    const arn = text(balancer, 'LoadBalancerArn')
    cloud.call('elbv2', 'ModifyLoadBalancerAttributes', { LoadBalancerArn: arn, Attributes })
    return {
      ref: arn,
      attributes: {
        DNSName: text(balancer, 'DNSName'),
        CanonicalHostedZoneID: text(balancer, 'CanonicalHostedZoneId'),
        LoadBalancerFullName: arn.slice(arn.indexOf(':loadbalancer/') + ':loadbalancer/'.length),
      },
    }
  },
  'AWS::ElasticLoadBalancingV2::TargetGroup': (cloud, { TargetGroupAttributes = [], ...input }) => {
    const [group] = called(cloud, 'elbv2', 'CreateTargetGroup', input, 'TargetGroups')
    const arn = text(group, 'TargetGroupArn')
    // In a template a value may be a number.
    const Attributes = (TargetGroupAttributes as readonly Members[]).map(({ Key, Value }) => ({
      Key,
      Value: String(Value),
    }))
    cloud.call('elbv2', 'ModifyTargetGroupAttributes', { TargetGroupArn: arn, Attributes })
    return { ref: arn, attributes: { TargetGroupFullName: arn.slice(arn.lastIndexOf(':') + 1) } }
  },
  'AWS::ElasticLoadBalancingV2::Listener': (cloud, input) => {
    const [listener] = called(cloud, 'elbv2', 'CreateListener', input, 'Listeners')
    return { ref: text(listener, 'ListenerArn'), attributes: {} }
  },
  'AWS::ElasticLoadBalancingV2::ListenerRule': (cloud, input) => {
    const [rule] = called(cloud, 'elbv2', 'CreateRule', input, 'Rules')
    return { ref: text(rule, 'RuleArn'), attributes: {} }
  },
  'AWS::ECS::Cluster': (cloud, input) => {
    cloud.call('ecs', 'CreateCluster', camel(input))
    return { ref: text(input, 'ClusterName'), attributes: {} }
  },
  'AWS::ECS::TaskDefinition': (cloud, { Cpu, Memory, ...input }) => {
    const sized = { ...camel(input), cpu: String(Cpu), memory: String(Memory) }
    const { taskDefinition } = cloud.call('ecs', 'RegisterTaskDefinition', sized)
    return { ref: text(taskDefinition as Members, 'taskDefinitionArn'), attributes: {} }
  },
  'AWS::ECS::Service': (cloud, input) => {
    // CloudFormation takes longer from a rule to a service than ECS needs to hear of it.
    cloud.elb.settle()
    // Who gives no count to a new service gets one task.
    const { service } = cloud.call('ecs', 'CreateService', { desiredCount: 1, ...camel(input) })
    return {
      ref: text(service as Members, 'serviceArn'),
      attributes: { Name: text(service as Members, 'serviceName') },
    }
  },
  'AWS::Logs::LogGroup': (cloud, input) => {
    const name = text(input, 'LogGroupName')
    cloud.logs.createGroup(name)
    return { ref: name, attributes: { Arn: arn(cloud, 'logs', `log-group:${name}:*`) } }
  },
  'AWS::CloudWatch::Alarm': (cloud, input, id) => {
    const AlarmName = `stack-${id}`
    cloud.call('cloudwatch', 'PutMetricAlarm', { AlarmName, ...input })
    return { ref: AlarmName, attributes: {} }
  },
  'AWS::ApplicationAutoScaling::ScalableTarget': (cloud, input) => {
    cloud.call('application-autoscaling', 'RegisterScalableTarget', { ...input })
    return { ref: `${text(input, 'ResourceId')}|ecs:service:DesiredCount|ecs`, attributes: {} }
  },
}

/** What the sandbox does not have: a name is enough, because nothing in it asks for more. */
const named: Readonly<Record<string, Make>> = {
  'AWS::EC2::SecurityGroup': (_, _properties, id) => {
    const group = `sg-${id.toLowerCase()}`
    return { ref: group, attributes: { GroupId: group } }
  },
  'AWS::EC2::SecurityGroupIngress': onlyNamed,
  'AWS::EC2::SecurityGroupEgress': onlyNamed,
  'AWS::Route53::RecordSet': onlyNamed,
  'AWS::ApplicationAutoScaling::ScalingPolicy': onlyNamed,
  'AWS::IAM::Role': (cloud, input) => {
    const { partition, accountId } = cloud.settings
    const name = text(input, 'RoleName')
    return { ref: name, attributes: { Arn: `arn:${partition}:iam::${accountId}:role/${name}` } }
  },
  'AWS::ServiceDiscovery::Service': (cloud, _, id) => ({
    ref: id,
    attributes: { Arn: arn(cloud, 'servicediscovery', `service/srv-${id.toLowerCase()}`) },
  }),
}

/** @throws Error for a type that the sandbox has never heard of; AwsFault when AWS refuses */
export function makeResource(cloud: Cloud, type: string, properties: Members, id: string): Made {
  const make = made[type] ?? named[type]
  if (make === undefined) throw new Error(`the sandbox cannot make ${id}: it does not know ${type}`)
  return make(cloud, properties, id)
}

function onlyNamed(_cloud: Cloud, _properties: Members, id: string): Made {
  return { ref: id, attributes: {} }
}

function called(cloud: Cloud, service: 'elbv2', operation: string, input: Members, list: string): readonly Members[] {
  return cloud.call(service, operation, { ...input })[list] as readonly Members[]
}

function text(members: Members | undefined, name: string): string {
  const value = members?.[name]
  if (typeof value !== 'string') throw new Error(`AWS answered without ${name}`)
  return value
}

function arn({ settings: { partition, region, accountId } }: Cloud, service: string, rest: string): string {
  return `arn:${partition}:${service}:${region}:${accountId}:${rest}`
}

/** CloudFormation's names begin with a capital, those of ECS's API do not. */
function camel(members: Members): Record<string, Value> {
  return Object.fromEntries(
    Object.entries(members).map(([name, value]) => [`${name.slice(0, 1).toLowerCase()}${name.slice(1)}`, deep(value)]),
  )
}

function deep(value: Value): Value {
  if (Array.isArray(value)) return value.map(deep)
  return value !== null && typeof value === 'object' ? camel(value as Members) : value
}
