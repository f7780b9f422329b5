import type { CallLog } from './call-log.ts'
import { type FaultRules, parseFaultRules } from './fault-rules.ts'
import { jsonReply, type WireReply, type WireRequest } from './message.ts'

/** The sandbox's own pages, behind any prefix. */
const path = /\/_sandbox\/([^/?]*)(?:\?.*)?$/

/**
 * Answers `GET|DELETE /_sandbox/calls`, `GET|POST|DELETE /_sandbox/faults` and `GET /_sandbox/health`; undefined for
 * every other path.
 */
export function control(request: WireRequest, calls: CallLog, faults: FaultRules): WireReply | undefined {
  const page = path.exec(request.path)?.[1]
  if (page === undefined) return undefined
  switch (`${request.method} ${page}`) {
    case 'GET health':
      return jsonReply(200, { status: 'ok' })
    case 'GET calls':
      return jsonReply(200, calls.list())
    case 'DELETE calls':
      calls.clear()
      return done
    case 'GET faults':
      return jsonReply(200, faults.list())
    case 'POST faults':
      return addFaults(request, faults)
    case 'DELETE faults':
      faults.clear()
      return done
    default:
      return ['health', 'calls', 'faults'].includes(page)
        ? jsonReply(405, { problems: [`${page} does not take ${request.method}`] })
        : jsonReply(404, { problems: [`there is no page '${page}': health, calls or faults`] })
  }
}

const done: WireReply = { status: 204, headers: {}, body: new Uint8Array() }

function addFaults(request: WireRequest, faults: FaultRules): WireReply {
  let body: unknown
  try {
    body = JSON.parse(Buffer.from(request.body).toString('utf8'))
  } catch (error) {
    return jsonReply(400, {
      problems: [`the body is not JSON: ${error instanceof Error ? error.message : String(error)}`],
    })
  }
  const parsed = parseFaultRules(body)
  if ('problems' in parsed) return jsonReply(400, parsed)
  faults.add(parsed.rules)
  return jsonReply(200, faults.list())
}
