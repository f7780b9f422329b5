import type { CommandEnd, TestAnswer } from '../model/idle-tests.ts'

/** One GET over a connection of its own. A request that fails is an answer too; rejects only when the signal aborts. */
export type AskUrl = (url: string, signal: AbortSignal) => Promise<TestAnswer>

export interface CommandOrder {
  /** For a shell. */
  readonly command: string
  /** Beside the job's own environment. */
  readonly environment: Readonly<Record<string, string>>
  readonly timeoutMs: number
  /** Each line of both outputs, as it comes. */
  readonly onLine: (line: string) => void
  /** Ends the command, with every process that it has started. */
  readonly signal: AbortSignal
}

type WithoutLines<T> = T extends unknown ? Omit<T, 'lastLines'> : never

/** Runs a command on this machine. Resolves when it has ended, also when the signal has ended it. */
export type RunCommand = (order: CommandOrder) => Promise<WithoutLines<CommandEnd>>
