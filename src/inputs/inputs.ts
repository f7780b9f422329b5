import type { ByColor } from '../model/color.ts'
import { versionLabel as labelOf } from '../model/image.ts'
import { Refusal } from '../model/outcome.ts'
import type { VersionSource } from '../model/probe.ts'
import type { TestHeader } from '../model/setup.ts'
import type { DefinitionFile } from '../model/task-definition.ts'
import { type AfterInputs, afterInputs, afterTable } from './after.ts'
import { commandWords, freeText, statusRanges } from './command.ts'
import { type GithubInputs, githubInputs, githubTable } from './github.ts'
import { definitionPath, filePath, images, secrets, taskDefinitionArn, variables } from './maps.ts'
import { modeProblems } from './mode.ts'
import { type Planned, type PreviewInputs, previewInputs, previewProblems, previewTable } from './preview.ts'
import { setupProblems, setupServices, setupTable } from './setup.ts'
import { type TestInputs, testInputs } from './tests.ts'
import { checkTogether, problemsTitle } from './together.ts'
import { type TrafficInputs, trafficInputs, trafficProblems, trafficTable } from './traffic.ts'
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
import { type What, whatOf, whatProblems } from './what.ts'

export const modes = [
  'deploy',
  'promote',
  'rollback',
  'status',
  'plan',
  'setup',
  'preview',
  'preview-destroy',
  'preview-sweep',
] as const
export type Mode = (typeof modes)[number]

const second = 1_000
const minute = 60 * second
const hour = 60 * minute

/** The base name leaves room for the color. */
const baseNameLength = 255 - '-green'.length

