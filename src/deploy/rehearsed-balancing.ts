import type { LoadBalancing } from '../aws/ports.ts'
import { type Color, colors } from '../model/color.ts'
import type { PlannedStep } from '../model/plan.ts'
import type { RouteView } from '../model/routing.ts'
import type { ServiceView } from '../model/service.ts'
import type { Snapshot } from '../model/snapshot.ts'
import { describeWeights, readWeights } from '../plan/weights.ts'
import { imaginedTasksOf } from './rehearsed-services.ts'
import type { World } from './world.ts'

/** Listeners whose weights change only here; how well targets are is read from AWS as long as their service is as it was seen. */
export function imaginedBalancing(
  world: World,
  seen: Snapshot,
  services: Readonly<Record<Color, ServiceView>>,
  say: (step: PlannedStep) => void,
): LoadBalancing {
  const routes = new Map([...seen.production.value, ...seen.test.value].map(route => [route.arn, route]))
  const weights = (route: RouteView) => describeWeights(readWeights(route, seen.targetGroups).weights)
  return {
    ...world.elb,
    async describeRoutes(arns) {
      return arns.flatMap(arn => routes.get(arn) ?? [])
    },
    async describeTargets(targetGroupArn) {
      const color = colors.find(one => seen.targetGroups[one].arn === targetGroupArn)
      if (color === undefined) return []
      if (services[color] === seen.services.value[color]) return world.elb.describeTargets(targetGroupArn)
      const port = services[color].loadBalancers[0]?.containerPort ?? 0
      return imaginedTasksOf(services[color]).flatMap(task =>
        task.addresses.map(id => ({ id, port, state: 'healthy' })),
      )
    },
    async writeRoute(route, actions) {
      const changed = { ...route, actions }
      const testers = seen.test.value.some(one => one.arn === route.arn)
      say({
        says: `Change the weights of ${route.label} (${testers ? 'test' : 'production'})`,
        before: weights(route),
        after: weights(changed),
      })
      routes.set(route.arn, changed)
      return 'applied'
    },
    async writeTags(arn, tags) {
      const color = colors.find(one => seen.targetGroups[one].arn === arn)
      const name = color === undefined ? arn : seen.targetGroups[color].name
      say({
        says: `Note on ${name}: ${Object.entries(tags)
          .filter(([, value]) => value !== '')
          .map(([key, value]) => `${key}=${value}`)
          .join(', ')}`,
      })
    },
  }
}
