import { createHash, randomUUID } from 'node:crypto'
import { readFileSync, readlinkSync } from 'node:fs'
import type { LockOwner } from './model/journal.ts'

type Env = Readonly<Record<string, string | undefined>>

/** 16 hexadecimal digits that no other run has. */
export function newNonce(): string {
  return randomUUID().replaceAll('-', '').slice(0, 16)
}

/** Who this run is, for those who find its lock. */
export function ownerFrom(env: Env, nonce: string, pid: number): LockOwner {
  const repository = env.GITHUB_REPOSITORY ?? ''
  const repositoryId = env.GITHUB_REPOSITORY_ID ?? ''
  const runId = env.GITHUB_RUN_ID ?? ''
  const attempt = Number(env.GITHUB_RUN_ATTEMPT ?? 1)
  const server = env.GITHUB_SERVER_URL ?? 'https://github.com'
  return {
    nonce,
    repository,
    ...(/^\d+$/.test(repositoryId) ? { repositoryId } : {}),
    runId,
    attempt: Number.isSafeInteger(attempt) ? attempt : 1,
    job: env.GITHUB_JOB ?? '',
    runUrl: repository === '' || runId === '' ? '' : `${server}/${repository}/actions/runs/${runId}`,
    machine: thisMachine(),
    pid,
  }
}

/** Whether a process of this machine runs; one that is not ours counts. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH'
  }
}

/**
 * This boot of this machine, and the space of process ids that we see: two containers on it have different ones. Empty where Linux
 * does not tell.
 */
function thisMachine(): string {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    return createHash('sha256')
      .update(`${boot} ${readlinkSync('/proc/self/ns/pid')}`)
      .digest('hex')
      .slice(0, 16)
  } catch {
    // No Linux: a dead holder's lease then runs out by itself.
    return ''
  }
}
