/** GitHub drops more than 10 per step, and nobody reads more than a few. */
const most = 3

let taken = 0

/**
 * Whether one more thing may become an annotation, of all that this process says, wherever it is said. The failure, which comes last,
 * needs not ask: one place is kept for it.
 */
export function takesPlace(): boolean {
  if (taken >= most - 1) return false
  taken++
  return true
}
