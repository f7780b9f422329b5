import type { Annotation, LogLine, RunResult } from './result.ts'

/** Prints log lines as GitHub's log page does: groups behind a triangle, what is in them indented. */
export class LogPrinter {
  #inGroup = false
  readonly #print: (text: string) => void

  constructor(print: (text: string) => void) {
    this.#print = print
  }

  line(line: LogLine): void {
    if (line.kind === 'end-group') {
      this.#inGroup = false
      return
    }
    // A group ends where the next one begins: groups do not nest.
    if (line.kind === 'group') this.#inGroup = false
    const indent = this.#inGroup ? '  ' : ''
    for (const row of `${prefixes[line.kind]}${line.text}`.split('\n')) this.#print(indent + row)
    if (line.kind === 'group') this.#inGroup = true
  }
}

const prefixes = {
  text: '',
  group: '▸ ',
  error: 'Error: ',
  warning: 'Warning: ',
  notice: 'Notice: ',
  debug: '##[debug]',
} as const satisfies Record<Exclude<LogLine['kind'], 'end-group'>, string>

/** What GitHub shows beside the log: annotations, outputs and the summary, each under a title. */
export function describeResult(result: RunResult): string {
  const outputs = Object.entries(result.outputs).map(([name, value]) => {
    return `${name}=${result.secretOutputs.includes(name) ? '***' : value}`
  })
  const post = result.post === undefined ? '' : `, post ${seconds(result.post.durationMs)}`
  return [
    `${result.conclusion} (exit code ${result.exitCode ?? 'none'}, main ${seconds(result.main.durationMs)}${post})`,
    ...section('Annotations', result.annotations.map(describeAnnotation)),
    ...section('Outputs', outputs),
    ...section('Summary', result.summary === '' ? [] : [result.summary.trimEnd()]),
  ].join('\n')
}

function describeAnnotation({ kind, message, properties }: Annotation): string {
  const place = [properties.file, properties.line].filter(part => part !== undefined).join(':')
  return [kind, properties.title, place, message].filter(part => part !== undefined && part !== '').join('  ')
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', `── ${title} ──`, ...lines]
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)}s`
}
