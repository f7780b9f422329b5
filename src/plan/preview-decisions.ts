import { failed } from '../model/outcome.ts'
import type { PreviewDecision, PreviewPart } from '../model/preview.ts'

export function waitFor(until: number, look: readonly PreviewPart[], because: string): PreviewDecision {
  return { kind: 'wait', until, look, because }
}

export function finish(...[code, headline, ...details]: Parameters<typeof failed>): PreviewDecision {
  return { kind: 'finish', outcome: failed(code, headline, ...details) }
}
