import type { Readable } from 'node:stream'

/** What has no line break for this long is cut: it is data, not lines. */
const longestLine = 65_536

/** Cuts a stream of text into lines, and tells the last one also when it has no line break. */
export class LineReader {
  readonly #onLine: (line: string) => void
  #begun = ''

  constructor(stream: Readable, onLine: (line: string) => void) {
    this.#onLine = onLine
    stream.setEncoding('utf8')
    stream.on('data', (text: string) => this.#take(text))
    stream.once('end', () => {
      if (this.#begun !== '') this.#tell(this.#begun)
      this.#begun = ''
    })
    // The command's own end is told elsewhere.
    stream.on('error', () => undefined)
  }

  #take(text: string): void {
    const lines = (this.#begun + text).split('\n')
    this.#begun = lines.pop() ?? ''
    for (const line of lines) this.#tell(line)
    if (this.#begun.length <= longestLine) return
    this.#tell(this.#begun)
    this.#begun = ''
  }

  /** A carriage return at the end belongs to the line break; within a line, the last part is what a terminal would show. */
  #tell(line: string): void {
    const parts = line.replace(/\r+$/, '').split('\r')
    this.#onLine(parts.at(-1) ?? '')
  }
}
