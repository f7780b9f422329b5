import { counted } from '../model/count.ts'
import type { TrafficSeen } from '../model/report.ts'
import { plain } from './markdown.ts'
import { time } from './tables.ts'

/** Characters: the cause of one request must not push out what is told of all. */
const longestFailure = 200

/** How requests to `production-url` have ended that were not answered well, in sentences without markup. What did not happen is not told. */
export function howTheyEnded(traffic: TrafficSeen): string {
  const { abandoned = 0, unsent = 0, askedAgain = 0 } = traffic
  return [
    failures(traffic),
    abandoned === 0 ? '' : `${abandoned} more ${was(abandoned)} not answered when the run ended.`,
    unsent === 0 ? '' : `${unsent} ${was(unsent)} due but not sent, because every connection waited for an answer.`,
    askedAgain === 0
      ? ''
      : `${askedAgain} ${was(askedAgain)} asked once more: the connection had been closed while idle.`,
  ]
    .filter(sentence => sentence !== '')
    .join(' ')
}

/** In the log, at the end. */
export function requestsLine(traffic: TrafficSeen): string {
  const more = howTheyEnded(traffic)
  return `${counted(traffic.requests, 'request')} to production-url, ${traffic.failed} failed.${more === '' ? '' : ` ${more}`}`
}

/** Also those that are allowed: whoever allows a few wants to know which. */
function failures({ failed, failedBy = {}, lastFailure, lastFailureAt }: TrafficSeen): string {
  if (failed === 0 || lastFailure === undefined) return ''
  const kinds = Object.entries(failedBy)
    .sort(([, one], [, other]) => other - one)
    .map(([kind, count]) => `${count} ${kind}`)
  const by = kinds.length === 0 ? '' : `Failed: ${kinds.join(', ')}. `
  const when = lastFailureAt === undefined ? '' : ` (${time(lastFailureAt)})`
  return `${by}The last failure${when}: ${plain(lastFailure, longestFailure)}.`
}

function was(count: number): string {
  return count === 1 ? 'was' : 'were'
}
