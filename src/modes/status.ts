import { firstLook } from '../deploy/observe.ts'
import type { World } from '../deploy/world.ts'
import type { ByColor, Color } from '../model/color.ts'
import type { RunningVersion } from '../model/progress.ts'
import type { Snapshot } from '../model/snapshot.ts'
import { noted } from '../plan/noted.ts'
import { imageOf } from '../plan/task-definition.ts'

export interface Status {
  readonly seen: Snapshot
  readonly running: ByColor<RunningVersion>
}

/** `mode: status`: what runs where, and who gets the traffic. Reads only. */
export async function status(world: World): Promise<Status> {
  const seen = await firstLook(world)
  return { seen, running: await runningVersions(seen, world) }
}

/** What the two services ask for, by the names that an earlier deploy has noted. */
export async function runningVersions(seen: Snapshot, world: World): Promise<ByColor<RunningVersion>> {
  const [tags, blue, green] = await Promise.all([
    world.elb.describeTags([seen.targetGroups.blue.arn, seen.targetGroups.green.arn]),
    imageOn('blue', seen, world),
    imageOn('green', seen, world),
  ])
  const version = (color: Color, image: string) => noted(image, tags[seen.targetGroups[color].arn])
  return { blue: version('blue', blue), green: version('green', green) }
}

async function imageOn(color: Color, seen: Snapshot, world: World): Promise<string> {
  const service = seen.services.value[color]
  const described = await world.ecs.describeTaskDefinition(service.taskDefinition)
  return imageOf(described, service.loadBalancers[0]?.containerName ?? '') ?? ''
}
