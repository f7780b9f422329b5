import type { RewriteConfig, RuleTransform } from '@aws-sdk/client-elastic-load-balancing-v2'
import type { Rewrite, Route, RoutedRequest } from '../ports.ts'
import { invalid } from './faults.ts'
import { withoutPort } from './matching.ts'
import type { Router } from './router.ts'

/** What a transform may say, in characters. Source: the API reference of RewriteConfig. */
const TEXT_LIMIT = 1024

/** Lookarounds, backreferences, and classes of Unicode: what the user guide says that these expressions cannot do. */
const UNSUPPORTED = /\(\?<?[=!]|\\[1-9]|\\k<|\\[pP]\{/

const CONFIGS = { 'host-header-rewrite': 'HostHeaderRewriteConfig', 'url-rewrite': 'UrlRewriteConfig' } as const
type TransformType = keyof typeof CONFIGS

/**
 * Checks a rule's transforms: one of each type at most, each with one rewrite.
 * @throws AwsFault
 */
export function readTransforms(transforms: readonly RuleTransform[]): readonly RuleTransform[] {
  const types = transforms.map(transform => transform.Type)
  if (new Set(types).size < types.length) throw invalid('A rule can have only one transform of each type')
  return transforms.map(readTransform)
}

function readTransform(transform: RuleTransform): RuleTransform {
  const type = transform.Type as TransformType
  if (!Object.hasOwn(CONFIGS, type)) {
    throw invalid(
      `1 validation error detected: Value '${type}' at 'transforms.type' failed to satisfy constraint: Member must satisfy enum value set: [host-header-rewrite, url-rewrite]`,
    )
  }
  const wanted = CONFIGS[type]
  const other = wanted === 'UrlRewriteConfig' ? 'HostHeaderRewriteConfig' : 'UrlRewriteConfig'
  if (transform[other] !== undefined) throw invalid(`A transform of the type '${type}' cannot have ${other}`)
  const [rewrite, second] = transform[wanted]?.Rewrites ?? []
  if (rewrite === undefined || second !== undefined) {
    throw invalid(`A transform of the type '${type}' must have exactly one rewrite in ${wanted}`)
  }
  return { Type: type, [wanted]: { Rewrites: [readRewrite(rewrite)] } }
}

function readRewrite({ Regex, Replace }: RewriteConfig): RewriteConfig {
  if (Regex === undefined || Replace === undefined) throw invalid('A rewrite must have a Regex and a Replace')
  if (Regex.length > TEXT_LIMIT || Replace.length > TEXT_LIMIT) {
    throw invalid(`The Regex and the Replace of a rewrite must have at most ${TEXT_LIMIT} characters`)
  }
  if (UNSUPPORTED.test(Regex) || !compiles(Regex)) throw invalid(`The regular expression '${Regex}' is not valid`)
  return { Regex, Replace }
}

function compiles(expression: string): boolean {
  try {
    new RegExp(expression)
    return true
  } catch {
    return false
  }
}

const failed: Route = { kind: 'unavailable', because: 'a transform made no valid request', status: 500 }

/**
 * What is forwarded goes on with another host or URL. Which rule a request falls under was decided before, by the original;
 * one that no pattern matches is forwarded as it came.
 */
export function withTransforms(transforms: readonly RuleTransform[], next: Router): Router {
  if (transforms.length === 0) return next
  const host = rewriter(transforms, 'host-header-rewrite')
  const url = rewriter(transforms, 'url-rewrite')
  return request => {
    const route = next(request)
    if (route.kind !== 'forward') return route
    const rewrite: Rewrite = {
      // Without the port, as in conditions: loopback ports are the sandbox's doing.
      host: host?.(withoutPort(request.host)),
      target: url?.(originalTarget(request)),
    }
    if (rewrite.host === undefined && rewrite.target === undefined) return route
    return isValid(rewrite) ? { ...route, rewrite } : failed
  }
}

/** Undefined stands for no match. */
function rewriter(
  transforms: readonly RuleTransform[],
  type: TransformType,
): ((text: string) => string | undefined) | undefined {
  const [rewrite] = transforms.find(transform => transform.Type === type)?.[CONFIGS[type]]?.Rewrites ?? []
  if (rewrite?.Regex === undefined || rewrite.Replace === undefined) return undefined
  const expression = new RegExp(rewrite.Regex)
  const replacement = rewrite.Replace
  return text => (expression.test(text) ? text.replace(expression, replacement) : undefined)
}

function originalTarget({ path, query }: RoutedRequest): string {
  return query === '' ? path : `${path}?${query}`
}

function isValid({ host, target }: Rewrite): boolean {
  const hostIsValid = host === undefined || /^[A-Za-z0-9._-]+(:\d{1,5})?$/.test(host)
  return hostIsValid && (target === undefined || /^\/[!-~]*$/.test(target))
}
