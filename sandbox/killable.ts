import type { HttpHandler } from '@smithy/core/protocols'

/** Where a process is killed: before or after its call of this number, counted from 1; of this operation, or of all. */
export interface KillPoint {
  readonly call: number
  /** As AWS names it, such as `ModifyListener`. */
  readonly operation?: string
  readonly when: 'before' | 'after'
}

/**
 * A request handler of a process that is killed. From that moment on nothing that it does reaches AWS, and no answer reaches it: what
 * it still decides is decided by nobody.
 */
export function killable(handler: HttpHandler, point: KillPoint | undefined): HttpHandler {
  if (point === undefined) return handler
  let calls = 0
  let dead = false
  return {
    ...handler,
    metadata: { handlerProtocol: 'http/1.1' },
    async handle(...given: Parameters<HttpHandler['handle']>) {
      const due = !dead && isOf(given[0], point.operation) && ++calls === point.call
      if (due && point.when === 'before') dead = true
      if (dead) throw killed()
      const answer = await handler.handle(...given)
      if (due) dead = true
      if (dead) throw killed()
      return answer
    },
  }
}

/** ECS names its operation in a header, Elastic Load Balancing in the body. */
function isOf({ headers, body }: Parameters<HttpHandler['handle']>[0], operation: string | undefined): boolean {
  if (operation === undefined) return true
  const target = Object.entries(headers).find(([name]) => name.toLowerCase() === 'x-amz-target')?.[1] ?? ''
  return (
    target.endsWith(`.${operation}`) ||
    (typeof body === 'string' && new URLSearchParams(body).get('Action') === operation)
  )
}

/** Not an error that the SDK would try again. */
function killed(): Error {
  return Object.assign(new Error('this process was killed'), { name: 'Killed' })
}
