import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals'
import type { WorkflowResult } from '../../../sandbox/workflows/act.ts'
import { registryHost } from '../../../sandbox/workflows/registry.ts'
import { scriptAlone, step, succeeded } from './outcome.ts'
import { quickStartFile } from './quick-start.ts'
import { Rehearsal } from './rehearsal.ts'

/** What users copy, run by act on one account in the order of a bad week, through dist/index.js and under traffic. */

let rehearsal: Rehearsal
let first: string
let second: string
let third: string
let fourth: string
beforeAll(async () => {
  rehearsal = await Rehearsal.open()
})
beforeEach(() => {
  rehearsal.beforeCredentials = async () => {}
})
afterAll(async () => {
  await rehearsal.close()
  expect([...new Set(rehearsal.github.problems)]).toEqual([])
})

/** What the page of the environment shows as active. */
const active = () =>
  rehearsal
    .page()
    .filter(line => line.endsWith(': success'))
    .map(line => line.split(': ')[0])

/** The version that clients get, once the run is over: what the load balancer's nodes send is decided by then. */
const live = () => rehearsal.versionNow()

test('deploy.yml: a push to main is built and goes to production', async () => {
  first = rehearsal.repository.commit()
  const result = succeeded(await rehearsal.push('deploy.yml'))
  expect(step(result, 'image', 'build').result).toBe('success')
  expect(step(result, 'deploy', 'deploy').outputs).toMatchObject({
    'deployment-status': 'succeeded',
    version: first,
    'previous-version': '0.0.1',
    'failed-requests': '0',
  })
  expect(rehearsal.stage.weights()).toEqual({ blue: 0, green: 100 })
  expect(await live()).toBe(first)
  expect(rehearsal.page()).toEqual([`${first}: success`])
})

test('deploy.yml again, for the same commit: builds nothing, writes nothing', async () => {
  const [builds, writes] = [rehearsal.registry.builds, rehearsal.stage.writes().length]
  const result = succeeded(await rehearsal.push('deploy.yml'))
  expect(step(result, 'deploy', 'deploy').outputs).toMatchObject({ 'deployment-status': 'unchanged', version: first })
  expect([rehearsal.registry.builds, rehearsal.stage.writes().length]).toEqual([builds, writes])
  expect(rehearsal.page()).toEqual([`${first}: success`])
})

test('deploy-with-approval.yml: waits with production untouched, and promotes exactly what was staged', async () => {
  second = rehearsal.repository.commit()
  const whenAsked: { readonly job: string; readonly weights: unknown; readonly writes: number }[] = []
  const seenByReviewer: string[] = []
  rehearsal.beforeCredentials = async job => {
    const { stage } = rehearsal
    whenAsked.push({ job, weights: stage.weights(), writes: stage.writes().filter(isShift).length })
    if (job === 'promote') {
      seenByReviewer.push(await live(), await rehearsal.versionForTesters())
      expect(rehearsal.page()).toEqual([`${second}: pending`, `${first}: success`])
    }
  }
  const shifts = rehearsal.stage.writes().filter(isShift).length
  const result = succeeded(await rehearsal.push('deploy-with-approval.yml'))
  expect(whenAsked.map(({ job }) => job)).toEqual(['image', 'stage', 'promote'])
  expect(whenAsked.at(-1)).toMatchObject({ weights: { blue: 0, green: 100 } })
  expect(seenByReviewer).toEqual([first, second])
  expect(shifts).toBeGreaterThan(0)

  const staged = step(result, 'stage', 'stage').outputs
  expect(staged).toMatchObject({ 'deployment-status': 'staged', version: second, 'previous-version': first })
  const promoted = step(result, 'promote', 'promote').outputs
  expect(promoted).toMatchObject({
    'deployment-status': 'succeeded',
    version: second,
    'task-definition-arn': staged['task-definition-arn'],
    'failed-requests': '0',
  })
  expect(step(result, 'promote', '2').result).toBe('success')
  expect(await live()).toBe(second)
  expect(rehearsal.page()).toEqual([`${second}: success`, `${first}: inactive`])
})

test('rollback.yml: brings the version before back, and the page of the environment says so', async () => {
  const result = await rehearsal.dispatch('rollback.yml', { to: 'previous', 'expected-live': second })
  expect(rolledBack(succeeded(result))).toMatchObject({
    'deployment-status': 'succeeded',
    version: first,
    'previous-version': second,
    'failed-requests': '0',
  })
  expect(await live()).toBe(first)
  // What is live again is the newest, under its own commit; what the deploy had shown as active is not any more.
  expect(rehearsal.page()).toEqual([`${first}: success`, `${second}: inactive`, `${first}: inactive`])
  expect(rehearsal.github.deployments()[0]).toMatchObject({ sha: first, environment: 'production' })
})

test('rollback.yml again: does not flip back, and says why', async () => {
  const writes = rehearsal.stage.writes().length
  const result = await rehearsal.dispatch('rollback.yml', { to: 'previous', 'expected-live': second })
  expect(result).toMatchObject({ exitCode: 1, jobs: { rollback: { result: 'failure' } } })
  expect(rolledBack(result)['failure-reason']).toMatch(/^LIVE_NOT_EXPECTED: /)
  // Its report is kept.
  expect(step(result, 'rollback', '3').result).toBe('success')

  const unguarded = succeeded(await rehearsal.dispatch('rollback.yml', { to: 'previous' }))
  expect(rolledBack(unguarded)).toMatchObject({ 'deployment-status': 'unchanged', version: first })
  expect(rehearsal.stage.writes()).toHaveLength(writes)
  expect(await live()).toBe(first)
  expect(rehearsal.page()).toHaveLength(3)
})

