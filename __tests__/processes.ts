import { spawnSync } from 'node:child_process'

/** A zombie is dead: its parent has not looked yet, and in a container nobody may ever look. */
export function isAlive(pid: number): boolean {
  const state = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' }).stdout.trim()
  return state !== '' && !state.startsWith('Z')
}

/** Resolves when the process has ended: a signal may take a moment to get there. */
export async function ended(pid: number): Promise<void> {
  const deadline = Date.now() + 5_000
  while (isAlive(pid)) {
    if (Date.now() > deadline) throw new Error(`process ${pid} still runs`)
    await new Promise(resolve => setTimeout(resolve, 20))
  }
}
