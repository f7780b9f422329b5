/** What is printed of a command: a test that prints without end must not fill the log of the job. */
const limits = { lines: 2_000, lineLength: 1_000, last: 15 }

export interface BoundedOutput {
  take(line: string): void
  /** Says how many lines were left out, if any. */
  close(): void
  /** The latest lines that are not empty, oldest first, also of those that were left out. */
  lastLines(): readonly string[]
}

/** Prints the first lines of an output, and remembers its last ones. */
export function boundedOutput(print: (line: string) => void): BoundedOutput {
  const last: string[] = []
  let count = 0
  return {
    take(line) {
      const short = line.length > limits.lineLength ? `${line.slice(0, limits.lineLength)}…` : line
      if (count++ < limits.lines) print(short)
      if (short.trim() === '') return
      last.push(short)
      if (last.length > limits.last) last.shift()
    },
    close() {
      if (count > limits.lines) print(`… and ${count - limits.lines} more lines that are not shown`)
    },
    lastLines: () => last,
  }
}
