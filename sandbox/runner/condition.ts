export type JobStatus = 'success' | 'failure' | 'cancelled'

/**
 * Evaluates a `post-if`: `always()`, `success()`, `failure()`, `cancelled()`, `true` and `false` with `!`, `&&`, `||`
 * and parentheses. Without any status function it means `success() && (…)`, as in every `if` of GitHub's.
 * @throws Error when the text uses anything else
 */
export function holds(condition: string, status: JobStatus): boolean {
  const source = condition.trim().replace(/^\$\{\{(.*)\}\}$/s, '$1')
  const tokens = source.match(/[a-z]+\(\s*\)|true|false|&&|\|\||[!()]|\S/gi) ?? []
  let at = 0
  const refuse = (): never => {
    throw new Error(`The condition '${condition}' is more than this runner can evaluate.`)
  }
  const take = (token: string) => tokens[at] === token && ++at > 0
  const unary = (): boolean => {
    if (take('!')) return !unary()
    if (take('(')) {
      const inner = either()
      return take(')') ? inner : refuse()
    }
    return atom(tokens[at++] ?? '', status) ?? refuse()
  }
  const both = (): boolean => {
    let value = unary()
    while (take('&&')) value = unary() && value
    return value
  }
  const either = (): boolean => {
    let value = both()
    while (take('||')) value = both() || value
    return value
  }
  const value = either()
  if (at < tokens.length) refuse()
  return value && (/\(\s*\)/.test(source) || status === 'success')
}

function atom(token: string, status: JobStatus): boolean | undefined {
  switch (token.toLowerCase().replace(/\s/g, '')) {
    case 'always()':
    case 'true':
      return true
    case 'false':
      return false
    case 'success()':
      return status === 'success'
    case 'failure()':
      return status === 'failure'
    case 'cancelled()':
      return status === 'cancelled'
    default:
      return undefined
  }
}
