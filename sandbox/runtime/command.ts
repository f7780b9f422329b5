/**
 * Splits a command line into program and arguments, with single and double quotes but without a shell: what must
 * have one says `sh -c '…'`. The task's process is then the program itself, and gets its signals.
 * @throws Error when a quote is not closed or nothing is left
 */
export function splitCommand(text: string): readonly string[] {
  const words: string[] = []
  const pattern = /\s*((?:[^\s"']+|"[^"]*"|'[^']*')+)/y
  let at = 0
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    words.push((match[1] as string).replace(/"([^"]*)"|'([^']*)'/g, (_, double, single) => double ?? single))
    at = pattern.lastIndex
  }
  if (text.slice(at).trim() !== '') throw new Error(`the command has a quote that is not closed: ${text}`)
  if (words.length === 0) throw new Error('the command is empty')
  return words
}
