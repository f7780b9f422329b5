import { stripVTControlCharacters } from 'node:util'

/** One event may have a million bytes. */
const longestEvent = 65_536

/**
 * Lines of one log event as a terminal would have left them: without colors and other control signs, and of a line that was written
 * over again, as progress bars are, the last state. The event of a driver that joins lines is several.
 *
 * @param longest longer lines are cut there
 */
export function spokenLines(event: string, longest: number): readonly string[] {
  const plain = stripVTControlCharacters(event.slice(0, longestEvent)).replace(/[\r\n]+$/, '')
  return plain.split(/\r?\n/).map(line => {
    const shown = (line.split('\r').at(-1) ?? '').replace(/(?!\t)\p{Cc}/gu, '')
    return shown.length > longest ? `${shown.slice(0, longest)}…` : shown
  })
}
