import { globSync, readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { parse } from 'yaml'
import { action } from '../../sandbox/workflows/rehearsed.ts'
import { infraPolicies, rolePolicies } from '../../scripts/role-policies.ts'
import { bootstrap } from '../infra/infra-roles.ts'
import { github } from '../infra/roles.ts'
import { examples, ownSteps, read, type Step } from './workflows.ts'

/** What holds for every workflow, of the examples and of this project; `npm run test:examples` also runs them. */

const all = [...examples, ...globSync('.github/workflows/*.yml').sort().map(read)]
const { inputs, outputs } = parse(readFileSync('action.yml', 'utf8')) as Record<'inputs' | 'outputs', object>

const writes = (step: Step) => step.uses === action && !/\bplan\b|^(status$|preview)/.test(String(step.with?.mode))
const jobsOf = ({ file, workflow }: (typeof all)[number]) =>
  Object.entries(workflow.jobs).map(([id, job]) => ({ name: `${file} ${id}`, job }))

test('there are those that the README names', () => {
  expect(examples.map(({ file }) => file)).toEqual(
    [
      ...['build', 'canary', 'deploy-with-approval', 'deploy', 'infra', 'plan'],
      ...['preview-cleanup', 'preview-sweep', 'preview', 'rollback', 'setup', 'status'],
    ].map(name => `examples/${name}.yml`),
  )
})

test.each(examples.map(example => [example.file, example] as const))(
  '%s uses inputs and outputs that action.yml has',
  (_, example) => {
    const used = ownSteps(example).flatMap(step => Object.keys(step.with ?? {}))
    expect(used.filter(name => !(name in inputs))).toEqual([])
    const ids = [...example.text.matchAll(/id: (\w+)\n\s+uses: org\/ecs-bluegreen/g)].map(([, id]) => id)
    const read = ids.flatMap(id => [...example.text.matchAll(new RegExp(`steps\\.${id}\\.outputs\\.([\\w-]+)`, 'g'))])
    expect(read.map(([, name = '']) => name).filter(name => !(name in outputs))).toEqual([])
  },
)

test('all but the build and the infrastructure use it', () => {
  expect(examples.filter(example => ownSteps(example).length === 0).map(({ file }) => file)).toEqual([
    'examples/build.yml',
    'examples/infra.yml',
  ])
})

test('the infrastructure is changed only after the plan was shown, by a job that reviewers let in', () => {
  const infra = examples.find(({ file }) => file.endsWith('infra.yml'))?.workflow
  const jobs = Object.entries(infra?.jobs ?? {}).map(([id, job]) => ({
    id,
    environment: job.environment,
    steps: job.steps,
  }))
  const running = jobs.map(({ id, environment, steps = [] }) => {
    const commands = steps.flatMap(({ run = '' }) => run.match(/npm run --silent infra:.*/g) ?? [])
    return { id, environment, plans: commands.every(command => command.includes('--plan')) }
  })
  expect(running).toEqual([
    { id: 'plan', environment: undefined, plans: true },
    { id: 'change', environment: 'infrastructure', plans: false },
  ])
})

test('the templates can be checked out where their repository is private', () => {
  const infra = examples.filter(({ file }) => file.endsWith('infra.yml'))
  const checkouts = infra.flatMap(jobsOf).flatMap(({ job }) => job.steps?.filter(step => step.with?.repository) ?? [])
  expect(checkouts.map(step => [step.with?.repository, step.with?.token])).toEqual(
    Array.from({ length: 2 }, () => [
      'org/ecs-bluegreen',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: an expression of GitHub
      '${{ secrets.ACTION_READ_TOKEN || github.token }}',
    ]),
  )
  expect(readFileSync('docs/one-command.md', 'utf8')).toContain('gh secret set ACTION_READ_TOKEN')
})

test.each(all.map(one => [one.file, one] as const))('%s pins every action and asks for the least', (_, one) => {
  const used = [...one.text.matchAll(/^\s*(?:- )?uses: (\S+)(.*)$/gm)]
    .map(([, name = '', comment = '']) => ({ name, comment }))
    .filter(({ name }) => name !== action && !name.startsWith('./'))
  for (const { name, comment } of used) {
    expect(name).toMatch(/^[\w.-]+\/[\w./-]+@[0-9a-f]{40}$/)
    expect([name, comment]).toEqual([name, expect.stringMatching(/^ # v\d+\.\d+\.\d+$/)])
  }
  expect(one.workflow.permissions).toEqual({})
  for (const { name, job } of jobsOf(one)) {
    expect([name, job.permissions]).toEqual([name, expect.any(Object)])
    if (job.uses === undefined) expect([name, job['timeout-minutes']]).toEqual([name, expect.any(Number)])
  }
})

test('no example puts an expression into a script: what it holds may have been written by others', () => {
  const scripts = examples.flatMap(({ workflow }) =>
    Object.values(workflow.jobs).flatMap(job => (job.steps ?? []).flatMap(({ run = '' }) => run)),
  )
  expect(scripts.some(script => script !== '')).toBe(true)
  expect(scripts.filter(script => script.includes('${{'))).toEqual([])
})

test('whatever gives traffic to another version keeps its report, also when it fails, and does not fail for that', () => {
  const moves = (step: Step) => writes(step) && step.with?.['auto-promote'] !== false && step.with?.mode !== 'setup'
  const jobs = examples.flatMap(jobsOf).filter(({ job }) => job.steps?.some(moves))
  expect(jobs.map(({ name }) => name)).toEqual([
    'examples/canary.yml deploy',
    'examples/deploy-with-approval.yml promote',
    'examples/deploy.yml deploy',
    'examples/rollback.yml rollback',
  ])
  for (const { job } of jobs) {
    const steps = job.steps ?? []
    const at = steps.findIndex(moves)
    const path = `steps.${steps[at]?.id}.outputs.report-path`
    expect(steps[at]?.with?.['report-path']).toMatch(/^report\/\w+\.html$/)
    expect(steps[at + 1]).toMatchObject({
      uses: expect.stringMatching(/^actions\/upload-artifact@/),
      if: `always() && ${path} != ''`,
      'continue-on-error': true,
      with: { path: `\${{ ${path} }}` },
    })
  }
})

test('a queued rollback cannot be lost: it waits in no group', () => {
  const rollback = examples.find(({ file }) => file.endsWith('rollback.yml'))?.workflow
  expect(rollback?.concurrency).toBeUndefined()
  expect(Object.values(rollback?.jobs ?? {}).map(job => job.concurrency)).toEqual([undefined])
})

test('no push of another ref can throw away the build that a deploy waits for', () => {
  const build = examples.find(({ file }) => file.endsWith('build.yml'))?.workflow.jobs.image
  expect(build?.concurrency).toEqual({
    group: expect.stringMatching(/\{\{ github\.ref \}\}.*\{\{ github\.sha \}\}/),
    'cancel-in-progress': false,
  })
})

test('no deploy is ended half-way by the next, and what waits for approval is in no group', () => {
  const deploying = examples.flatMap(jobsOf).filter(({ job }) => job.steps?.some(writes))
  const { grouped = [], free = [] } = Object.groupBy(deploying, ({ job }) =>
    job.concurrency === undefined ? 'free' : 'grouped',
  )
  expect(grouped.map(({ job }) => job.concurrency)).toEqual(
    grouped.map(() => ({ group: 'production', 'cancel-in-progress': false })),
  )
  expect(free.map(({ name }) => name)).toEqual([
    'examples/deploy-with-approval.yml promote',
    'examples/rollback.yml rollback',
    'examples/setup.yml setup',
  ])
})

test('jobs and credentials last as long as `timeout`, all bakes and five minutes', () => {
  const minutes = (text: unknown) => Number(/^(\d+)m$/.exec(String(text ?? '0m'))?.[1])
  const timed = examples
    .flatMap(jobsOf)
    .flatMap(({ name, job }) => (job.steps ?? []).map(({ with: given = {} }) => ({ name, job, given })))
    .filter(({ given }) => given.timeout !== undefined)
  expect(timed.length).toBeGreaterThan(6)
  for (const { name, job, given } of timed) {
    const bakes = minutes(given['canary-bake-time']) + minutes(given['bake-time'])
    const least = minutes(given.timeout) + bakes + 5
    expect([name, job['timeout-minutes']]).toEqual([name, least])
    const asked = job.steps?.map(step => step.with?.['role-duration-seconds']).find(seconds => seconds !== undefined)
    expect(Number(asked ?? 3600)).toBeGreaterThanOrEqual(least * 60)
  }
})

test('what is live is shown by the action, and by no Deployment that GitHub makes for a job', () => {
  const writing = examples
    .flatMap(jobsOf)
    .flatMap(({ name, job }) => (job.steps ?? []).filter(writes).map(step => ({ name, job, step })))
    // It puts nothing live.
    .filter(({ step }) => step.with?.mode !== 'setup')
  expect(writing.length).toBeGreaterThan(4)
  for (const { name, job, step } of writing) {
    expect([name, step.with?.environment]).toEqual([name, 'production'])
    expect([name, job.permissions?.deployments]).toEqual([name, 'write'])
    if (job.environment !== undefined)
      expect([name, job.environment]).toEqual([name, { name: 'production', deployment: false }])
  }
  const protectedJobs = writing.filter(({ job }) => job.environment !== undefined).map(({ name }) => name)
  expect(protectedJobs).toEqual([
    'examples/canary.yml deploy',
    'examples/deploy-with-approval.yml promote',
    'examples/deploy.yml deploy',
  ])
})

describe('workflows of pull requests', () => {
  const ofPulls = examples.filter(
    ({ workflow }) => 'pull_request' in workflow.on || 'pull_request_target' in workflow.on,
  )

  test('are one at a time for each, and closing ends what would make a preview again', () => {
    const [cleanup, preview] = ofPulls.map(({ workflow }) => workflow.concurrency)
    expect(ofPulls.map(({ file }) => file)).toEqual(['examples/preview-cleanup.yml', 'examples/preview.yml'])
    for (const one of [cleanup, preview]) {
      expect(one).toMatchObject({
        // What will do nothing is in a group of its own, and so ends nothing.
        group: expect.stringMatching(
          /^preview-\$\{\{ .*label\.name == 'preview'\) && github\.event\.pull_request\.number \|\| github\.run_id \}\}$/,
        ),
        'cancel-in-progress': true,
      })
    }
  })

  test('give those of other repositories nothing', () => {
    for (const { name, job } of ofPulls.flatMap(jobsOf)) {
      const guarded = /head\.repo\.full_name == github\.repository/.test(job.if ?? '') || job.needs === 'build'
      expect([name, guarded]).toEqual([name, true])
    }
  })

  test('with rights of this repository run nothing of a pull request', () => {
    const [trusted] = ofPulls.filter(({ workflow }) => 'pull_request_target' in workflow.on)
    if (trusted === undefined) throw new Error('there is none')
    const steps = jobsOf(trusted).flatMap(({ job }) => job.steps ?? [])
    expect(steps.map(({ uses = '' }) => uses.replace(/@.*/, ''))).toEqual([
      'aws-actions/configure-aws-credentials',
      'org/ecs-bluegreen',
    ])
    expect(trusted.text).not.toMatch(/github\.(head_ref|event\.pull_request\.(title|body|head\.(ref|sha)))/)
  })
})

test('every variable is in the table of examples/README.md, and no other', () => {
  const used = new Set(examples.flatMap(({ text }) => [...text.matchAll(/\bvars\.(\w+)/g)].map(([, name]) => name)))
  const table = [...readFileSync('examples/README.md', 'utf8').matchAll(/^\| `([A-Z_]+)` \|/gm)].map(([, name]) => name)
  expect(table.toSorted()).toEqual([...used].sort())
})

describe('the roles in examples/README.md', () => {
  const rows = [
    ...readFileSync('examples/README.md', 'utf8').matchAll(/^\| ([a-z-]+) \| `(\w+)`.*? \| (.*?) \| (.*) \|$/gm),
  ]

  const templates = { ...github.resources, ...bootstrap.resources }

  test('are those that the templates make, and no other', () => {
    const made = Object.entries(templates).filter(([, { Type }]) => Type === 'AWS::IAM::Role')
    expect(made.length).toBeGreaterThan(3)
    expect(rows.map(([, , id]) => id).toSorted()).toEqual(made.map(([id]) => id).sort())
  })

  test.each(rows.map(([, name = '', id = '', subjects = '', may = '']) => ({ name, id, subjects, may })))(
    '$name trusts whom the template says, and has the policy that is generated',
    ({ name, id, subjects, may }) => {
      const told = [...subjects.matchAll(/`(.*?)`/g)].map(([, one = '']) =>
        one.replace('OWNER/REPOSITORY', 'acme/shop'),
      )
      expect(templates[id]?.Properties.AssumeRolePolicyDocument).toMatchObject({
        Statement: [{ Condition: { StringEquals: { 'token.actions.githubusercontent.com:sub': told } } }],
      })
      expect(may.includes(`(../infra/iam/${name}.json)`)).toBe(name in rolePolicies || name in infraPolicies)
    },
  )
})
