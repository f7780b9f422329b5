import type { Clock } from '../deploy/clock.ts'
import type { TestAnswer } from '../model/idle-tests.ts'
import type { VersionSource } from '../model/probe.ts'
import { askOnce } from './ask.ts'

/** As long as the probe of production waits. */
const timeoutMs = 10_000

/** Asks `test-url` once, over a fresh connection: a kept one would always end at the same node of the load balancer. */
export async function askTestUrl(
  url: string,
  versionFrom: VersionSource,
  clock: Clock,
  signal: AbortSignal,
): Promise<TestAnswer> {
  const answer = await askOnce(url, { timeoutMs, versionFrom, signal }, clock)
  const at = clock.now()
  if (answer.kind === 'failed') return { kind: 'failed', at, message: answer.message }
  const { status, version, body } = answer
  return { kind: 'answered', at, status, body, ...(version === undefined ? {} : { version }) }
}
