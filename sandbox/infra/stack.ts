import type { Cloud } from '../cloud/cloud.ts'
import type { Topology } from '../cloud/topology.ts'
import { evaluate, holds, type Scope } from './evaluate.ts'
import { type Made, makeResource } from './make.ts'
import { type Members, readTemplate, type Template, type Value } from './template.ts'

export type Parameters = Readonly<Record<string, string>>

/** What CloudFormation would have made of a template. */
export interface Stack {
  /** By logical id; what a condition leaves out is absent. */
  readonly resources: ReadonlyMap<string, Made>
  readonly outputs: Readonly<Record<string, string>>
}

/** Makes the resources of a template, in the order that they need each other. @throws Error, AwsFault */
export function createStack(cloud: Cloud, template: Template, given: Parameters): Stack {
  const resources = new Map<string, Made>()
  const scope = stackScope(template, given, {
    ...cloud.settings,
    made: id => {
      if (!resources.has(id)) build(id)
      return resources.get(id)
    },
  })
  const underWay = new Set<string>()

  function build(id: string): void {
    const resource = template.resources[id]
    if (resource === undefined || (resource.Condition !== undefined && !holds(resource.Condition, scope))) return
    if (underWay.has(id)) throw new Error(`the template needs ${id} in order to make ${id}`)
    underWay.add(id)
    for (const other of [resource.DependsOn ?? []].flat()) if (!resources.has(other)) build(other)
    const properties = evaluate(resource.Properties, scope) as Members
    resources.set(id, makeResource(cloud, resource.Type, properties, id))
    underWay.delete(id)
  }

  for (const id of Object.keys(template.resources)) if (!resources.has(id)) build(id)
  const outputs = Object.entries(template.outputs)
    .filter(([, { Condition }]) => Condition === undefined || holds(Condition, scope))
    .map(([name, { Value: value }]) => [name, String(evaluate(value, scope))] as const)
  return { resources, outputs: Object.fromEntries(outputs) }
}

/** Where the names of one stack come from. @throws Error for a parameter that is missing, or that the template does not have */
export function stackScope(
  template: Template,
  given: Parameters,
  world: {
    readonly region: string
    readonly partition: string
    readonly accountId: string
    readonly made: (id: string) => Made | undefined
  },
): Scope {
  const stranger = Object.keys(given).find(name => template.parameters[name] === undefined)
  if (stranger !== undefined) throw new Error(`the template has no parameter ${stranger}`)
  const parameters = Object.entries(template.parameters).map(([name, { Type, Default }]) => {
    const value = given[name] ?? Default
    if (value === undefined) throw new Error(`the template needs the parameter ${name}`)
    return [name, typed(Type, value)] as const
  })
  const names = new Map<string, Value>([
    ...parameters,
    ['AWS::Region', world.region],
    ['AWS::Partition', world.partition],
    ['AWS::URLSuffix', world.partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com'],
    ['AWS::AccountId', world.accountId],
  ])
  return {
    ref: name => names.get(name) ?? world.made(name)?.ref,
    attribute: (id, name) => world.made(id)?.attributes[name],
    conditions: template.conditions,
  }
}

function typed(type: string, value: string | number): Value {
  if (type === 'Number') return Number(value)
  return type.startsWith('List<') || type === 'CommaDelimitedList' ? String(value).split(',') : String(value)
}

/** The world of `infra/app.yml`, as `seedTopology` returns its own: with inputs that are the template's outputs. */
export function seedFromTemplate(cloud: Cloud, file: string, parameters: Parameters): Topology {
  const { resources, outputs } = createStack(cloud, readTemplate(file), parameters)
  const ref = (id: string) => {
    const one = resources.get(id)
    if (one === undefined) throw new Error(`${file} makes no ${id} with these parameters`)
    return one.ref
  }
  const { Cluster = '', Service = '', ListenerArns = '', TestListenerArns = '', AlarmNames = '' } = outputs
  // Not the URLs: their names are those of AWS, and here they would lead nowhere.
  const inputs = {
    cluster: Cluster,
    service: Service,
    'listener-arns': ListenerArns,
    'test-listener-arns': TestListenerArns,
    'alarm-names': AlarmNames,
  }
  const { partition, region, accountId } = cloud.settings
  return {
    inputs,
    clusterArn: `arn:${partition}:ecs:${region}:${accountId}:cluster/${Cluster}`,
    loadBalancerArn: ref('LoadBalancer'),
    productionArns: [ref('ProductionRule')],
    productionListenerArns: [ref('ProductionListener')],
    testListenerArn: resources.get('TestListener')?.ref,
    targetGroupArns: { blue: ref('BlueTargetGroup'), green: ref('GreenTargetGroup') },
    serviceArns: { blue: ref('BlueService'), green: ref('GreenService') },
    taskDefinitionArn: ref('TaskDefinition'),
  }
}
