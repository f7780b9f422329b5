import { firstLook } from '../deploy/observe.ts'
import type { World } from '../deploy/world.ts'
import type { Color } from '../model/color.ts'
import { versionLabel } from '../model/image.ts'
import type { Snapshot } from '../model/snapshot.ts'
import { imageOf } from '../plan/task-definition.ts'

export interface Status {
  readonly seen: Snapshot
  readonly images: Readonly<Record<Color, string>>
  readonly versions: Readonly<Record<Color, string>>
}

/** `mode: status`: what runs where, and who gets the traffic. Reads only. */
export async function status(world: World): Promise<Status> {
  const seen = await firstLook(world)
  const arns = { blue: seen.targetGroups.blue.arn, green: seen.targetGroups.green.arn }
  const [tags, blue, green] = await Promise.all([
    world.elb.describeTags([arns.blue, arns.green]),
    imageOn('blue', seen, world),
    imageOn('green', seen, world),
  ])
  const version = (color: Color, image: string) => {
    const noted = tags[arns[color]]
    return (noted?.Image === image && noted.Version) || versionLabel(image)
  }
  return {
    seen,
    images: { blue, green },
    versions: { blue: version('blue', blue), green: version('green', green) },
  }
}

async function imageOn(color: Color, seen: Snapshot, world: World): Promise<string> {
  const service = seen.services.value[color]
  const described = await world.ecs.describeTaskDefinition(service.taskDefinition)
  return imageOf(described, service.loadBalancers[0]?.containerName ?? '') ?? ''
}
