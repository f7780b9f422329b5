import type { MetadataBearer, MiddlewareStack } from '@smithy/types'

/**
 * The SDK reads and writes only the members that its own version knows, and drops the others without a word. A task
 * definition that comes back from ECS and goes out again would lose every field that is newer than our SDK. These two put
 * the JSON of the wire itself in the SDK's place: signing, retries and errors stay the SDK's.
 */

interface Command<Input extends object, Output extends MetadataBearer> {
  readonly middlewareStack: MiddlewareStack<Input, Output>
}

/** Sends `body` instead of what the SDK made of the command's input. */
export function sendWhole<Input extends object, Output extends MetadataBearer>(
  command: Command<Input, Output>,
  body: Readonly<Record<string, unknown>>,
): void {
  const text = JSON.stringify(body)
  command.middlewareStack.add(
    next => args => {
      const request = args.request as { body: unknown }
      request.body = text
      return next(args)
    },
    // Behind the serializer, before the length of the body is measured and the request is signed.
    { step: 'build', priority: 'high', name: 'sendWhole' },
  )
}

/** @returns what gives the parsed body of the last answer, once the command was sent */
export function keepWhole<Input extends object, Output extends MetadataBearer>(
  command: Command<Input, Output>,
): () => Readonly<Record<string, unknown>> {
  let kept: Uint8Array = new Uint8Array()
  command.middlewareStack.add(
    next => async args => {
      const result = await next(args)
      const response = result.response as { body: unknown }
      kept = await bytesOf(response.body)
      response.body = kept
      return result
    },
    // Inside the deserializer, which takes bytes as well as a stream.
    { step: 'deserialize', priority: 'low', name: 'keepWhole' },
  )
  return () => {
    const parsed: unknown = JSON.parse(Buffer.from(kept).toString('utf8'))
    return typeof parsed === 'object' && parsed !== null ? (parsed as Readonly<Record<string, unknown>>) : {}
  }
}

async function bytesOf(body: unknown): Promise<Uint8Array> {
  if (body instanceof Uint8Array) return body
  const chunks: Uint8Array[] = []
  for await (const chunk of body as AsyncIterable<Uint8Array>) chunks.push(chunk)
  return Buffer.concat(chunks)
}
