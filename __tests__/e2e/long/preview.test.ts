import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { lines, openStage, type Stage } from '../stage.ts'
import { versionAt } from '../version-at.ts'

/** Previews through dist/index.js, as GitHub's runner starts it for a pull request. */

const preview = { mode: 'preview', 'preview-domain': 'preview.example.com', timeout: '5m' }
const hostOf = (number: number) => `pr-${number}.preview.example.com`

describe('previews through the bundle', () => {
  let stage: Stage
  const folder = mkdtempSync(path.join(tmpdir(), 'preview-'))
  beforeAll(async () => {
    stage = await openStage({ topology: { tasks: { blue: 1, green: 0 } } })
  })
  afterAll(async () => {
    rmSync(folder, { recursive: true })
    await stage.close()
  })

  /** The environment of a workflow that runs for this pull request, whose author calls it what he likes. */
  function eventOf(number: number) {
    const file = path.join(folder, `${number}.json`)
    const title = '::error::<img src=x> ![x](http://evil)\n::set-output name=a::b'
    writeFileSync(
      file,
      JSON.stringify({ action: 'opened', number, pull_request: { number, title, head: { ref: title } } }),
    )
    return { GITHUB_EVENT_PATH: file, GITHUB_HEAD_REF: title, GITHUB_REPOSITORY: 'octo-org/shop' }
  }

  test('one is made, answers at its host while production answers for itself, is updated, and is gone', async () => {
    const before = state(stage)
    const made = await stage.run({ ...preview, image: 'sample-app:0.0.2' }, eventOf(12))
    expect(made).toMatchObject({ exitCode: 0, outputs: { 'deployment-status': 'succeeded', version: '0.0.2' } })
    expect(made.outputs['preview-url']).toBe(`http://${hostOf(12)}/`)
    for (const told of [made.summary, lines(made)]) expect(told).not.toMatch(/evil|<img|set-output/)
    expect(made.summary).toContain(hostOf(12))
    expect(await versionAt(stage.url, hostOf(12))).toBe('0.0.2')
    expect(await versionAt(stage.url)).toBe('0.0.1')

    const updated = await stage.run({ ...preview, image: 'sample-app:0.0.3' }, eventOf(12))
    expect(updated.outputs['deployment-status']).toBe('succeeded')
    expect(await versionAt(stage.url, hostOf(12))).toBe('0.0.3')
    expect(await versionAt(stage.url)).toBe('0.0.1')

    const gone = await stage.run({ ...preview, mode: 'preview-destroy' }, eventOf(12))
    expect(gone).toMatchObject({ exitCode: 0, outputs: { 'deployment-status': 'succeeded', 'preview-url': '' } })
    expect(state(stage)).toEqual(before)
  })

  test('ten at once come up, with AWS’s throttling on', async () => {
    const before = state(stage)
    const numbers = Array.from({ length: 10 }, (_, index) => index + 1)
    const runs = await Promise.all(
      numbers.map(number => stage.run({ ...preview, image: `sample-app:1.0.${number}` }, eventOf(number))),
    )
    expect(runs.map(run => run.outputs['failure-reason'])).toEqual(numbers.map(() => ''))
    const versions = await Promise.all(numbers.map(number => versionAt(stage.url, hostOf(number))))
    expect(versions).toEqual(numbers.map(number => `1.0.${number}`))
    expect(await versionAt(stage.url)).toBe('0.0.1')
    const priorities = rules(stage).map(rule => rule.Priority)
    expect(new Set(priorities).size).toBe(numbers.length + 1)

    const planned = await stage.run({ mode: 'plan', 'plan-for': 'preview-sweep' }, eventOf(1))
    expect(planned.outputs['deployment-status']).toBe('unchanged')
    const gone = await Promise.all(
      numbers.map(number => stage.run({ ...preview, mode: 'preview-destroy' }, eventOf(number))),
    )
    expect(gone.map(run => run.outputs['failure-reason'])).toEqual(numbers.map(() => ''))
    expect(state(stage)).toEqual(before)
  })
})

function rules({ sandbox }: Stage): readonly { readonly Priority: string }[] {
  const [ListenerArn] = sandbox.topology.productionListenerArns
  return sandbox.cloud.elb.call('DescribeRules', { ListenerArn }).Rules as readonly { readonly Priority: string }[]
}

/** What is there of everything that a preview has a part of. */
function state(stage: Stage): object {
  const { cloud } = stage.sandbox
  const groups = cloud.call('elbv2', 'DescribeTargetGroups', {}).TargetGroups as readonly { TargetGroupName: string }[]
  return {
    rules: rules(stage),
    groups: groups.map(group => group.TargetGroupName).sort(),
    services: cloud.call('ecs', 'ListServices', { cluster: 'sandbox', maxResults: 100 }).serviceArns,
    active: cloud.call('ecs', 'ListTaskDefinitions', { status: 'ACTIVE' }).taskDefinitionArns,
    inactive: cloud.call('ecs', 'ListTaskDefinitions', { status: 'INACTIVE' }).taskDefinitionArns,
  }
}
