import { invalidParameter } from './faults.ts'

interface PageRequest {
  readonly maxResults?: number | undefined
  readonly nextToken?: string | undefined
}

/** One page of `items`, and the token of the next one; the token names the first item that is still to come. */
export function page(
  items: readonly string[],
  request: PageRequest,
  size: number,
): { items: string[]; nextToken?: string } {
  const limit = request.maxResults ?? size
  if (limit < 1 || limit > 100) throw invalidParameter('maxResults should be between 1 and 100.')
  const start = request.nextToken === undefined ? 0 : items.findIndex(item => token(item) === request.nextToken)
  if (start < 0) throw invalidParameter('Invalid token.')
  const next = items[start + limit]
  return { items: items.slice(start, start + limit), ...(next === undefined ? {} : { nextToken: token(next) }) }
}

function token(item: string): string {
  return Buffer.from(item).toString('base64url')
}
