import { type ChildProcess, spawn } from 'node:child_process'
import type { Socket } from 'node:net'

// Reads "+ pid" and "- pid" lines; when the input ends, because we closed it or died, it kills what is left. A shell
// instead of Node: it costs a megabyte, and is on every machine that can run the sandbox.
const script = `
pids=
while read -r op pid; do
  case $op in
    +) pids="$pids $pid" ;;
    -) rest=; for p in $pids; do [ "$p" = "$pid" ] || rest="$rest $p"; done; pids=$rest ;;
  esac
done
for p in $pids; do kill -9 "-$p" 2>/dev/null; done
`

/** Sees to it that no task outlives us, however we end; a program of the user's cannot be asked to do that itself. */
export class Guard {
  readonly #shell: ChildProcess

  /** @param log hears when the guard itself cannot work; a task then still ends when we end in order */
  constructor(log: (line: string) => void) {
    // A process group of its own, or a Ctrl-C would end the guard before its work.
    this.#shell = spawn('/bin/sh', ['-c', script], { stdio: ['pipe', 'ignore', 'ignore'], detached: true })
    this.#shell.unref()
    const input = this.#shell.stdin as Socket
    input.unref()
    const complain = (error: Error) => log(`tasks are not guarded against our sudden end: ${error.message}`)
    input.on('error', complain)
    this.#shell.on('error', complain)
  }

  /** @param pid leader of a process group */
  watch(pid: number): void {
    this.#shell.stdin?.write(`+ ${pid}\n`)
  }

  release(pid: number): void {
    this.#shell.stdin?.write(`- ${pid}\n`)
  }

  async close(): Promise<void> {
    if (this.#shell.exitCode !== null || this.#shell.signalCode !== null || this.#shell.pid === undefined) return
    this.#shell.ref()
    await new Promise<void>(resolve => {
      this.#shell.once('exit', () => resolve())
      this.#shell.stdin?.end()
    })
  }
}
