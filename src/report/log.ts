import * as core from '@actions/core'
import type { Log } from '../deploy/log.ts'

/** More would be dropped by GitHub (10 per step), and nobody reads more than a few. */
const annotationLimit = 3

/**
 * The log of the step. What it prints may come from AWS or from image names, so a line that looks like a workflow command
 * must not work as one: every line is made harmless first.
 */
export function actionLog(): Log & { warnings(): readonly string[] } {
  const warnings: string[] = []
  let open = false
  const endPhase = () => {
    if (open) core.endGroup()
    open = false
  }
  return {
    info: line => core.info(harmless(line)),
    warn(line) {
      warnings.push(line)
      if (warnings.length <= annotationLimit) core.warning(line)
      else core.info(harmless(`Warning: ${line}`))
    },
    phase(title) {
      endPhase()
      core.startGroup(title)
      open = true
    },
    endPhase,
    warnings: () => warnings,
  }
}

/**
 * The runner obeys `::command::` at the start of a line and the older `##[command]` anywhere in it. A zero-width space
 * keeps both readable and dead.
 */
export function harmless(text: string): string {
  return text
    .split(/\r\n|\r|\n/)
    .map(line => line.replace(/^(\s*):(?=:)/, '$1:\u200b').replace(/##(?=\[)/g, '##\u200b'))
    .join('\n')
}
