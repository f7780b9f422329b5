import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { standingPreview } from '../../../sandbox/standing-preview.ts'
import { openStage, type Stage } from '../stage.ts'

/** A load balancer that is full, through dist/index.js as GitHub's runner starts it. */

let stage: Stage
beforeAll(async () => {
  // A hundred are made in one moment.
  stage = await openStage({ topology: { tasks: { blue: 1, green: 0 } }, settings: { throttling: false } })
  const { elb } = stage.sandbox.cloud
  const groups = () => (elb.call('DescribeTargetGroups', {}).TargetGroups as readonly object[]).length
  // Two of them are production's.
  for (let number = 1; groups() < 100; number++) standingPreview(stage.sandbox, number, Date.now())
})
afterAll(() => stage.close())

const preview = {
  mode: 'preview',
  'preview-domain': 'preview.example.com',
  'preview-id': 'one-more',
  image: 'sample-app:0.0.2',
}

test('the 101st target group is refused before anything is made, with the oldest previews', async () => {
  const result = await stage.run(preview)
  expect(result).toMatchObject({ exitCode: 1, outputs: { 'deployment-status': 'failed', 'preview-url': '' } })
  expect(result.outputs['failure-reason']).toMatch(/^QUOTA_EXCEEDED: The load balancer has 100 of 100 target groups/)
  expect(result.summary).toMatch(
    /The oldest previews of this service: pr-1 \(sample-pr-1-[0-9a-f]{8}\), pr-2 .*, pr-5 /,
  )
  expect(stage.writes()).toEqual([])
})

test('so is one more than `preview-limit`', async () => {
  const result = await stage.run({ ...preview, 'preview-limit': '98' })
  expect(result.exitCode).toBe(1)
  expect(result.outputs['failure-reason']).toMatch(/^PREVIEW_LIMIT: .*98 previews.*nothing was made for one-more/)
  expect(result.summary).toContain('The oldest previews of this service: pr-1 ')
  expect(stage.writes()).toEqual([])
})
