/** Pull requests of one repository, and what was said about them, as GitHub keeps them. */

export interface PullRecord {
  readonly number: number
  readonly state: 'open' | 'closed'
  readonly title: string
  readonly branch: string
  readonly sha: string
  /** Nobody can comment on it any more. */
  readonly locked: boolean
  readonly at: number
}

export interface CommentRecord {
  readonly id: number
  readonly pull: number
  readonly body: string
  readonly login: string
  readonly at: number
  readonly changedAt: number
}

export interface Pulls {
  open(pull: Partial<PullRecord> & { readonly number: number }): void
  close(number: number): void
  find(number: number): PullRecord | undefined
  /** Newest first, as GitHub lists them. */
  all(): readonly PullRecord[]
  /** Of one pull request, oldest first, as GitHub lists them. */
  comments(pull: number): readonly CommentRecord[]
  say(pull: number, login: string, body: string): CommentRecord
  /** @returns undefined when there is no such comment */
  edit(id: number, body: string): CommentRecord | undefined
}

export function createPulls(now: () => number): Pulls {
  const pulls = new Map<number, PullRecord>()
  let comments: readonly CommentRecord[] = []
  let lastId = 2_000_000_000
  return {
    open(pull) {
      const usual = { state: 'open', title: 'Change', branch: 'change', sha: 'f'.repeat(40), locked: false } as const
      pulls.set(pull.number, { ...usual, at: now(), ...pull })
    },
    close(number) {
      const pull = pulls.get(number)
      if (pull !== undefined) pulls.set(number, { ...pull, state: 'closed' })
    },
    find: number => pulls.get(number),
    all: () => [...pulls.values()].sort((a, b) => b.number - a.number),
    comments: pull => comments.filter(one => one.pull === pull),
    say(pull, login, body) {
      const said = { id: ++lastId, pull, body, login, at: now(), changedAt: now() }
      comments = [...comments, said]
      return said
    },
    edit(id, body) {
      comments = comments.map(one => (one.id === id ? { ...one, body, changedAt: now() } : one))
      return comments.find(one => one.id === id)
    },
  }
}
