import type { PreviewPlace, Range } from '../model/preview.ts'
import { baseNameOf } from '../plan/setup-names.ts'
import { duration, oneOf, type Parsed, type Parser, problem, routeArn, value, wholeNumber } from './values.ts'

const minute = 60_000
const hour = 60 * minute

/** What `mode: plan` can tell. */
export const planned = ['deploy', 'setup', 'preview', 'preview-destroy', 'preview-sweep'] as const
export type Planned = (typeof planned)[number]
export type PreviewTask = Exclude<Planned, 'deploy' | 'setup'>

/** It becomes a part of a host name, a path or a header, of names on AWS and of tags. */
const previewId: Parser<string> = text =>
  /^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/.test(text)
    ? value(text)
    : problem(
        text,
        'is no id: up to 40 small letters, digits and hyphens, none of these at the ends. Write one such as pr-12.',
      )

/** A load balancer compares hosts of 128 characters at most, whose last part has only letters; the id takes up to 41 of them. */
const domain: Parser<string> = text => {
  const name = text.toLowerCase()
  if (name.startsWith('*.'))
    return problem(text, `has a wildcard. Write ${name.slice(2)}: each preview has a host under it.`)
  const label = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?'
  return name.length <= 87 && new RegExp(`^(?:${label}\\.)*[a-z]{1,63}$`).test(name)
    ? value(name)
    : problem(text, 'is not a domain. Write one such as preview.example.com, with 87 characters at most.')
}

const path: Parser<string> = text =>
  /^(?:\/[A-Za-z0-9_.~-]+){1,8}$/.test(text) && text.length <= 60
    ? value(text)
    : problem(
        text,
        'is not a path. Write one such as /previews, without a slash at its end, with 60 characters at most.',
      )

