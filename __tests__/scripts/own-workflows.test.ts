import { spawnSync } from 'node:child_process'
import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { parse } from 'yaml'
import { gate } from '../../scripts/ci-verdict.ts'

/** What the project's own workflows promise; `__tests__/examples` holds all workflows to pinned actions, few permissions and time limits. */

interface Step {
  readonly uses?: string
  readonly run?: string
  readonly if?: string
  readonly env?: Readonly<Record<string, string>>
  readonly with?: Readonly<Record<string, unknown>>
}

interface Job {
  readonly uses?: string
  readonly if?: unknown
  readonly needs?: string | readonly string[]
  readonly permissions?: Readonly<Record<string, string>>
  readonly strategy?: { readonly 'fail-fast'?: boolean; readonly matrix: Readonly<Record<string, readonly string[]>> }
  readonly steps?: readonly Step[]
}

interface Workflow {
  readonly on: unknown
  readonly concurrency?: { readonly group: string; readonly 'cancel-in-progress': unknown }
  readonly jobs: Readonly<Record<string, Job>>
}

const folder = '.github/workflows'
const read = (name: string) => parse(readFileSync(path.join(folder, name), 'utf8')) as Workflow
const files = globSync('*.yml', { cwd: folder }).sort()

function job(workflow: Workflow, id: string): Job {
  const found = workflow.jobs[id]
  if (found === undefined) throw new Error(`There is no job ${id}; there are ${Object.keys(workflow.jobs).join(', ')}.`)
  return found
}

const steps = ({ steps: own = [] }: Job) => own
const scripts = (one: Job) => steps(one).flatMap(({ run = '' }) => run.split('\n'))
const uses = (one: Job, action: string) => steps(one).findIndex(step => step.uses?.startsWith(`${action}@`))

test('there are these, and no workflow that nothing here looks at', () => {
  expect(files).toEqual(['ci.yml', 'codeql.yml', 'release.yml'])
})

test('ci keeps what the demo wrote, its report too, and what people would see, also when it fails', () => {
  const kept = steps(job(read('ci.yml'), 'everything')).filter(step =>
    step.uses?.startsWith('actions/upload-artifact@'),
  )
  expect(kept.map(step => [step.if, step.with?.path])).toEqual([
    ['always()', 'demo-output/'],
    ['always()', 'pictures/'],
  ])
  expect(readFileSync('.ci/run', 'utf8')).toMatch(/^npm run test:pictures$(?:.|\n)*^npm run test:demo$/m)
})

test('ci lints, tests and plans the templates and the modules, with Terraform, and skips nothing of it', () => {
  const everything = steps(job(read('ci.yml'), 'everything'))
  const all = readFileSync('.ci/run', 'utf8').split('\n')
  expect(all).toEqual(expect.arrayContaining(['npm run infra:lint', 'npm run infra:terraform', 'npm run infra:test']))
  const at = everything.findIndex(({ run }) => run === 'bash .ci/run')
  expect(everything[at]?.env).toMatchObject({ TERRAFORM: 'required' })
  const before = everything.slice(0, at).find(({ uses: action }) => action?.startsWith('hashicorp/setup-terraform@'))
  expect(before?.with).toEqual({ terraform_version: expect.any(String), terraform_wrapper: false })
})

describe('every workflow', () => {
  const jobs = files.flatMap(file =>
    Object.entries(read(file).jobs).map(([id, one]) => [`${file} ${id}`, one] as const),
  )

  test.each(jobs)('%s keeps the token of its checkout to itself, unless it pushes', (_, one) => {
    for (const step of steps(one).filter(({ uses: action }) => action?.startsWith('actions/checkout@'))) {
      const pushes = scripts(one).some(line => /^\s*git push\b/.test(line))
      expect(step.with?.['persist-credentials']).toBe(pushes)
    }
  })

  test.each(jobs)('%s puts no expression into a script', (_, one) => {
    expect(scripts(one).filter(line => line.includes('${{'))).toEqual([])
  })

  test.each(jobs)('%s runs nobody else\u2019s code where it may write to the repository', (_, one) => {
    if (one.permissions?.contents !== 'write') return
    expect(scripts(one).filter(line => /\b(npm|npx|node|bash|sh)\b/.test(line))).toEqual([])
  })

  test('none starts for a pull request with the rights of the base', () => {
    expect(files.filter(file => JSON.stringify(read(file).on).includes('pull_request_target'))).toEqual([])
  })
})

