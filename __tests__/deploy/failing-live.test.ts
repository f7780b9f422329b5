import { describe, expect, test } from '@jest/globals'
import { simulate } from '../../sandbox/simulation.ts'
import { outputsOf } from '../../src/report/outputs.ts'
import { url } from './gradual-world.ts'

/** What is live answers with errors, which is why somebody goes back or deploys a fix: its failures must not keep it live. */

const seeds = [1, 2, 3, 4, 5, 6]
const canary = { strategy: 'canary', 'canary-percent': '10', 'canary-bake-time': '1m', 'max-failed-requests': '5' }

/** `bad` is live by now: it was deployed without looking at production. */
async function worldWith(bad: string, seed: number) {
  const simulation = simulate({ seed })
  const { report } = await simulation.act({ image: `sample-app:${bad}`, 'environment-variables': 'DEGRADE_AFTER=0' })
  expect(report.outcome).toMatchObject({ status: 'succeeded' })
  return simulation
}

describe.each(['0.0.2-errors', '0.0.2-degrades'])('while %s is live', bad => {
  test.each(seeds)('a rollback that watches production-url goes back and stays there (seed %i)', async seed => {
    const simulation = await worldWith(bad, seed)
    const { report } = await simulation.act({ mode: 'rollback', ...url })
    expect(report.outcome).toMatchObject({ status: 'succeeded' })
    expect(outputsOf(report)).toMatchObject({ version: '0.0.1', 'rolled-back': expect.anything() })
  })

  test.each(seeds)('a fix is deployed and stays (seed %i)', async seed => {
    const simulation = await worldWith(bad, seed)
    const { report } = await simulation.act({ image: 'sample-app:0.0.3', ...url })
    expect(report.outcome).toMatchObject({ status: 'succeeded' })
    expect(outputsOf(report)).toMatchObject({ version: '0.0.3' })
  })

  test.each(seeds)('a fix is deployed as a canary (seed %i)', async seed => {
    const simulation = await worldWith(bad, seed)
    const { report } = await simulation.act({ image: 'sample-app:0.0.3', ...url, ...canary })
    expect(report.outcome).toMatchObject({ status: 'succeeded' })
  })

  test('a fix that answers errors too is taken back', async () => {
    const simulation = await worldWith(bad, 1)
    const { report } = await simulation.act({ image: 'sample-app:0.0.3-errors', ...url, 'bake-time': '2m' })
    expect(report.outcome).toMatchObject({ status: 'rolled-back', failure: { code: 'REQUESTS_FAILED' } })
  })
})
