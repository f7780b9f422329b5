import { describe, expect, test } from '@jest/globals'
import { simulate } from '../../sandbox/simulation.ts'
import { outputsOf } from '../../src/report/outputs.ts'
import { summaryOf } from '../../src/report/summary.ts'
import { deploy, url } from './gradual-world.ts'

/** Requests that are taken and never answered are no good ones, however few they are. */

const seeds = [1, 2, 3, 4, 5, 6]
const image = { image: 'sample-app:0.0.2-hangs' }

describe('a new version that leaves one request of thirty hanging', () => {
  test.each(seeds)('is not confirmed: traffic goes back (seed %i)', async seed => {
    const { report } = await deploy({ ...url, ...image }, { seed })
    expect(report.outcome).toMatchObject({ status: 'rolled-back', failure: { code: 'REQUESTS_FAILED' } })
    expect(Number(outputsOf(report)['failed-requests'])).toBeGreaterThan(0)
    expect(summaryOf(report)).toContain('no complete answer within 10000 ms')
  })

  test('nor after a canary that it stood', async () => {
    const { report } = await deploy({ ...url, ...image, strategy: 'canary', 'canary-bake-time': '1m' })
    expect(report.outcome).toMatchObject({ status: 'rolled-back', failure: { code: 'REQUESTS_FAILED' } })
  })

  test('is told as such where so many failures are allowed', async () => {
    const { report, lines } = await deploy({ ...url, ...image, 'max-failed-requests': '1000' })
    expect(report.outcome).toMatchObject({ status: 'succeeded' })
    const { failed = 0, abandoned = 0 } = report.traffic ?? {}
    expect(failed).toBeGreaterThan(50)
    expect(abandoned).toBeGreaterThan(0)
    expect(outputsOf(report)).toMatchObject({ 'unanswered-requests': String(abandoned) })
    const told = `Failed: ${failed} timeout. The last failure (`
    expect(lines.find(line => line.includes(`${failed} failed.`))).toContain(told)
    expect(summaryOf(report)).toContain(`${abandoned} more were not answered when the run ended.`)
    expect(JSON.stringify(report)).not.toContain('failedSentAt')
  })
})

describe('while what is live leaves one request of ten hanging', () => {
  test.each(seeds)('a fix is deployed, and is not blamed for those that fail after the shift (seed %i)', async seed => {
    const simulation = simulate({ seed })
    await simulation.act({ image: 'sample-app:0.0.1-hangs', 'environment-variables': 'HANG_EVERY=10' })
    const { report } = await simulation.act({ image: 'sample-app:0.0.3', ...url })
    expect(report.outcome).toMatchObject({ status: 'succeeded' })
    expect(report.traffic?.failed).toBeGreaterThan(0)
    // They are shown where they were sent: before the new version had all the traffic, or while nodes had not obeyed.
    const { failed = [], startAt = 0, sliceMs = 0 } = report.traffic?.slices ?? {}
    const lastAt = startAt + failed.findLastIndex(count => count > 0) * sliceMs
    const shift = report.phases.find(({ name }) => name === 'confirm')
    expect(lastAt).toBeLessThan((shift?.startedAt ?? 0) + 2_600)
  })
})
