import type { Clock } from '../../src/deploy/clock.ts'
import type { SeedColor } from '../cloud/topology-options.ts'
import { setAlarm } from '../metric-alarm.ts'
import type { Actor, Simulation } from '../simulation.ts'
import { alarmName, type Case } from './case.ts'
import { isRuleArn, routeState, shareOf, targetsOf, tasksOf } from './look.ts'
import type { Observer } from './observer.ts'

/** Those who do something to the services and listeners beside the action. */
export function othersOf({ trouble }: Case, simulation: Simulation, observer: Observer): readonly Actor[] {
  if (trouble.kind === 'none') return []
  const after = (act: () => void): readonly Actor[] => [
    async (clock: Clock) => {
      await clock.sleep(trouble.afterMs)
      act()
    },
  ]
  const { cloud, topology, runtime } = simulation
  switch (trouble.kind) {
    case 'death':
      return after(() => {
        for (const { taskArn: task } of tasksOf(cloud, topology, trouble.color).slice(0, trouble.tasks)) {
          cloud.call('ecs', 'StopTask', { cluster: topology.inputs.cluster, task, reason: 'retired' })
        }
      })
    case 'sick':
      return after(() => {
        for (const { id, port } of targetsOf(cloud, topology, trouble.color).slice(0, trouble.tasks)) {
          runtime.sicken({ ip: id, port })
        }
      })
    case 'weights':
      return after(() => {
        const arn = topology.productionArns[trouble.route % topology.productionArns.length]
        if (arn === undefined) return
        const before = routeState(cloud, topology, arn)
        setWeights(simulation, arn, trouble.blue, trouble.green)
        const after = routeState(cloud, topology, arn)
        // Who writes what is there already has changed nothing.
        const same = before !== undefined && after !== undefined && shareOf(before, 'blue') === shareOf(after, 'blue')
        if (!same) observer.noteForeignWeights(arn)
      })
    case 'service':
      return after(() => {
        const color = idleColor(simulation)
        changeService(simulation, color, trouble.change)
        if (trouble.change !== 'zero') observer.noteForeignService(color)
      })
    case 'alarm':
      return after(() => setAlarm(simulation, alarmName, 'ALARM'))
    default:
      return trouble satisfies never
  }
}

/** The color with less of the first production route. */
function idleColor({ cloud, topology }: Simulation): SeedColor {
  const [arn = ''] = topology.productionArns
  const weights = routeState(cloud, topology, arn)?.weights
  return weights !== undefined && weights.blue > weights.green ? 'green' : 'blue'
}

function setWeights({ cloud, topology }: Simulation, arn: string, blue: number, green: number): void {
  const TargetGroups = [
    { TargetGroupArn: topology.targetGroupArns.blue, Weight: blue },
    { TargetGroupArn: topology.targetGroupArns.green, Weight: green },
  ]
  const actions = [{ Type: 'forward', ForwardConfig: { TargetGroups } }]
  if (isRuleArn(arn)) cloud.call('elbv2', 'ModifyRule', { RuleArn: arn, Actions: actions })
  else cloud.call('elbv2', 'ModifyListener', { ListenerArn: arn, DefaultActions: actions })
}

function changeService({ cloud, topology }: Simulation, color: SeedColor, change: 'revision' | 'restart' | 'zero') {
  const { cluster, service } = topology.inputs
  const update = (more: object) =>
    cloud.call('ecs', 'UpdateService', { cluster, service: `${service}-${color}`, ...more })
  if (change === 'zero') update({ desiredCount: 0 })
  else if (change === 'restart') update({ forceNewDeployment: true })
  else {
    const { taskDefinition } = cloud.call('ecs', 'DescribeTaskDefinition', { taskDefinition: service }) as {
      readonly taskDefinition: {
        readonly family: string
        readonly containerDefinitions: readonly Record<string, unknown>[]
      }
    }
    const containerDefinitions = taskDefinition.containerDefinitions.map(one => ({ ...one, image: 'sample-app:9.9.9' }))
    const made = cloud.call('ecs', 'RegisterTaskDefinition', { ...taskDefinition, containerDefinitions })
    update({ taskDefinition: (made.taskDefinition as { readonly taskDefinitionArn: string }).taskDefinitionArn })
  }
}
