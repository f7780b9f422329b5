import { Refusal } from '../model/outcome.ts'
import type { Doing } from './doing.ts'
import { errorName, explain } from './errors.ts'

/** What all calls about clones' load balancing have in common. */

export async function call<T>(doing: Doing, send: () => Promise<T>): Promise<T> {
  try {
    return await send()
  } catch (error) {
    throw explain(error, doing)
  }
}

export async function pages<T>(
  read: (marker: { readonly Marker?: string }) => Promise<{ items: readonly T[]; next: string | undefined }>,
): Promise<readonly T[]> {
  const all: T[] = []
  let marker: string | undefined
  do {
    const { items, next } = await read(marker === undefined ? {} : { Marker: marker })
    all.push(...items)
    marker = next
  } while (marker !== undefined)
  return all
}

export function isAbsent(error: unknown, name: string): boolean {
  return error instanceof Refusal && errorName(error.cause) === name
}

/** As tags and attributes are both written. */
export function tagList(tags: Readonly<Record<string, string>>): { Key: string; Value: string }[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }))
}

export function describing(object: string, things: string): Doing {
  return { what: `describe ${object}`, action: `elasticloadbalancing:Describe${things}`, resource: '*' }
}

export function writing(what: string, action: string, resource: string): Doing {
  return { what, action: `elasticloadbalancing:${action}`, resource }
}
