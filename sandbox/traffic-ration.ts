/** A client flat out against an origin that is down, or between two versions, would only write lines. */
const mostInSecond = 1_000

/** Lets so many lines of one sort pass for each second; the rest is told as a number when the second is over. */
export class Ration {
  readonly #tell: (withheld: number, second: number) => void
  #second = Number.NEGATIVE_INFINITY
  #passed = 0
  #withheld = 0

  /** @param tell hears how many lines did not pass in the second that began at `second`, in milliseconds since the Unix epoch */
  constructor(tell: (withheld: number, second: number) => void) {
    this.#tell = tell
  }

  /** Whether a line for what happened at `at` may be written. */
  take(at: number): boolean {
    const second = Math.floor(at / 1_000) * 1_000
    if (second !== this.#second) {
      this.end()
      this.#second = second
      this.#passed = 0
    }
    if (this.#passed === mostInSecond) {
      this.#withheld++
      return false
    }
    this.#passed++
    return true
  }

  /** Tells what was withheld so far. */
  end(): void {
    if (this.#withheld > 0) this.#tell(this.#withheld, this.#second)
    this.#withheld = 0
  }
}
