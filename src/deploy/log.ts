/** Where a run tells people what it does. Lines begin with a verb or a color and name the object. */
export interface Log {
  info(line: string): void
  /** For what a person must read: it becomes an annotation. */
  warn(line: string): void
  /** Begins a folded group, and ends the one before. */
  phase(title: string): void
  /** Ends the last group. */
  endPhase(): void
}