describe('ci', () => {
  const ci = read('ci.yml')

  test('ci-ok waits for every other job, runs whatever became of them, and takes success only', () => {
    const last = job(ci, gate)
    expect([...(last.needs ?? [])].sort()).toEqual(
      Object.keys(ci.jobs)
        .filter(id => id !== 'ci-ok')
        .sort(),
    )
    expect(last.if).toBe('always()')
    expect(last.permissions).toEqual({})
    expect(steps(last).map(({ env }) => env)).toEqual([
      { RESULTS: expect.stringContaining("{{ join(needs.*.result, ' ') }}") },
    ])
  })

  test.each([
    ['success success', 0],
    ['success failure success', 1],
    ['success skipped', 1],
    ['cancelled success', 1],
  ])('ci-ok, of jobs that ended as %s, ends with %d', (RESULTS, code) => {
    // As GitHub starts a script that names no shell.
    const script = scripts(job(ci, 'ci-ok')).join('\n')
    expect(spawnSync('bash', ['-e', '-c', script], { env: { ...process.env, RESULTS } }).status).toBe(code)
  })

  test('no other job can be skipped', () => {
    expect(Object.entries(ci.jobs).filter(([id, one]) => id !== 'ci-ok' && one.if !== undefined)).toEqual([])
  })

  test('a run on main is never ended for the next', () => {
    expect(ci.concurrency?.['cancel-in-progress']).toContain("{{ github.event_name == 'pull_request' }}")
  })

  test('everything is what a change has to pass, and the units pass on all three systems', () => {
    expect(scripts(job(ci, 'everything'))).toContain('bash .ci/run')
    const units = job(ci, 'units')
    expect(units.strategy).toEqual({
      'fail-fast': false,
      matrix: { os: ['ubuntu-latest', 'macos-latest', 'windows-latest'] },
    })
    expect(scripts(units)).toContain('npm run test:units')
  })

  test('dist is built anew and compared, new files too', () => {
    expect(scripts(job(ci, 'dist')).map(line => line.trim())).toEqual(
      expect.arrayContaining(['npm run build', 'git add --intent-to-add dist', 'git diff --exit-code --stat -- dist']),
    )
  })

  test('CodeQL reads the sources and the workflows', () => {
    expect(job(ci, 'codeql').uses).toBe('./.github/workflows/codeql.yml')
    const analyze = job(read('codeql.yml'), 'analyze')
    expect(analyze.strategy?.matrix.language).toEqual(['javascript-typescript', 'actions'])
    expect(job(ci, 'codeql').permissions).toEqual(analyze.permissions)
  })
})

describe('release', () => {
  const release = read('release.yml')
  const check = job(release, 'check')
  const publish = job(release, 'publish')
  const moves = steps(publish).findIndex(({ run }) => run?.includes('refs/tags/$MOVING'))

  test('starts with a full version, one at a time', () => {
    expect(release.on).toEqual({ push: { tags: ['v[0-9]+.[0-9]+.[0-9]+'] } })
    expect(release.concurrency).toEqual({ group: 'release', 'cancel-in-progress': false })
  })

  test('publishes only what is on main, what CI has passed, and whose dist is what the sources say', () => {
    expect(publish.needs).toBe('check')
    expect(check.permissions).toEqual({ contents: 'read', checks: 'read' })
    const asks = steps(check).filter(({ run }) => run?.includes('ci-passed'))
    expect(asks).toEqual([
      expect.objectContaining({
        run: 'npm run --silent ci-passed -- "$(git rev-parse HEAD)"',
        env: { GITHUB_TOKEN: expect.stringContaining('{{ github.token }}') },
      }),
    ])
    expect(asks[0]).not.toHaveProperty('if')
    // The check run has the name of the job, as long as that has none of its own.
    expect(job(read('ci.yml'), gate)).not.toHaveProperty('name')
    const said = scripts(check).map(line => line.trim())
    expect(said).toContain('git merge-base --is-ancestor "$GITHUB_SHA" origin/main')
    expect(said).toEqual(expect.arrayContaining(['npm run build', 'git diff --exit-code --stat -- dist']))
  })

  test('attests dist, makes the release, and moves the major tag last', () => {
    const attests = uses(publish, 'actions/attest')
    const releases = steps(publish).findIndex(({ run }) => run?.includes('gh release create'))
    expect(String(steps(publish)[attests]?.with?.['subject-path']).split('\n')).toContain('dist/*')
    expect([attests, releases, moves].toSorted((a, b) => a - b)).toEqual([attests, releases, moves])
    expect(attests).toBeGreaterThan(-1)
    expect(moves).toBe(steps(publish).length - 1)
    expect(publish.permissions).toEqual({ contents: 'write', 'id-token': 'write', attestations: 'write' })
  })

  test('never deletes a tag, and moves none for a fix of an older version', () => {
    const all = [...scripts(check), ...scripts(publish)].join('\n')
    expect(all).not.toMatch(/--delete|git tag -d|push origin :|gh release delete|--cleanup-tag|-X DELETE/)
    expect(steps(publish)[moves]?.if).toBe("needs.check.outputs.moving != ''")
  })
})
