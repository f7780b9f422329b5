/**
 * A container's command for this machine: the sandbox has no image with an entry point, so a shell runs the words. They are
 * quoted: what is no builtin and no program ends with 127, as in an image whose entry point is a shell.
 */
export function shellCommand(words: readonly string[]): readonly string[] {
  return ['sh', '-c', words.map(word => `'${word.replaceAll("'", `'\\''`)}'`).join(' ')]
}
