import { existsSync, globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from '@jest/globals'
import { parse } from 'yaml'
import { modes } from '../../src/inputs/inputs.ts'
import { failureCodes } from '../../src/model/outcome.ts'

/** What the documents point at is there, and what they quote is what the action has. */

const documents = [
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  'examples/README.md',
  ...globSync('docs/**/*.md'),
].sort()

/** Text between fences is code, and points nowhere. */
const prose = (file: string) => readFileSync(file, 'utf8').replace(/^```[\s\S]*?^```/gm, '')

/** The name that GitHub gives a heading. */
function anchor(heading: string): string {
  return heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{Letter}\p{Number} _-]/gu, '')
    .replaceAll(' ', '-')
}

function broken(file: string): readonly string[] {
  const links = [...prose(file).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link)
  return links.filter(link => {
    if (/^https:/.test(link)) return false
    const [to = '', section] = link.split('#')
    const target = to === '' ? file : path.join(path.dirname(file), to)
    if (!existsSync(target)) return true
    if (section === undefined) return false
    return ![...prose(target).matchAll(/^#+ (.*)$/gm)].some(([, heading = '']) => anchor(heading) === section)
  })
}

test.each(documents)('every link of %s leads somewhere', file => {
  expect(broken(file)).toEqual([])
})

test('the README leads to what a user may need', () => {
  const readme = prose('README.md')
  for (const file of ['docs/failures.md', 'docs/infrastructure.md', 'docs/alternatives.md', 'docs/sandbox.md']) {
    expect(readme).toContain(`](${file}`)
  }
})

test('codes that documents name exist', () => {
  const known = new Set<string>(failureCodes)
  const files = [
    'README.md',
    ...['alternatives', 'deploying', 'environment-page', 'going-back', 'infrastructure', 'previews'].map(
      name => `docs/${name}.md`,
    ),
  ]
  const tables = files.flatMap(file => [...prose(file).matchAll(/`([A-Z]+(?:_[A-Z]+)+)`/g)])
  const others = ['BLUE_GREEN', 'CODE_DEPLOY', 'INSUFFICIENT_DATA', 'DEPLOY_ROLE']
  const named = tables.map(([, code = '']) => code).filter(code => !/^(GITHUB|AWS|ECS_BLUEGREEN)_/.test(code))
  expect(named.length).toBeGreaterThan(10)
  expect(named.filter(code => !known.has(code) && !others.includes(code))).toEqual([])
})

interface Described {
  readonly inputs: Readonly<Record<string, unknown>>
}

/** Steps of this action in the YAML of a document. */
function stepsIn(file: string): readonly Readonly<Record<string, unknown>>[] {
  const blocks = [...readFileSync(file, 'utf8').matchAll(/^```yaml\n([\s\S]*?)^```/gm)].map(([, text = '']) => text)
  return blocks.flatMap(text => withsOf(parse(text)))
}

function withsOf(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  if (Array.isArray(value)) return value.flatMap(withsOf)
  if (typeof value !== 'object' || value === null) return []
  const { uses, with: inputs, ...others } = value as Readonly<Record<string, unknown>>
  const own = typeof uses === 'string' && uses.startsWith('org/ecs-bluegreen@') && inputs !== undefined
  return [...(own ? [inputs as Readonly<Record<string, unknown>>] : []), ...Object.values(others).flatMap(withsOf)]
}

test('every mode has an example in the README', () => {
  const shown = stepsIn('README.md').map(({ mode = 'deploy' }) => String(mode))
  expect([...modes].filter(mode => !shown.includes(mode))).toEqual([])
})

test('examples of documents are YAML, have inputs that there are, and speak of one service', () => {
  const { inputs } = parse(readFileSync('action.yml', 'utf8')) as Described
  const steps = documents.flatMap(file => stepsIn(file).map(step => ({ file, step })))
  expect(steps.length).toBeGreaterThan(15)
  for (const { file, step } of steps) {
    expect([file, Object.keys(step).filter(name => !(name in inputs))]).toEqual([file, []])
    // Written out, or the variables that examples/README.md tells with the same values.
    const variable = (name: string) => `\${{ vars.${name} }}`
    const names = step.cluster === 'shop' ? ['shop', 'shop'] : [variable('ECS_CLUSTER'), variable('ECS_SERVICE')]
    expect([file, step.cluster, step.service]).toEqual([file, ...names])
  }
  const told = readFileSync('examples/README.md', 'utf8')
  expect(told).toMatch(/`ECS_CLUSTER` \| `shop` \|.*\n\| `ECS_SERVICE` \| `shop` \|/)
})

test('the tags that infrastructure tools should ignore are those that deploys write', () => {
  const sources = ['noted', 'settle', 'staged', 'scaling']
    .map(name => readFileSync(`src/plan/${name}.ts`, 'utf8'))
    .join('\n')
  const journal = readFileSync('src/plan/journal.ts', 'utf8')
  const [, keys = ''] = /keys = \[([^\]]*)\]/.exec(readFileSync('docs/infrastructure.md', 'utf8')) ?? []
  const named = [...keys.matchAll(/"(\w+)"/g)].map(([, key = '']) => key)
  expect(named.length).toBeGreaterThan(5)
  expect(named.filter(key => !new RegExp(`\\b${key}\\b`).test(sources + journal))).toEqual([])
  const written = [...sources.matchAll(/^\s+([A-Z][A-Za-z]+): |[{,] ([A-Z][A-Za-z]+): /gm)].map(([, a, b]) => a ?? b)
  expect(written).toContain('IsProduction')
  expect(written.filter(key => key !== undefined && !named.includes(key))).toEqual([])
})
