import type { ByColor } from '../model/color.ts'
import { versionLabel as labelOf } from '../model/image.ts'
import { Refusal } from '../model/outcome.ts'
import type { VersionSource } from '../model/probe.ts'
import { commandWords, freeText, statusRanges } from './command.ts'
import { type TestInputs, testInputs } from './tests.ts'
import { checkTogether } from './together.ts'
import {
  boolean,
  cluster,
  containerName,
  duration,
  ecsName,
  httpUrl,
  image,
  listOf,
  oneOf,
  type Parsed,
  type Parser,
  routeArn,
  versionLabel,
  versionSource,
  wholeNumber,
} from './values.ts'

export const modes = ['deploy', 'status'] as const
export type Mode = (typeof modes)[number]

const second = 1_000
const minute = 60 * second
const hour = 60 * minute

/** The base name leaves room for the color. */
const baseNameLength = 255 - '-green'.length

/**
 * Every input of action.yml: how its text is read, and the text that stands for an empty one. A test holds this table, the
 * action.yml and the README equal.
 */
export const inputTable = {
  mode: { parse: oneOf(modes), fallback: 'deploy' },
  cluster: { parse: cluster, fallback: 'default' },
  service: { parse: ecsName(baseNameLength), fallback: '' },
  'blue-service': { parse: ecsName(), fallback: '' },
  'green-service': { parse: ecsName(), fallback: '' },
  'listener-arns': { parse: listOf(routeArn), fallback: '' },
  'test-listener-arns': { parse: listOf(routeArn), fallback: '' },
  image: { parse: image, fallback: '' },
  'container-name': { parse: containerName, fallback: '' },
  version: { parse: versionLabel, fallback: '' },
  'desired-count': { parse: wholeNumber(1, 5_000), fallback: '' },
  timeout: { parse: duration(10 * second, 6 * hour), fallback: '30m' },
  'poll-interval': { parse: duration(second, 5 * minute), fallback: '' },
  'min-healthy-targets': { parse: wholeNumber(1, 5_000), fallback: '' },
  'pre-deploy-command': { parse: commandWords, fallback: '' },
  'test-url': { parse: httpUrl, fallback: '' },
  'test-expected-status': { parse: statusRanges, fallback: '200' },
  'test-expected-body': { parse: freeText(1_000), fallback: '' },
  'test-command': { parse: freeText(20_000), fallback: '' },
  strategy: { parse: oneOf(['all-at-once']), fallback: 'all-at-once' },
  'production-url': { parse: httpUrl, fallback: '' },
  'version-from': { parse: versionSource, fallback: 'json:version' },
  'rollback-on-failure': { parse: boolean, fallback: 'true' },
  summary: { parse: boolean, fallback: 'true' },
} as const satisfies Readonly<Record<string, { readonly parse: Parser<unknown>; readonly fallback: string }>>

export type InputName = keyof typeof inputTable

/** What the user asked for, checked. Absent members were left empty. Durations in milliseconds. */
export interface Inputs extends TestInputs {
  readonly mode: Mode
  readonly cluster: string
  readonly services: ByColor<string>
  /** For people: the base name, or both names. */
  readonly serviceLabel: string
  readonly listenerArns: readonly string[]
  readonly testListenerArns: readonly string[]
  /** Always there in mode `deploy`. */
  readonly image?: string
  readonly containerName?: string
  /** The label that was given, else the image's tag or digest. */
  readonly version?: string
  readonly desiredCount?: number
  readonly timeoutMs: number
  readonly pollIntervalMs?: number
  readonly minHealthyTargets?: number
  readonly strategy: 'all-at-once'
  readonly productionUrl?: string
  readonly versionFrom: VersionSource
  readonly rollbackOnFailure: boolean
  readonly summary: boolean
}

type Values = { [Name in InputName]?: ValueOf<Name> }
type ValueOf<Name extends InputName> = (typeof inputTable)[Name]['parse'] extends (text: string) => Parsed<infer T>
  ? T
  : never

/**
 * Reads every input, and refuses with every problem at once, before any call to AWS.
 *
 * @param read the text of one input, trimmed; empty when it is not set
 * @param region what AWS_REGION says, or the empty string
 * @throws Refusal with one line per problem
 */
export function readInputs(read: (name: InputName) => string, region: string): Inputs {
  const problems: string[] = []
  const values: Record<string, unknown> = {}
  for (const [name, { parse, fallback }] of Object.entries(inputTable)) {
    const text = read(name as InputName) || fallback
    if (text === '') continue
    const parsed: Parsed<unknown> = parse(text)
    if (parsed.kind === 'problem') problems.push(`${name}: ${parsed.problem}`)
    else values[name] = parsed.value
  }
  const given = values as Values
  problems.push(...checkTogether(given, new Set(problems.map(line => line.slice(0, line.indexOf(':')))), region))
  if (problems.length > 0) {
    const count = problems.length === 1 ? 'One input needs' : `${problems.length} inputs need`
    throw new Refusal({
      code: 'INVALID_INPUT',
      headline: `${count} a change before anything is deployed.`,
      details: problems,
    })
  }
  return toInputs(given)
}

function toInputs(given: Values): Inputs {
  const services = {
    blue: given['blue-service'] ?? `${given.service}-blue`,
    green: given['green-service'] ?? `${given.service}-green`,
  }
  const version = given.version ?? (given.image === undefined ? undefined : labelOf(given.image))
  return {
    mode: given.mode ?? 'deploy',
    cluster: given.cluster ?? 'default',
    services,
    serviceLabel: given.service ?? `${services.blue} and ${services.green}`,
    listenerArns: given['listener-arns'] ?? [],
    testListenerArns: given['test-listener-arns'] ?? [],
    timeoutMs: given.timeout ?? 30 * minute,
    strategy: given.strategy ?? 'all-at-once',
    versionFrom: given['version-from'] ?? { kind: 'json', member: 'version' },
    rollbackOnFailure: given['rollback-on-failure'] ?? true,
    summary: given.summary ?? true,
    ...(given.image === undefined ? {} : { image: given.image }),
    ...(given['container-name'] === undefined ? {} : { containerName: given['container-name'] }),
    ...(version === undefined ? {} : { version }),
    ...(given['desired-count'] === undefined ? {} : { desiredCount: given['desired-count'] }),
    ...(given['poll-interval'] === undefined ? {} : { pollIntervalMs: given['poll-interval'] }),
    ...(given['min-healthy-targets'] === undefined ? {} : { minHealthyTargets: given['min-healthy-targets'] }),
    ...testInputs(given),
    ...(given['production-url'] === undefined ? {} : { productionUrl: given['production-url'] }),
  }
}