export const header: Parser<string> = text =>
  /^[A-Za-z0-9!#$%&'+.^_`|~-]{1,40}$/.test(text) && text.toLowerCase() !== 'host'
    ? value(text)
    : problem(text, 'is not the name of a header. Write one such as X-Preview.')

const highest = 50_000
const priorities: Parser<Range> = text => {
  const [, from, to] = /^(\d{1,5})-(\d{1,5})$/.exec(text) ?? []
  const range = { from: Number(from), to: Number(to) }
  return from !== undefined && range.from >= 1 && range.to <= highest && range.from <= range.to
    ? value(range)
    : problem(text, `is not a range of rule priorities. Write one from 1 to ${highest}, such as 40000-49999.`)
}

const listenerArn: Parser<string> = text => {
  const parsed: Parsed<string> = routeArn(text)
  if (parsed.kind === 'problem' || !parsed.value.includes(':listener-rule/')) return parsed
  return problem(text, 'is the ARN of a rule. Previews get rules of their own: write the ARN of a listener.')
}

export const previewTable = {
  'plan-for': { parse: oneOf(planned), fallback: 'deploy' },
  'pull-request': { parse: wholeNumber(1, 999_999_999), fallback: '' },
  'preview-id': { parse: previewId, fallback: '' },
  'preview-domain': { parse: domain, fallback: '' },
  'preview-path': { parse: path, fallback: '' },
  'preview-header': { parse: header, fallback: '' },
  'preview-listener-arn': { parse: listenerArn, fallback: '' },
  'preview-desired-count': { parse: wholeNumber(1, 100), fallback: '1' },
  'preview-ttl': { parse: duration(10 * minute, 8_760 * hour), fallback: '72h' },
  'preview-limit': { parse: wholeNumber(1, 1_000), fallback: '' },
  'preview-priorities': { parse: priorities, fallback: '40000-49999' },
} as const

type Given = {
  readonly [Name in keyof typeof previewTable]?: (typeof previewTable)[Name]['parse'] extends Parser<infer T>
    ? T
    : never
} & {
  readonly mode?: string
  readonly service?: string
  readonly 'blue-service'?: string
  readonly 'green-service'?: string
}

/** Which preview, and what it is to be. */
export interface PreviewInputs {
  /** Base name of the two colors, or else the name of the blue service: the previews' names begin with it. */
  readonly service: string
  /** Absent in mode `preview-sweep`. */
  readonly id?: string
  readonly pullRequest?: number
  /** Absent in modes that make none. */
  readonly place?: PreviewPlace
  readonly listenerArn?: string
  readonly desired: number
  readonly ttlMs: number
  readonly limit?: number
  readonly priorities: Range
}

/** What this run does or plans, when it has to do with previews. */
export function previewTask(given: { readonly mode?: string; readonly 'plan-for'?: string }): PreviewTask | undefined {
  const task = given.mode === 'plan' ? given['plan-for'] : given.mode
  return task === 'preview' || task === 'preview-destroy' || task === 'preview-sweep' ? task : undefined
}

export function previewInputs(given: Given): PreviewInputs {
  const pullRequest = given['pull-request']
  const id = idOf(given)
  const place = id === undefined ? undefined : placeOf(given, id)
  const listener = given['preview-listener-arn']
  const limit = given['preview-limit']
  return {
    service: given.service ?? pairName(given),
    desired: given['preview-desired-count'] ?? 1,
    ttlMs: given['preview-ttl'] ?? 72 * hour,
    priorities: given['preview-priorities'] ?? { from: 40_000, to: 49_999 },
    ...(id === undefined ? {} : { id }),
    ...(pullRequest === undefined ? {} : { pullRequest }),
    ...(place === undefined ? {} : { place }),
    ...(listener === undefined ? {} : { listenerArn: listener }),
    ...(limit === undefined ? {} : { limit }),
  }
}

/** One pair has one name, however the inputs tell it: names and tags of its previews are made from that. */
function pairName({ 'blue-service': blue = '', 'green-service': green = '' }: Given): string {
  return baseNameOf({ blue, green }) ?? blue
}

function idOf(given: Given): string | undefined {
  const number = given['pull-request']
  return given['preview-id'] ?? (number === undefined ? undefined : `pr-${number}`)
}

function placeOf(given: Given, id: string): PreviewPlace | undefined {
  const { 'preview-domain': under, 'preview-path': prefix, 'preview-header': name } = given
  if (under !== undefined) return { kind: 'host', host: `${id}.${under}` }
  if (prefix !== undefined) return { kind: 'path', path: `${prefix}/${id}` }
  return name === undefined ? undefined : { kind: 'header', name, value: id }
}

const places = ['preview-domain', 'preview-path', 'preview-header'] as const

/** They are about production, and a preview has no part in it. */
const others = [
  'desired-count',
  'pre-deploy-command',
  'test-url',
  'test-command',
  'production-url',
  'alarm-names',
  'idle-desired-count',
  'expected-live',
] as const

/** @param broken names of inputs that have a problem of their own: nothing is said about their absence */
export function previewProblems(
  given: Given & { readonly [name: string]: unknown },
  broken: ReadonlySet<string>,
): readonly string[] {
  const task = previewTask(given)
  const set = places.filter(name => given[name] !== undefined)
  if (task === undefined) {
    return set.map(name => `${name}: goes with mode preview only. Take ${name} out, or set mode: preview.`)
  }
  const needsId = task !== 'preview-sweep' && idOf(given) === undefined
  const listed = others.filter(name => isGiven(given[name]))
  return [
    ...(needsId && !broken.has('preview-id') && !broken.has('pull-request')
      ? [
          `preview-id: is missing, because this is no run for a pull request. Set preview-id, or pull-request to its number.`,
        ]
      : []),
    ...(task === 'preview' && set.length === 0 && !places.some(name => broken.has(name))
      ? [
          'preview-domain: is missing. Set the domain whose wildcard leads to the load balancer; or preview-path or preview-header where there is none.',
        ]
      : []),
    ...(set.length > 1 ? [`${set[1]}: goes without ${set[0]}. A preview is found in one way: keep one of them.`] : []),
    ...(task === 'preview'
      ? listed.map(name => `${name}: goes without mode preview, which leaves production alone. Take ${name} out.`)
      : []),
  ]
}

export function isGiven(input: unknown): boolean {
  return Array.isArray(input) ? input.length > 0 : input !== undefined
}

export function isPreviewMode(mode: string): mode is PreviewTask {
  return mode === 'preview' || mode === 'preview-destroy' || mode === 'preview-sweep'
}
