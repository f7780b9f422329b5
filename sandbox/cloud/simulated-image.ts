/** How a simulated task behaves; `well` is every image that does not ask for trouble. */
export type Behavior = 'well' | 'crash' | 'unhealthy' | 'missing' | 'slow' | 'oom' | 'errors' | 'degrades' | 'wrong'

const troubles = ['crash', 'unhealthy', 'missing', 'slow', 'oom', 'errors', 'degrades', 'wrong'] as const

/** The trouble that a tag such as `0.0.2-crash` asks for. */
export function behaviorOf(tag: string): Behavior {
  return troubles.find(trouble => tag.endsWith(`-${trouble}`)) ?? 'well'
}

/** The tag of `registry:5000/team/app:0.0.1`; `latest` when there is none. Without digest. */
export function tagOf(image: string): string {
  const colon = image.lastIndexOf(':')
  return colon > image.lastIndexOf('/') ? image.slice(colon + 1) : 'latest'
}
