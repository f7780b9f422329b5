import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { lines, openStage, type Stage } from '../e2e/stage.ts'
import { idle, live } from './scenario.ts'

/** SIGINT, as GitHub's Cancel button sends it, at ten points of a canary, through dist/index.js and with a client on production. */

interface Point {
  readonly name: string
  /** The signal comes when this call arrives, the n-th of its operation, or so long after that. */
  readonly at: readonly [operation: string, nth: number]
  readonly laterMs?: number
  /** Who has production then; a write that is under way may be in time or too late. */
  readonly ends: 'old' | 'new' | 'either'
}

const points: readonly Point[] = [
  { name: 'at the first call', at: ['DescribeServices', 1], ends: 'old' },
  { name: 'while it registers the candidate', at: ['RegisterTaskDefinition', 1], ends: 'old' },
  { name: 'while it takes the lock', at: ['CreateTargetGroup', 1], ends: 'old' },
  { name: 'while it stages', at: ['UpdateService', 1], ends: 'old' },
  { name: 'while it waits for tasks', at: ['UpdateService', 1], laterMs: 700, ends: 'old' },
  { name: 'while it writes the journal of the shift', at: ['AddTags', 1], ends: 'old' },
  { name: 'while it writes the first weights', at: ['ModifyListener', 1], ends: 'old' },
  { name: 'while the canary is watched', at: ['ModifyListener', 1], laterMs: 1_500, ends: 'old' },
  { name: 'while it writes the last weights', at: ['ModifyListener', 2], ends: 'either' },
  { name: 'while it bakes', at: ['ModifyListener', 2], laterMs: 1_500, ends: 'new' },
]

const canary = { strategy: 'canary', 'canary-percent': '10', 'canary-bake-time': '3s', 'bake-time': '3s' }

/** GitHub sends SIGTERM after 7.5 s, and kills main after 10: by then the post step is over, too. */
const limitMs = { main: 7_000, whole: 10_000 }

let stage: Stage
let version = '0.0.1'
beforeAll(async () => {
  stage = await openStage({ topology: { tasks: { blue: 1, green: 1 } } })
  stage.watch()
})
const rows: string[] = []
afterAll(async () => {
  const requests = stage?.watch().snapshot()
  await stage?.close()
  process.stdout.write(
    `\nSIGINT during a canary, through the bundle: when, seconds of main after it, of post\n${rows.join('\n')}\n` +
      `${requests?.total} requests, ${requests?.failed} failed\n`,
  )
})

const seconds = (ms: number) => (ms / 1_000).toFixed(1).padStart(4)

const healths = (color: 'blue' | 'green') => {
  const { cloud, topology } = stage.sandbox
  const { TargetHealthDescriptions } = cloud.call('elbv2', 'DescribeTargetHealth', {
    TargetGroupArn: topology.targetGroupArns[color],
  }) as { TargetHealthDescriptions: readonly { TargetHealth: { State: string } }[] }
  return TargetHealthDescriptions.map(one => one.TargetHealth.State)
}

async function cancelAt({ at: [operation, nth], laterMs }: Point, image: string) {
  const { faults } = stage.sandbox.api
  let cancelledAt: number | undefined
  const action = stage.start({ image, ...canary, timeout: '2m' })
  const cancel = () => {
    cancelledAt = Date.now()
    action.cancel()
  }
  faults.add([{ kind: 'delay', delayMs: 0, operation, after: nth - 1, times: 1 }], () => {
    if (laterMs === undefined) cancel()
    else setTimeout(cancel, laterMs)
  })
  const result = await action.result
  faults.clear()
  if (cancelledAt === undefined) throw new Error(`the run ended before it was cancelled:\n${lines(result)}`)
  const postAt = result.log.find(line => line.stage === 'post')?.at
  if (postAt === undefined) throw new Error('no post step ran')
  return { result, mainMs: postAt - cancelledAt, postMs: Date.now() - postAt }
}

test.each(points.map((point, index) => [point.name, point, index] as const))('%s', async (_, point, index) => {
  const [old, other] = [live(stage), idle(stage)]
  const fresh = `0.0.${index + 2}`
  const { result, mainMs, postMs } = await cancelAt(point, `sample-app:${fresh}`)
  expect(result).toMatchObject({
    conclusion: 'cancelled',
    exitCode: 1,
    outputs: { 'deployment-status': 'cancelled' },
    post: { exitCode: 0 },
  })
  expect(mainMs).toBeLessThan(limitMs.main)
  expect(mainMs + postMs).toBeLessThan(limitMs.whole)
  rows.push(`${point.name.padEnd(40)}  ${seconds(mainMs)}  ${seconds(postMs)}`)

  const now = live(stage)
  if (point.ends !== 'either') expect(now).toBe(point.ends === 'old' ? old : other)
  const weights = stage.weights()
  expect(Object.keys(weights)).toHaveLength(2)
  expect(weights[idle(stage)]).toBe(0)
  expect(healths(now)).toContain('healthy')
  expect(stage.service(now)).toMatchObject({ runningCount: 1, desiredCount: 1 })
  expect(stage.lock()).toBeUndefined()

  if (now !== old) version = fresh
  // Until both nodes have obeyed: 2.5 s of the sandbox's time.
  await new Promise(resolve => setTimeout(resolve, 300))
  const answer = await fetch(stage.url)
  expect(await answer.json()).toMatchObject({ version })
  expect(stage.watch().snapshot().failed).toBe(0)
})
