import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { readDefinitionFile } from '../../src/inputs/definition-file.ts'
import { readInputs } from '../../src/inputs/inputs.ts'
import { Refusal } from '../../src/model/outcome.ts'

let workspace: string
beforeAll(() => {
  workspace = mkdtempSync(path.join(tmpdir(), 'ecs-bluegreen-test-'))
})
afterAll(() => rmSync(workspace, { recursive: true }))

async function read(text: string, name = 'task.yml') {
  writeFileSync(path.join(workspace, name), text)
  return readDefinitionFile(name, workspace)
}

const minimal = { family: 'app', containerDefinitions: [{ name: 'app', image: 'app:1' }] }
const withContainer = (container: unknown) => JSON.stringify({ ...minimal, containerDefinitions: [container] })

describe('a task definition file', () => {
  test.each<[string, string, unknown]>([
    ['JSON', JSON.stringify(minimal), { definition: minimal }],
    ['JSON with a byte-order mark', `\uFEFF${JSON.stringify(minimal)}`, { definition: minimal }],
    [
      'YAML, with sizes as numbers and members that are not set',
      'family: app\ncpu: 256\nmemory: 512\npidMode: null\ncontainerDefinitions:\n  - name: app\n    image: app:1\n    newThing: { a: 1 }\n',
      {
        definition: {
          family: 'app',
          cpu: '256',
          memory: '512',
          containerDefinitions: [{ name: 'app', image: 'app:1', newThing: { a: 1 } }],
        },
      },
    ],
    [
      'what describe-task-definition prints',
      JSON.stringify({ taskDefinition: minimal, tags: [{ key: 'team', value: 'web' }] }),
      { definition: minimal, tags: [{ key: 'team', value: 'web' }] },
    ],
    ['tags of its own', JSON.stringify({ ...minimal, tags: [] }), { definition: minimal, tags: [] }],
    [
      'a container whose image comes from an input',
      withContainer({ name: 'app' }),
      { definition: { ...minimal, containerDefinitions: [{ name: 'app' }] } },
    ],
  ])('may be %s', async (_, text, expected) => {
    expect(await read(text)).toEqual({ kind: 'value', value: { path: 'task.yml', ...(expected as object) } })
  })

  test('may lie outside the workspace, where other steps write it', async () => {
    await read(JSON.stringify(minimal))
    expect(await readDefinitionFile(path.join(workspace, 'task.yml'), '/nowhere')).toMatchObject({ kind: 'value' })
  })

  test.each<[string, string, RegExp]>([
    ['broken JSON', '{"family": "hunter2" "x": 1}', /is neither JSON nor YAML that can be read at line 1, column \d+/],
    ['broken YAML', 'family: app\n  hunter2: [1', /is neither JSON nor YAML that can be read at line 1, column \d+/],
    ['tags that only CloudFormation resolves', 'family: !Ref Hunter2', /is neither JSON nor YAML .* at line 1/],
    ['a bomb of aliases', `${bomb()}family: app`, /has YAML aliases that cannot be followed/],
    ['text', 'hunter2', /holds no task definition/],
    ['a list', '[]', /holds no task definition/],
    ['no family', '{"containerDefinitions": []}', /has no family/],
    ['no containers', '{"family": "app"}', /has no containerDefinitions/],
    ['a container without a name', withContainer({ image: 'app:1' }), /has no name for container 1/],
    [
      'one name twice',
      JSON.stringify({ ...minimal, containerDefinitions: [{ name: 'app' }, { name: 'app' }] }),
      /names two containers app/,
    ],
    ['an image that is a number', withContainer({ name: 'app', image: 1 }), /has an image for app that is no text/],
    [
      'variables as a map',
      withContainer({ name: 'app', environment: { A: 'hunter2' } }),
      /must write the environment of app as a list of name and value/,
    ],
    [
      'a variable that YAML made a number',
      'family: app\ncontainerDefinitions:\n  - name: app\n    environment:\n      - { name: VERSION, value: 1.10 }',
      /has a value for VERSION in the environment of app that is no text: put it in quotes/,
    ],
    [
      'a secret without a source',
      withContainer({ name: 'app', secrets: [{ name: 'KEY' }] }),
      /has a valueFrom for KEY in the secrets of app that is no text/,
    ],
    ['tags as a map', JSON.stringify({ ...minimal, tags: { team: 'hunter2' } }), /has tags that are not a list/],
  ])('is refused with %s, and nothing of it is repeated', async (_, text, expected) => {
    const found = await read(text)
    expect(found).toMatchObject({ kind: 'problem', problem: expect.stringMatching(expected) })
    expect(JSON.stringify(found)).not.toMatch(/hunter2/i)
  })

  test.each<[string, string, RegExp]>([
    ['is not there', 'nothing.json', /^'nothing.json' does not exist in .+\. Run actions\/checkout/],
    ['is a folder', 'folder', /^'folder' is a folder/],
  ])('that %s is told', async (_, name, expected) => {
    mkdirSync(path.join(workspace, 'folder'), { recursive: true })
    expect(await readDefinitionFile(name, workspace)).toMatchObject({ problem: expect.stringMatching(expected) })
  })

  test('is not looked for when none was given', async () => {
    expect(await readDefinitionFile('', workspace)).toBeUndefined()
  })

  test('is told about together with the other inputs', async () => {
    const file = await readDefinitionFile('nothing.json', workspace)
    expect(problems({ 'task-definition': 'nothing.json', timeout: '1' }, file)).toEqual([
      expect.stringMatching(/^timeout: /),
      expect.stringMatching(/^task-definition: 'nothing.json' does not exist/),
    ])
  })

  test('must have the containers that other inputs name', async () => {
    const file = await read(JSON.stringify(minimal))
    const inputs = { 'task-definition': 'task.yml', images: 'proxy=proxy:1', image: 'app:2', 'container-name': 'web' }
    expect(problems(inputs, file)).toEqual([
      "images: 'task.yml' has no container proxy. It has app.",
      "container-name: 'task.yml' has no container web. It has app.",
    ])
  })
})

function problems(inputs: Readonly<Record<string, string>>, file: Awaited<ReturnType<typeof readDefinitionFile>>) {
  try {
    const texts: Readonly<Record<string, string>> = { service: 'app', ...inputs }
    readInputs(name => texts[name] ?? '', 'eu-central-1', [], file)
    return []
  } catch (error) {
    if (error instanceof Refusal) return error.failure.details
    throw error
  }
}

/** Each level has ten times the entries of the one before. */
function bomb(): string {
  const levels = ['a0: &a0 [x]']
  for (let level = 1; level < 9; level++) {
    levels.push(`a${level}: &a${level} [${Array.from({ length: 10 }, () => `*a${level - 1}`).join(', ')}]`)
  }
  return `${levels.join('\n')}\n`
}
