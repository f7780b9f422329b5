import { describe, expect, test } from '@jest/globals'
import type { CheckResult, TaskEnd } from '../../../sandbox/cloud/ports.ts'
import { createSimulatedRuntime, type SimulatedRuntimeOptions } from '../../../sandbox/cloud/simulated-runtime.ts'
import { seededRandom } from '../../../sandbox/random.ts'
import { VirtualTimeline } from '../../../sandbox/timeline.ts'

const target = { ip: '10.0.0.4', port: 8080 }
const health = { protocol: 'HTTP', path: '/health', timeoutMs: 2000, matcher: '200-299' } as const

function started(
  image: string,
  environment: Record<string, string> = {},
  options: Partial<SimulatedRuntimeOptions> = {},
) {
  const timeline = new VirtualTimeline(0)
  const runtime = createSimulatedRuntime({ timeline, random: seededRandom(7), ...options })
  const told: string[] = []
  const printed: string[] = []
  let end: TaskEnd | undefined
  const task = { taskId: 'a', ...target, containerPort: 8080, containerName: 'app', stopTimeoutMs: 30_000 }
  runtime.start(
    { ...task, image, environment },
    {
      onPulled: () => told.push('pulled'),
      onRunning: () => told.push('running'),
      onOutput: line => printed.push(line),
      onStopped: how => {
        told.push('stopped')
        end = how
      },
    },
  )
  const check = () => {
    const results: CheckResult[] = []
    runtime.check(target, health, result => results.push(result))
    timeline.advanceTo(timeline.now() + 2000)
    return results
  }
  return { timeline, runtime, told, printed, check, end: () => end }
}

describe('a simulated task', () => {
  test('tells of its pull and start after the call, boots, and answers its version', () => {
    const task = started('registry:5000/app:0.0.2')
    expect(task.told).toEqual([])
    task.timeline.advanceTo(1)
    expect(task.told).toEqual(['pulled', 'running'])
    expect(task.runtime.answer(target)).toBeUndefined()
    task.timeline.advanceTo(3000)
    expect(task.runtime.answer(target)).toEqual({ status: 200, version: '0.0.2' })
    expect(task.check()).toEqual([{ kind: 'passed' }])
  })

  test('answers until it has ended after SIGTERM, and once only', () => {
    const task = started('app:1')
    task.timeline.advanceTo(3000)
    task.runtime.stop('a')
    task.runtime.stop('a')
    expect(task.runtime.answer(target)?.status).toBe(200)
    task.timeline.advanceTo(4000)
    expect(task.runtime.answer(target)).toBeUndefined()
    expect(task.told).toEqual(['pulled', 'running', 'stopped'])
    expect(task.end()).toEqual({ kind: 'exited', exitCode: 0 })
    expect(task.check()).toEqual([{ kind: 'timeout' }])
  })

  test.each<[string, TaskEnd]>([
    ['app:1-crash', { kind: 'exited', exitCode: 1 }],
    ['app:1-oom', { kind: 'exited', exitCode: 137, outOfMemory: true }],
  ])('%s ends by itself without ever answering', (image, end) => {
    const task = started(image)
    while (task.timeline.step()) expect(task.runtime.answer(target)).toBeUndefined()
    expect(task.end()).toEqual(end)
  })

  test('X-missing never starts', () => {
    const task = started('team/app:1-missing')
    task.timeline.advanceTo(1)
    expect(task.told).toEqual(['stopped'])
    expect(task.end()).toMatchObject({ kind: 'failed-to-start', stoppedReason: expect.stringContaining('not found') })
    expect(task.runtime.resolveImage('team/app:1-missing')).toBeUndefined()
  })

  test('X-unhealthy answers 503 to health checks', () => {
    const task = started('app:1-unhealthy')
    task.timeline.advanceTo(3000)
    expect(task.check()).toEqual([{ kind: 'mismatch', status: 503 }])
  })

  test.each([
    ['SLOW_SECONDS', { SLOW_SECONDS: '90' }, {}],
    ['its option', {}, { slowSeconds: 90 }],
  ])('X-slow refuses until %s have passed', (_, environment, options) => {
    const task = started('app:1-slow', environment, options)
    task.timeline.advanceTo(85_000)
    expect(task.check()).toEqual([{ kind: 'failed' }])
    task.timeline.advanceTo(91_000)
    expect(task.check()).toEqual([{ kind: 'passed' }])
  })

  test('X-errors is healthy and answers a part with 500', () => {
    const task = started('app:1-errors')
    task.timeline.advanceTo(3000)
    const statuses = Array.from({ length: 30 }, () => task.runtime.answer(target)?.status)
    expect(statuses.filter(status => status === 500)).toHaveLength(6)
    expect(task.check()).toEqual([{ kind: 'passed' }])
  })

  test('X-degrades turns bad under traffic, not without', () => {
    const task = started('app:1-degrades', { DEGRADE_AFTER: '5' })
    task.timeline.advanceTo(600_000)
    expect(task.check()).toEqual([{ kind: 'passed' }])
    for (let request = 0; request < 5; request++) task.runtime.answer(target)
    expect(task.runtime.answer(target)?.status).toBe(500)
    // As in the sample app, only its customers notice.
    expect(task.check()).toEqual([{ kind: 'passed' }])
  })

  test('X-hangs is healthy, and never answers one of thirty', () => {
    const task = started('app:1-hangs')
    task.timeline.advanceTo(3000)
    const never = Array.from({ length: 90 }, () => task.runtime.answer(target)?.never === true)
    expect(never.flatMap((one, index) => (one ? [index] : []))).toEqual([29, 59, 89])
    expect(task.check()).toEqual([{ kind: 'passed' }])
  })

  test('can be made sick', () => {
    const task = started('app:1')
    task.timeline.advanceTo(3000)
    task.runtime.sicken(target)
    expect(task.check()).toEqual([{ kind: 'mismatch', status: 503 }])
  })

  test('X-wrong reports another version', () => {
    const task = started('app:1-wrong')
    task.timeline.advanceTo(3000)
    expect(task.runtime.answer(target)).toMatchObject({ status: 200, version: '0.0.0' })
  })
})

describe('the simulated registry', () => {
  test('gives a tag the same digest until it is pushed over, and knows the tag by the digest', () => {
    const { runtime } = started('app:1')
    const digest = runtime.resolveImage('app:2')
    expect(digest).toMatch(/^sha256:[0-9a-f]{64}$/)
    expect(runtime.resolveImage('app:2')).toBe(digest)
    expect(runtime.resolveImage(`app@${digest}`)).toBe(digest)
    runtime.push('app:2')
    expect(runtime.resolveImage('app:2')).not.toBe(digest)
  })

  test('an image named by digest alone behaves and reports as its tag', () => {
    const timeline = new VirtualTimeline(0)
    const runtime = createSimulatedRuntime({ timeline, random: seededRandom(1) })
    const digest = runtime.resolveImage('app:3')
    const task = {
      taskId: 'a',
      ...target,
      containerPort: 8080,
      containerName: 'app',
      environment: {},
      stopTimeoutMs: 1,
    }
    const events = { onPulled: () => {}, onRunning: () => {}, onStopped: () => {}, onOutput: () => {} }
    runtime.start({ ...task, image: `app@${digest}` }, events)
    timeline.advanceTo(3000)
    expect(runtime.answer(target)?.version).toBe('3')
  })
})
