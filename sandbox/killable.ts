import type { HttpHandler } from '@smithy/core/protocols'
import type { Clock } from '../src/deploy/clock.ts'

/** Where a process is killed: before or after its call of this number, counted from 1; of this operation, or of all. */
export interface KillPoint {
  readonly call: number
  /** As AWS names it, such as `ModifyListener`. */
  readonly operation?: string
  readonly when: 'before' | 'after'
}

/** A process that may be killed, as the world around it sees it. */
export interface Mortal {
  readonly handler: (handler: HttpHandler) => HttpHandler
  readonly clock: (clock: Clock) => Clock
  /** Settles when it is killed: from that moment on nothing that it does reaches AWS, and it waits for ever for all that it waits for. */
  readonly killed: Promise<undefined>
}

export function mortal(point: KillPoint): Mortal {
  let calls = 0
  let dead = false
  const { promise: killed, resolve } = Promise.withResolvers<undefined>()
  const die = (): Promise<never> => {
    dead = true
    resolve(undefined)
    return forever()
  }
  return {
    killed,
    clock: clock => ({
      now: clock.now,
      async sleep(ms, signal, how) {
        if (dead) return forever()
        await clock.sleep(ms, signal, how).finally(() => (dead ? forever() : undefined))
      },
    }),
    handler: handler => ({
      ...handler,
      metadata: { handlerProtocol: 'http/1.1' },
      async handle(...given: Parameters<HttpHandler['handle']>) {
        if (dead) return forever()
        const due = isOf(given[0], point.operation) && ++calls === point.call
        if (due && point.when === 'before') return die()
        const answer = await handler.handle(...given)
        // What was sent beside it arrives; its answer finds nobody.
        if (due) return die()
        return dead ? forever() : answer
      },
    }),
  }
}

/** A promise of its own each time: what waits for it is forgotten with it. */
function forever(): Promise<never> {
  return new Promise(() => undefined)
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
