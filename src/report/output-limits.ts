/** GitHub takes 1 MB of outputs from a job, as UTF-16, and others may have some: characters of one, and of all together. */
const most = { one: 40_000, all: 400_000 }

/** Those that GitHub takes, whole. What is too long is left out: cut off it would be another image, or no JSON. */
export function withinLimits(outputs: Readonly<Record<string, string>>): {
  readonly kept: Readonly<Record<string, string>>
  readonly tooLong: readonly string[]
} {
  const kept: Record<string, string> = {}
  const tooLong: string[] = []
  let characters = 0
  for (const [name, value] of Object.entries(outputs)) {
    const next = characters + name.length + value.length
    if (value.length > most.one || next > most.all) {
      tooLong.push(name)
      continue
    }
    kept[name] = value
    characters = next
  }
  return { kept, tooLong }
}
