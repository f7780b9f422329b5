import type { Check, Section } from '../model/check.ts'
import { type Failure, Refusal } from '../model/outcome.ts'

/** Collects what was looked at before the first write. */
export interface Checklist {
  note(check: Check): void
  /**
   * Makes all checks of one kind, each of which returns what is fine (nothing when there is nothing to tell) or throws a
   * Refusal.
   *
   * @throws Refusal the first one, with the others told in it, after all of them were made
   */
  pass(section: Section, checks: readonly (() => string | undefined)[]): void
  /** Takes checks that were made elsewhere, and refuses as `pass` does. */
  take(checks: readonly Check[]): void
  /** The same for something that has to be read first. */
  read<T>(section: Section, read: () => Promise<T>): Promise<T>
  all(): readonly Check[]
  /** Forgets all of them: the run begins again. */
  clear(): void
}

export function createChecklist(): Checklist {
  const checks: Check[] = []
  const refuse = ([first, ...others]: readonly Failure[]) => {
    if (first !== undefined) throw new Refusal(together(first, others))
  }
  const noteRefusal = (section: Section, failure: Failure) =>
    checks.push({ section, mark: 'NG', says: failure.headline, failure })
  return {
    note(check) {
      checks.push(check)
    },
    pass(section, wanted) {
      const refused: Failure[] = []
      for (const check of wanted) {
        try {
          const says = check()
          if (says !== undefined) checks.push({ section, mark: 'OK', says })
        } catch (error) {
          if (!(error instanceof Refusal)) throw error
          noteRefusal(section, error.failure)
          refused.push(error.failure)
        }
      }
      refuse(refused)
    },
    take(made) {
      checks.push(...made)
      refuse(made.flatMap(({ failure }) => failure ?? []))
    },
    async read(section, read) {
      try {
        return await read()
      } catch (error) {
        if (error instanceof Refusal) noteRefusal(section, error.failure)
        throw error
      }
    },
    all: () => [...checks],
    clear() {
      checks.length = 0
    },
  }
}

/** One failure for all that is wrong: whoever mends the first should not find the second in the next run. */
export function together(first: Failure, others: readonly Failure[]): Failure {
  return {
    ...first,
    details: [...first.details, ...others.flatMap(other => [`Also: ${other.headline}`, ...other.details])],
  }
}
