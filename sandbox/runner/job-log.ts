import type { Masks } from './masks.ts'
import type { Annotation, LogLine, Stage } from './result.ts'

// Source: actions/runner, ExecutionContext, and GitHub's documented limits for annotations.
const annotationsPerKind = 10
const longestMessage = 4096

/** Everything that a job shows: log lines and annotations, with secrets hidden before anybody sees them. */
export class JobLog {
  readonly lines: LogLine[] = []
  readonly annotations: Annotation[] = []
  stage: Stage = 'main'
  readonly #masks: Masks
  readonly #onLine: (line: LogLine) => void

  constructor(masks: Masks, onLine: (line: LogLine) => void) {
    this.#masks = masks
    this.#onLine = onLine
  }

  write(kind: LogLine['kind'], text: string): void {
    const line: LogLine = { at: Date.now(), stage: this.stage, kind, text: this.#masks.apply(text) }
    this.lines.push(line)
    this.#onLine(line)
  }

  /** A log line that is also an annotation, as long as there is room: the log has them all. */
  annotate(kind: Annotation['kind'], message: string, properties: Readonly<Record<string, string>> = {}): void {
    this.write(kind, message)
    const ofKind = this.annotations.filter(other => other.kind === kind && other.stage === this.stage)
    if (ofKind.length >= annotationsPerKind) return
    const masked = Object.entries(properties).map(([name, value]) => [name, this.#masks.apply(value)] as const)
    this.annotations.push({
      stage: this.stage,
      kind,
      message: this.#masks.apply(message).slice(0, longestMessage),
      properties: Object.fromEntries(masked),
    })
  }
}