test('deploy.yml, when it fails: production stays, and the job says why', async () => {
  const { faults } = rehearsal.stage.sandbox.api
  rehearsal.repository.commit()
  faults.add([{ kind: 'denied', service: 'ecs', operation: 'UpdateService' }])
  const result = await rehearsal.push('deploy.yml')
  faults.clear()
  expect(result).toMatchObject({ exitCode: 1, jobs: { image: { result: 'success' }, deploy: { result: 'failure' } } })
  expect(step(result, 'deploy', 'deploy').outputs).toMatchObject({
    'deployment-status': 'failed',
    version: first,
    'failure-reason': expect.stringMatching(/^ACCESS_DENIED: /),
  })
  const words = { REASON: 'ACCESS_DENIED: no', LIVE: first }
  expect(scriptAlone('deploy.yml', 'deploy', '3', words)).toEqual({
    status: 0,
    said: `Not deployed. ACCESS_DENIED: no. In production is ${first}.\n`,
  })
  expect(step(result, 'deploy', '3').result).toBe('success')
  expect(await live()).toBe(first)
  expect(active()).toEqual([first])
})

test('canary.yml: a part of the traffic first, then all of it', async () => {
  rehearsal.putAlarm('errors')
  third = rehearsal.repository.commit()
  const result = succeeded(await rehearsal.push('canary.yml'))
  expect(step(result, 'deploy', 'deploy').outputs).toMatchObject({ 'deployment-status': 'succeeded', version: third })
  expect(step(result, 'deploy', '2').result).toBe('success')
  expect(result.log).toMatch(/Shift .* → blue 5, green 95|Shift .* → blue 95, green 5/)
  expect(await live()).toBe(third)
  expect(active()).toEqual([third])
})

test('rollback.yml to a version of long ago, and to a revision', async () => {
  const version = succeeded(await rehearsal.dispatch('rollback.yml', { to: 'version', which: second }))
  expect(rolledBack(version)).toMatchObject({ 'deployment-status': 'succeeded', version: second })
  expect(await live()).toBe(second)
  expect(active()).toEqual([second])

  const which = rehearsal.stage.sandbox.topology.taskDefinitionArn
  const revision = succeeded(await rehearsal.dispatch('rollback.yml', { to: 'revision', which }))
  expect(rolledBack(revision)).toMatchObject({ 'deployment-status': 'succeeded', version: '0.0.1' })
  expect(await live()).toBe('0.0.1')
  expect(active()).toEqual(['0.0.1'])
})

test('rollback.yml to a version that nobody has named: asks AWS nothing', async () => {
  const asked: string[] = []
  rehearsal.beforeCredentials = async job => {
    asked.push(job)
  }
  const result = await rehearsal.dispatch('rollback.yml', { to: 'version' })
  expect(result).toMatchObject({ exitCode: 1, jobs: { rollback: { result: 'failure' } } })
  expect(step(result, 'rollback', '0').result).toBe('failure')
  expect(scriptAlone('rollback.yml', 'rollback', '0', { TO: 'version', WHICH: '' })).toEqual({
    status: 1,
    said: "::error::Say in 'which' what version to go back to.\n",
  })
  expect(asked).toEqual([])
})

test('rollback.yml with a name, and the choice forgotten: asks AWS nothing', async () => {
  const writes = rehearsal.stage.writes().length
  const result = await rehearsal.dispatch('rollback.yml', { to: 'previous', which: second })
  expect(result).toMatchObject({ exitCode: 1, jobs: { rollback: { result: 'failure' } } })
  expect(step(result, 'rollback', '0').result).toBe('failure')
  expect(scriptAlone('rollback.yml', 'rollback', '0', { TO: 'previous', WHICH: second })).toEqual({
    status: 1,
    said: expect.stringContaining("'which' is filled in, but 'to' is previous"),
  })
  expect(rehearsal.stage.writes()).toHaveLength(writes)
})

test('plan.yml and status.yml: tell what would be and what is, and write nothing', async () => {
  const writes = rehearsal.stage.writes().length
  const planned = succeeded(await rehearsal.dispatch('plan.yml', { image: `${registryHost}/shop:0.0.1` }))
  expect(step(planned, 'plan', '1').outputs).toMatchObject({ version: '0.0.1' })
  const found = succeeded(await rehearsal.dispatch('status.yml', {}))
  expect(step(found, 'status', 'status').outputs).toMatchObject({ version: '0.0.1', drift: '[]' })
  expect(rehearsal.stage.writes()).toHaveLength(writes)
})

test('setup.yml: finds that there is a pair already, and writes nothing', async () => {
  const writes = rehearsal.stage.writes().length
  const result = succeeded(await rehearsal.dispatch('setup.yml', { service: 'web-blue' }))
  for (const job of ['plan', 'setup']) {
    expect(step(result, job, '1').outputs).toMatchObject({ 'deployment-status': 'unchanged' })
  }
  expect(rehearsal.stage.writes()).toHaveLength(writes)
})

test('the quick start of the README: builds a commit, then deploys what that has pushed', async () => {
  fourth = rehearsal.repository.commit()
  const result = succeeded(await rehearsal.push(quickStartFile))
  expect(step(result, 'deploy', '1').outputs).toMatchObject({ 'deployment-status': 'succeeded', version: fourth })
  expect(await live()).toBe(fourth)
  expect(active()).toEqual([fourth])
})

test('through all of it no client missed an answer', () => {
  const { failed, total, versions } = rehearsal.stage.watch().snapshot()
  expect(failed).toBe(0)
  expect(total).toBeGreaterThan(1_000)
  expect(versions.map(({ version }) => version)).toEqual(['0.0.1', first, second, third, fourth])
})

const isShift = (operation: string) => operation === 'ModifyListener'
const rolledBack = (result: WorkflowResult) => step(result, 'rollback', 'rollback').outputs
