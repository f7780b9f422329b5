import { appendFileSync } from 'node:fs'
import { createInterface } from 'node:readline/promises'
import { setTimeout as pause } from 'node:timers/promises'
import { oneLine } from '../../src/aws/errors.ts'
import { harmless } from '../../src/report/log.ts'

/** Who started the command: a person at a terminal, or a job of GitHub Actions. */
export interface Terminal {
  say(line: string): void
  warn(line: string): void
  fail(message: string): void
  /** What is said in it can be folded in a job's log. */
  group<T>(title: string, work: () => Promise<T>): Promise<T>
  /** The answer, or undefined where nobody answers. */
  ask(question: string): Promise<string | undefined>
  /** Markdown for the summary of a job; elsewhere nowhere. */
  summarize(markdown: string): void
  now(): number
  sleep(ms: number): Promise<void>
}

export function createTerminal(env: NodeJS.ProcessEnv): Terminal {
  const inActions = env.GITHUB_ACTIONS === 'true'
  const say = (line: string) => process.stdout.write(`${harmless(line)}\n`)
  /** A command of the runner is one line. */
  const annotate = (kind: string, message: string) =>
    process.stdout.write(`::${kind}::${message.replace(/%/g, '%25').replace(/\r/g, '%0D').replace(/\n/g, '%0A')}\n`)
  return {
    say,
    warn: line => (inActions ? annotate('warning', line) : say(`Note: ${line}`)),
    fail: message => {
      if (inActions) annotate('error', message)
      else process.stderr.write(`${message}\n`)
    },
    async group(title, work) {
      if (inActions) process.stdout.write(`::group::${oneLine(title)}\n`)
      else say(title)
      try {
        return await work()
      } finally {
        if (inActions) process.stdout.write('::endgroup::\n')
      }
    },
    async ask(question) {
      process.stdout.write(`${question} `)
      const lines = createInterface({ input: process.stdin })
      for await (const line of lines) {
        lines.close()
        return line.trim()
      }
      process.stdout.write('\n')
      return undefined
    },
    summarize(markdown) {
      const file = env.GITHUB_STEP_SUMMARY
      if (file !== undefined && file !== '') appendFileSync(file, `${markdown}\n`)
    },
    now: () => Date.now(),
    sleep: ms => pause(ms),
  }
}
