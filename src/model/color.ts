/** The two fixed slots: a service and its target group. Never roles: live and idle are read from the load balancer. */
export type Color = 'blue' | 'green'

export const colors: readonly Color[] = ['blue', 'green']

export function otherColor(color: Color): Color {
  return color === 'blue' ? 'green' : 'blue'
}

export type ByColor<T> = Readonly<Record<Color, T>>
