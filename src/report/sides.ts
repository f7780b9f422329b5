import type { Color } from '../model/color.ts'
import type { RunningVersion } from '../model/progress.ts'
import type { RouteChange } from '../model/report.ts'
import type { RouteView } from '../model/routing.ts'
import type { Side } from '../model/sides.ts'
import type { Snapshot } from '../model/snapshot.ts'
import { readWeights } from '../plan/weights.ts'

/** What a run has learned about a color's version, and the revision that it belongs to. */
export type Known = RunningVersion & { readonly taskDefinition: string }

export function sideOf(color: Color, seen: Snapshot, known?: RunningVersion & Partial<Known>): Side {
  const service = seen.services.value[color]
  const taskDefinition = known?.taskDefinition ?? service.taskDefinition
  // During a rollout the service's own counts mix the old tasks in.
  const counts = service.deployments.find(deployment => deployment.taskDefinition === taskDefinition) ?? service
  return {
    color,
    service: service.name,
    image: known?.image ?? '',
    version: known?.version ?? '',
    taskDefinition,
    running: counts.running,
    desired: counts.desired,
    ...(known?.digest === undefined ? {} : { digest: known.digest }),
  }
}

/** Weights of every route at two moments. */
export function routeChanges(before: Snapshot, after: Snapshot): readonly RouteChange[] {
  const change = (audience: 'production' | 'test', was: readonly RouteView[], is: readonly RouteView[]) =>
    was.map(route => {
      const now = is.find(other => other.arn === route.arn)
      return {
        label: route.label,
        arn: route.arn,
        audience,
        before: readWeights(route, before.targetGroups).weights,
        // What somebody deleted meanwhile sends nothing anywhere.
        after: now === undefined ? {} : readWeights(now, after.targetGroups).weights,
      }
    })
  return [
    ...change('production', before.production.value, after.production.value),
    ...change('test', before.test.value, after.test.value),
  ]
}
