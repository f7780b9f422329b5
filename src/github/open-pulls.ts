import { type PullsApi, pageSize } from './pulls-api.ts'
import { Trouble } from './trouble.ts'

/**
 * Which of these pull requests are open, or may be: what is not among them GitHub has called closed by its number. The list alone does not
 * tell, because it moves while its pages are read, and one falls between them. When time is up, what was not asked for may be open.
 */
export async function mayBeOpen(
  api: PullsApi,
  numbers: readonly number[],
  signal: AbortSignal,
  tellUnasked: (count: number) => void = () => {},
): Promise<ReadonlySet<number>> {
  const asked = new Set(numbers)
  const open = new Set<number>()
  // A page costs as much as one pull request by its number.
  for (let page = 1; asked.size > 0 && (page === 1 || asked.size - open.size > page); page++) {
    const listed = await api.openPulls(page, signal)
    for (const number of listed) if (asked.has(number)) open.add(number)
    if (listed.length < pageSize) break
  }
  const unknown = [...asked].filter(number => !open.has(number))
  for (const [index, number] of unknown.entries()) {
    try {
      if (!(await isClosed(api, number, signal))) open.add(number)
    } catch (error) {
      if (!signal.aborted) throw error
      tellUnasked(unknown.length - index)
      return new Set([...open, ...unknown.slice(index)])
    }
  }
  return open
}

async function isClosed(api: PullsApi, number: number, signal: AbortSignal): Promise<boolean> {
  try {
    return (await api.stateOf(number, signal)) === 'closed'
  } catch (error) {
    // A number that GitHub does not know: nobody has closed it.
    if (error instanceof Trouble && error.status === 404) return false
    throw error
  }
}