/**
 * Every input of action.yml: how its text is read, and the text that stands for an empty one. A test holds this table, the
 * action.yml and docs/inputs.md equal.
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
  images: { parse: images, fallback: '' },
  'task-definition': { parse: definitionPath, fallback: '' },
  'task-definition-arn': { parse: taskDefinitionArn, fallback: '' },
  'environment-variables': { parse: variables, fallback: '' },
  secrets: { parse: secrets, fallback: '' },
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
  ...trafficTable,
  'production-url': { parse: httpUrl, fallback: '' },
  'version-from': { parse: versionSource, fallback: 'json:version' },
  ...afterTable,
  'auto-promote': { parse: boolean, fallback: 'true' },
  'expected-live': { parse: versionLabel, fallback: '' },
  'rollback-on-failure': { parse: boolean, fallback: 'true' },
  'on-cancel': { parse: oneOf(['restore', 'leave']), fallback: 'restore' },
  lock: { parse: boolean, fallback: 'true' },
  ...setupTable,
  ...previewTable,
  ...githubTable,
  summary: { parse: boolean, fallback: 'true' },
  // Read by main itself, so that there is a report also when other inputs are wrong.
  'report-path': { parse: filePath, fallback: '' },
} as const satisfies Readonly<Record<string, { readonly parse: Parser<unknown>; readonly fallback: string }>>

export type InputName = keyof typeof inputTable

/** What the user asked for, checked. Absent members were left empty. Durations in milliseconds. */
export interface Inputs extends What, TestInputs, TrafficInputs, AfterInputs, GithubInputs {
  readonly mode: Mode
  readonly cluster: string
  readonly services: ByColor<string>
  /** For people: the base name, or both names. */
  readonly serviceLabel: string
  readonly listenerArns: readonly string[]
  readonly testListenerArns: readonly string[]
  /** The label that was given, else the tag or digest of `image`; absent when neither was given. */
  readonly version?: string
  readonly desiredCount?: number
  readonly timeoutMs: number
  readonly pollIntervalMs?: number
  readonly minHealthyTargets?: number
  readonly productionUrl?: string
  readonly versionFrom: VersionSource
  readonly autoPromote: boolean
  /** Color or version that must be live, or nothing is written. */
  readonly expectedLive?: string
  readonly rollbackOnFailure: boolean
  readonly onCancel: 'restore' | 'leave'
  readonly lock: boolean
  /** What `mode: plan` tells. */
  readonly planFor: Planned
  readonly preview: PreviewInputs
  /** How testers reach the idle color, in mode `setup`. */
  readonly testHeader?: TestHeader
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
 * @param given names of all inputs that the step was given, known or not
 * @param file what `task-definition` names, or what is wrong with it; absent when nobody has read it
 * @throws Refusal with one line per problem
 */
export function readInputs(
  read: (name: InputName) => string,
  region: string,
  given: readonly string[] = [],
  file?: Parsed<DefinitionFile>,
): Inputs {
  const problems: string[] = [...unknownInputs(given)]
  const values: Record<string, unknown> = {}
  for (const [name, { parse, fallback }] of Object.entries(inputTable)) {
    const text = read(name as InputName) || fallback
    if (text === '') continue
    const parsed: Parsed<unknown> = parse(text)
    if (parsed.kind === 'problem') problems.push(`${name}: ${parsed.problem}`)
    else values[name] = parsed.value
  }
  const known = values as Values
  if (file?.kind === 'problem') problems.push(`task-definition: ${file.problem}`)
  const definitionFile = file?.kind === 'value' ? file.value : undefined
  const broken = new Set(problems.map(line => line.slice(0, line.indexOf(':'))))
  problems.push(...checkTogether(known, broken, region), ...whatProblems(known, broken, definitionFile))
  problems.push(...trafficProblems(known, broken), ...modeProblems(known), ...previewProblems(known, broken))
  problems.push(...setupProblems(known))
  if (problems.length > 0) {
    throw new Refusal({
      code: 'INVALID_INPUT',
      headline: problemsTitle(problems.length, region),
      details: problems,
    })
  }
  return toInputs(known, definitionFile)
}

/** GitHub only warns about these, and a mistyped guard is no guard. */
function unknownInputs(given: readonly string[]): readonly string[] {
  const names = Object.keys(inputTable)
  return given
    .filter(name => !names.includes(name))
    .map(name => {
      const [close] = names.filter(known => distance(name, known) <= 2)
      return `${name}: is no input of this action.${close === undefined ? '' : ` Is ${close} meant?`}`
    })
}

/** Letters to change, add or drop to come from one word to the other (Levenshtein). */
function distance(one: string, two: string): number {
  let row = Array.from({ length: two.length + 1 }, (_, index) => index)
  for (const [index, letter] of [...one].entries()) {
    const next = [index + 1]
    for (const [at, other] of [...two].entries()) {
      const swap = (row[at] ?? 0) + (letter === other ? 0 : 1)
      next.push(Math.min(swap, (row[at + 1] ?? 0) + 1, (next[at] ?? 0) + 1))
    }
    row = next
  }
  return row.at(-1) ?? 0
}

function toInputs(given: Values, definitionFile: DefinitionFile | undefined): Inputs {
  const services = setupServices(given) ?? {
    blue: given['blue-service'] ?? `${given.service}-blue`,
    green: given['green-service'] ?? `${given.service}-green`,
  }
  return {
    mode: given.mode ?? 'deploy',
    cluster: given.cluster ?? 'default',
    services,
    serviceLabel: given.service ?? `${services.blue} and ${services.green}`,
    listenerArns: given['listener-arns'] ?? [],
    testListenerArns: given['test-listener-arns'] ?? [],
    timeoutMs: given.timeout ?? 30 * minute,
    versionFrom: given['version-from'] ?? { kind: 'json', member: 'version' },
    autoPromote: given['auto-promote'] ?? true,
    rollbackOnFailure: given['rollback-on-failure'] ?? true,
    onCancel: given['on-cancel'] ?? 'restore',
    lock: given.lock ?? true,
    planFor: given['plan-for'] ?? 'deploy',
    preview: previewInputs(given),
    summary: given.summary ?? true,
    ...whatOf(given, definitionFile),
    ...testInputs(given),
    ...afterInputs(given),
    ...trafficInputs(given),
    ...githubInputs(given),
    ...defined({
      version: given.version ?? (given.image === undefined ? undefined : labelOf(given.image)),
      desiredCount: given['desired-count'],
      pollIntervalMs: given['poll-interval'],
      minHealthyTargets: given['min-healthy-targets'],
      productionUrl: given['production-url'],
      expectedLive: given['expected-live'],
      testHeader: given['test-header'],
    }),
  }
}

type Defined<T> = { readonly [Name in keyof T]?: Exclude<T[Name], undefined> }

/** Without the members that were left empty: the rest of the code asks whether they are there. */
function defined<T extends object>(members: T): Defined<T> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Defined<T>
}
