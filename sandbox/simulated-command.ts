/** What a command line does, read from its text: commands are not run in virtual time, but they take some. */
export interface CommandPlay {
  readonly lasts: number
  readonly exitCode: number
  readonly prints: readonly string[]
  /** When each of them is printed, in milliseconds from the start. */
  readonly at: readonly number[]
}

/**
 * Understands `sleep SECONDS`, `echo WORDS` and `exit CODE`, one after another with `;`, `&&` or line breaks between them, also
 * inside `sh -c '…'`. Everything else succeeds at once.
 */
export function playOf(command: string | readonly string[]): CommandPlay {
  const script = typeof command === 'string' ? command : scriptOf(command)
  const prints: string[] = []
  const at: number[] = []
  let lasts = 0
  for (const part of script.split(/;|&&|\n/)) {
    const [name, ...words] = part.trim().split(/\s+/)
    if (name === 'sleep') lasts += Number(words[0]) * 1_000
    else if (name === 'echo') {
      prints.push(words.join(' '))
      at.push(lasts)
    } else if (name === 'exit') return { lasts, prints, at, exitCode: Number(words[0] ?? 0) }
  }
  return { lasts, prints, at, exitCode: 0 }
}

function scriptOf(words: readonly string[]): string {
  const [shell = '', flags = '', script] = words
  return /^(?:ba)?sh$/.test(shell) && flags.endsWith('c') && script !== undefined ? script : words.join(' ')
}
