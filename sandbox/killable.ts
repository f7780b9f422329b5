import type { HttpHandler } from '@smithy/core/protocols'

/** Where a process is killed: before or after its call of this number, counted from 1. */
export interface KillPoint {
  readonly call: number
  readonly when: 'before' | 'after'
}

/**
 * A request handler of a process that is killed. From that moment on nothing that it does reaches AWS, and no answer reaches it: what
 * it still decides is decided by nobody.
 */
export function killable(handler: HttpHandler, point: KillPoint | undefined): HttpHandler {
  if (point === undefined) return handler
  let calls = 0
  return {
    ...handler,
    metadata: { handlerProtocol: 'http/1.1' },
    async handle(...request: Parameters<HttpHandler['handle']>) {
      const call = ++calls
      if (call > point.call || (call === point.call && point.when === 'before')) throw killed()
      const answer = await handler.handle(...request)
      if (calls > point.call || call === point.call) throw killed()
      return answer
    },
  }
}

/** Not an error that the SDK would try again. */
function killed(): Error {
  return Object.assign(new Error('this process was killed'), { name: 'Killed' })
}
