/** A number in [0, 1); the same seed gives the same numbers for ever, so a simulation replays exactly. */
export type Random = () => number

/** mulberry32: small, fast, and good enough to spread delays; not for secrets. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** Hexadecimal digits for ids that look like AWS's. */
export function randomHex(random: Random, digits: number): string {
  let hex = ''
  while (hex.length < digits) hex += Math.floor(random() * 16).toString(16)
  return hex
}

/** A whole or fractional number between `min` and `max`. */
export function between(random: Random, min: number, max: number): number {
  return min + (max - min) * random()
}
