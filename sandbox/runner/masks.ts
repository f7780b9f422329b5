/** The secrets of one job. Also hides the forms in which a secret usually gets out: JSON, URL, base64. */
export class Masks {
  readonly #values = new Set<string>()

  /** Hides the value, and each line of it: output is looked at line by line. */
  add(secret: string): void {
    for (const value of [secret, ...secret.split(/[\r\n]+/)]) {
      if (value.trim() === '') continue
      for (const form of [value, ...disguises(value)]) if (form !== '') this.#values.add(form)
    }
  }

  hides(text: string): boolean {
    return [...this.#values].some(value => text.includes(value))
  }

  /** The text with each secret, or run of overlapping or touching secrets, as `***`. */
  apply(text: string): string {
    const ranges = [...this.#values].flatMap(value => occurrences(text, value)).sort((a, b) => a.start - b.start)
    let result = ''
    let end = 0
    for (const range of ranges) {
      if (range.start > end || end === 0) result += `${text.slice(end, Math.max(range.start, end))}***`
      end = Math.max(end, range.end)
    }
    return result + text.slice(end)
  }
}

function occurrences(text: string, value: string): { start: number; end: number }[] {
  const found = []
  for (let at = text.indexOf(value); at >= 0; at = text.indexOf(value, at + 1)) {
    found.push({ start: at, end: at + value.length })
  }
  return found
}

function disguises(value: string): string[] {
  const bytes = Buffer.from(value)
  // Where a secret begins in the encoded text decides how its bytes fall into base64's groups of three.
  const shifted = [0, 1, 2].map(shift => bytes.subarray(shift).toString('base64'))
  return [
    JSON.stringify(value).slice(1, -1),
    encodeURIComponent(value.toWellFormed()),
    ...shifted.filter(form => form.length > 4),
  ]
}
