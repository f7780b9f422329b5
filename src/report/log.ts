import type { Log } from '../deploy/log.ts'
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
  if (annotate) core.warning(line)
  else core.info(harmless(`Warning: ${line}`))
}

/**
 * The runner obeys `::command::` at the start of a line, after what .NET takes for blanks (U+0085 too), and the older `##[command]` anywhere in it. A zero-width space
 * keeps both readable and dead.
 */
export function harmless(text: string): string {
  return text
    .split(/\r\n|\r|\n/)
    .map(line => line.replace(/^([\s\u0085]*):(?=:)/, '$1:\u200b').replace(/##(?=\[)/g, '##\u200b'))
    .join('\n')
}
