import type { ByColor } from '../model/color.ts'
import type { TestHeader } from '../model/setup.ts'
import { pairOf } from '../plan/setup-names.ts'
import { header, isGiven } from './preview.ts'
import { type Parser, problem, value } from './values.ts'

/** `X-Stage: idle`. The value is compared without regard to case, and `*` and `?` would match more than it says. */
const testHeader: Parser<TestHeader> = text => {
  const [, name = '', wanted = ''] = /^([^:]*):\s*(.*)$/.exec(text) ?? []
  const parsed = header(name.trim())
  return parsed.kind === 'value' && /^[A-Za-z0-9][A-Za-z0-9 ._~=/+-]{0,99}$/.test(wanted)
    ? value({ name: parsed.value, value: wanted })
    : problem(text, 'is not a header and its value. Write both, such as X-Stage: idle, without wildcards.')
}

export const setupTable = { 'test-header': { parse: testHeader, fallback: '' } } as const

interface Given {
  readonly mode?: string
  readonly 'plan-for'?: string
  readonly service?: string
  readonly [name: string]: unknown
}

/** Whether this run makes a pair, or plans to. */
export function isSetup(given: { readonly mode?: string; readonly 'plan-for'?: string }): boolean {
  return given.mode === 'setup' || (given.mode === 'plan' && given['plan-for'] === 'setup')
}

/** The service that is there, and its twin; undefined when both are named by inputs of their own, or in other modes. */
export function setupServices(given: Given): ByColor<string> | undefined {
  return isSetup(given) && given.service !== undefined ? pairOf(given.service) : undefined
}

/** They are about what is deployed, and nothing is. */
const others = [
  'image',
  'images',
  'container-name',
  'task-definition',
  'task-definition-arn',
  'environment-variables',
  'secrets',
  'version',
  'pre-deploy-command',
  'test-url',
  'test-command',
  'production-url',
  'alarm-names',
  'idle-desired-count',
  'keep-revisions',
  'expected-live',
] as const

export function setupProblems(given: Given): readonly string[] {
  if (!isSetup(given)) {
    return given['test-header'] === undefined
      ? []
      : ['test-header: goes with mode setup only. Take test-header out, or set mode: setup.']
  }
  return others
    .filter(name => isGiven(given[name]))
    .map(name => `${name}: goes without mode setup, which deploys nothing. Take ${name} out.`)
}
