import type { Log } from '../src/deploy/log.ts'
import type { LockOwner } from '../src/model/journal.ts'
import { type Random, randomHex } from './random.ts'

/** What a simulated run has around it, where a real one has a machine and GitHub. */

/** What the SDK would look up in the environment and in files of this machine. */
export const unaskedSettings = {
  useFipsEndpoint: false,
  useDualstackEndpoint: false,
  userAgentAppId: 'simulation',
  defaultsMode: 'standard',
  maxAttempts: 3,
  retryMode: 'standard',
} as const

/** A log that keeps its lines. */
export function collect(lines: string[], onLine: () => void): Log & { warnings(): readonly string[] } {
  const warnings: string[] = []
  const say = (line: string) => {
    lines.push(line)
    onLine()
  }
  return {
    info: say,
    warn(line) {
      say(line)
      warnings.push(line)
    },
    phase: say,
    endPhase: () => undefined,
    warnings: () => warnings,
  }
}

/** Each run is one of its own, of the first attempt. */
export function ownerOf(number: number, random: Random): LockOwner {
  return {
    nonce: randomHex(random, 16),
    repository: 'octo-org/octo-repo',
    repositoryId: '1296269',
    runId: String(number),
    attempt: 1,
    job: 'deploy',
    runUrl: `https://github.com/octo-org/octo-repo/actions/runs/${number}`,
    machine: 'simulation',
    pid: number,
  }
}
