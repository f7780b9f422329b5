import type { Log } from '../deploy/log.ts'
import type { Failure } from '../model/outcome.ts'
import { takesPlace } from './annotations.ts'
import { type Core, loadCore } from './runner.ts'

export interface ActionLog extends Log {
  warnings(): readonly string[]
  /** Resolves when everything said so far is printed. */
  flushed(): Promise<void>
}

/**
 * The log of the step. What it prints may come from AWS or from image names, so a line that looks like a workflow command
 * must not work as one: every line is made harmless first.
 */
export function actionLog(): ActionLog {
  const warnings: string[] = []
  let open = false
  // In order, and each behind the loading of the toolkit.
  let printed: Promise<void> = Promise.resolve()
  const print = (act: (core: Core) => void) => {
    printed = Promise.all([loadCore(), printed]).then(([core]) => act(core))
  }
  const endPhase = () => {
    if (open) print(core => core.endGroup())
    open = false
  }
  return {
    info: line => print(core => core.info(harmless(line))),
    warn(line) {
      warnings.push(line)
      print(core => warn(core, line))
    },
    phase(title) {
      endPhase()
      print(core => core.startGroup(harmless(title)))
      open = true
    },
    endPhase,
    warnings: () => warnings,
    flushed: () => printed,
  }
}

/**
 * An annotation, while there is room for one; else a line.
 *
 * @param annotate true for the failure itself, whose place is kept
 */
export function warn(core: Core, line: string, annotate = takesPlace()): void {
  if (annotate) core.warning(bounded(line))
  else core.info(harmless(`Warning: ${line}`))
}

/** What fails the step: one annotation, with what explains it. */
export function failed(core: Core, { code, headline, details }: Failure): void {
  const shown = details.slice(0, most.details).map(detail => `  ${bounded(detail).replace(/\n/g, '\n  ')}`)
  const more = details.length > shown.length ? [`  and ${details.length - shown.length} more`] : []
  core.setFailed([bounded(`${code}: ${headline}`), ...shown, ...more].join('\n'))
}

/** Characters of a line, and of all lines that are said at once; details of a failure. GitHub cuts annotations off at 4,096 characters. */
const most = { line: 4_000, text: 40_000, details: 40 }

/**
 * Text from outside may have megabytes, which nobody reads and some logs choke on; and characters that steer a terminal, or turn around
 * or hide what is said.
 */
function bounded(text: string): string {
  const lines = clip(text, most.text).split(/\r\n|\r|\n/)
  return lines.map(line => clip(line, most.line).replace(unseen, '\ufffd')).join('\n')
}

const unseen = /(?!\t)[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}\p{Cs}]/gu

function clip(line: string, length: number): string {
  // Not between the halves of a character.
  return line.length > length ? `${line.slice(0, length).replace(/[\ud800-\udbff]$/, '')}…` : line
}

/**
 * The runner obeys `::command::` at the start of a line, after what .NET takes for blanks (U+0085 too), and the older `##[command]` anywhere in it. A zero-width space
 * keeps both readable and dead. Bounded, too.
 */
export function harmless(text: string): string {
  return bounded(text)
    .split(/\r\n|\r|\n/)
    .map(line => line.replace(/^([\s\u0085]*):(?=:)/, '$1:\u200b').replace(/##(?=\[)/g, '##\u200b'))
    .join('\n')
}
