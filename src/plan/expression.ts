/**
 * Whether a regular expression of a listener rule may match. It is never run by the engine of JavaScript, which reads some expressions
 * otherwise than AWS does and can be kept busy for ever by others. Whatever is not read here may match anything.
 */

export interface Asked {
  readonly text: string
  /** More letters may follow, and nobody knows which. */
  readonly open?: boolean
  /** Small letters and capitals are the same. */
  readonly anyCase?: boolean
}

export function mayMatch(expression: string, asked: Asked): boolean {
  const everywhere = new Set(Array.from({ length: asked.text.length + 1 }, (_, at) => at))
  try {
    return new Reader(expression, asked).whole()(everywhere).size > 0
  } catch (error) {
    if (error instanceof Unreadable) return true
    throw error
  }
}

class Unreadable extends Error {}

/** From each place in the text where it may begin to those where it may end: no way is gone twice. */
type Piece = (from: ReadonlySet<number>) => ReadonlySet<number>
type IsIn = (letter: string) => boolean

const classes: Readonly<Record<string, IsIn>> = {
  d: letter => /[0-9]/.test(letter),
  D: letter => !/[0-9]/.test(letter),
  w: letter => /[A-Za-z0-9_]/.test(letter),
  W: letter => !/[A-Za-z0-9_]/.test(letter),
  s: letter => /\s/.test(letter),
  S: letter => !/\s/.test(letter),
}

class Reader {
  readonly #expression: string
  readonly #asked: Asked
  #at = 0

  constructor(expression: string, asked: Asked) {
    this.#expression = expression
    this.#asked = asked
  }

  whole(): Piece {
    const piece = this.#choice()
    if (this.#at < this.#expression.length) throw new Unreadable()
    return piece
  }

  #choice(): Piece {
    const ways = [this.#sequence()]
    while (this.#took('|')) ways.push(this.#sequence())
    return from => new Set(ways.flatMap(way => [...way(from)]))
  }

  #sequence(): Piece {
    const pieces: Piece[] = []
    while (this.#at < this.#expression.length && !'|)'.includes(this.#next()))
      pieces.push(this.#repeated(this.#single()))
    return from => pieces.reduce((at, piece) => piece(at), from)
  }

  /** More often than the numbers in braces say is no harm: what may match is only more then. */
  #repeated(piece: Piece): Piece {
    const [sign = '', least] = /^(?:[*+?]|\{(\d+)(?:,\d*)?\})/.exec(this.#expression.slice(this.#at)) ?? []
    if (sign === '') return piece
    this.#at += sign.length
    this.#took('?')
    if ('*+?{'.includes(this.#next() || ' ')) throw new Unreadable()
    if (sign === '?') return from => new Set([...from, ...piece(from)])
    const once = sign === '+' || Number(least ?? 0) > 0
    return from => often(piece, once ? piece(from) : from)
  }

  #single(): Piece {
    const letter = this.#next()
    this.#at++
    switch (letter) {
      case '(':
        return this.#group()
      case '[':
        return this.#letter(this.#set())
      case '.':
        return this.#letter(() => true)
      case '^':
        return from => new Set([...from].filter(at => at === 0))
      case '$':
        return from => new Set([...from].filter(at => at === this.#asked.text.length))
      case '\\':
        return this.#letter(this.#escape())
      case '*':
      case '+':
      case '?':
      case '{':
      case '}':
      case ']':
        throw new Unreadable()
      default:
        return this.#letter(other => other === letter)
    }
  }

  #group(): Piece {
    if (this.#took('?') && !this.#took(':')) throw new Unreadable()
    const piece = this.#choice()
    if (!this.#took(')')) throw new Unreadable()
    return piece
  }

  #escape(): IsIn {
    const letter = this.#next()
    this.#at++
    const known = classes[letter]
    if (known !== undefined) return known
    // Other letters and digits mean something, and not the same to everybody.
    if (letter === '' || /[A-Za-z0-9]/.test(letter)) throw new Unreadable()
    return other => other === letter
  }

  #set(): IsIn {
    const not = this.#took('^')
    const members: IsIn[] = []
    while (!this.#took(']')) members.push(this.#member())
    // Everybody reads an empty one in another way.
    if (members.length === 0) throw new Unreadable()
    return letter => members.some(member => member(letter)) !== not
  }

  #member(): IsIn {
    const first = this.#next()
    this.#at++
    if (first === '\\') {
      const escaped = this.#escape()
      // A range that begins or ends with an escape is too rare to be read.
      if (this.#next() === '-' && this.#expression[this.#at + 1] !== ']') throw new Unreadable()
      return escaped
    }
    if (first === '' || first === '[' || first === '&') throw new Unreadable()
    const last = this.#expression[this.#at + 1] ?? ''
    if (this.#next() !== '-' || last === ']') return letter => letter === first
    if (last === '' || '\\['.includes(last)) throw new Unreadable()
    this.#at += 2
    return letter => first <= letter && letter <= last
  }

  #letter(isIn: IsIn): Piece {
    const { text, open, anyCase } = this.#asked
    const cases = (letter: string) => (anyCase ? [letter.toLowerCase(), letter.toUpperCase()] : [letter])
    return from => {
      const after = new Set<number>()
      for (const at of from) {
        const letter = text[at]
        if (letter !== undefined && cases(letter).some(isIn)) after.add(at + 1)
        // From the end on, anything may follow.
        if (letter === undefined && open === true) after.add(at)
      }
      return after
    }
  }

  #next(): string {
    return this.#expression[this.#at] ?? ''
  }

  #took(letter: string): boolean {
    if (this.#next() !== letter) return false
    this.#at++
    return true
  }
}

function often(piece: Piece, from: ReadonlySet<number>): ReadonlySet<number> {
  let all = from
  for (;;) {
    const more = new Set([...all, ...piece(all)])
    if (more.size === all.size) return all
    all = more
  }
}
