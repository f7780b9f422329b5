import { parseArgs } from 'node:util'
import { casesOf, hash, type KillCase, partOf, rotated } from './cases.ts'
import { brokenCase, type KillResult, playCase } from './kill-case.ts'
import { KillPlace } from './place.ts'
import type { Scenario } from './scenario.ts'
import { scenarios } from './scenarios.ts'
import { caseLine, table } from './table.ts'

const usage = `Usage: npm run kill-matrix -- [options]

Kills the action, dist/index.js, before and after each of its API calls in turn, with kill -9 and without a post step. Then
another run must put everything right, and no request of a client may have failed meanwhile. All of it on sandboxes.

  --minutes N      begin no new case after so many minutes (default: run all)
  --seed TEXT      where in the list to begin (default: the day): with --minutes another seed runs other cases
  --part K/M       every M-th case, from the K-th on (default 1/1)
  --only NAME      one scenario: ${scenarios.map(one => one.name).join(', ')}
  --call N         one call of it, counted from 1
  --parallel N     so many sandboxes at the same time (default 4)
  --help           this text
`

const millisecondsPerMinute = 60_000

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      minutes: { type: 'string' },
      seed: { type: 'string', default: new Date().toISOString().slice(0, 10) },
      part: { type: 'string', default: '1/1' },
      only: { type: 'string' },
      call: { type: 'string' },
      parallel: { type: 'string', default: '4' },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) {
    process.stdout.write(usage)
    return 0
  }
  const minutes = values.minutes === undefined ? Number.POSITIVE_INFINITY : number('minutes', values.minutes)
  const [part = Number.NaN, of = Number.NaN] = values.part.split('/').map(text => number('part', text))
  if (!(Number.isInteger(part) && Number.isInteger(of) && part <= of)) throw new Error('--part takes K/M, K up to M')
  const call = values.call === undefined ? undefined : number('call', values.call)
  const chosen = scenarios.filter(one => values.only === undefined || one.name === values.only)
  if (chosen.length === 0) throw new Error(`--only takes one of ${scenarios.map(one => one.name).join(', ')}`)

  const deadline = performance.now() + minutes * millisecondsPerMinute
  const parallel = number('parallel', values.parallel)
  const lengths = await learn(chosen, parallel)
  const all = casesOf(lengths, hash(values.seed))
  const due = partOf(rotated(all, values.seed), part, of).filter(one => call === undefined || one.call === call)
  process.stdout.write(
    `${lengths.map(one => `${one.name} makes ${one.calls} calls`).join(', ')}: ${all.length} cases\n`,
  )
  const results = await playAll(due, deadline, parallel)
  process.stdout.write(table(results, all.length, values.seed))
  // A matrix that had no time for a single case has shown nothing.
  return results.length === 0 || results.some(one => one.problems.length > 0) ? 1 : 0
}

interface Length {
  readonly name: string
  readonly calls: number
  readonly followers: number
}

/** How many calls each scenario makes when nobody kills it, in the order of the list, whichever was learned first. */
async function learn(chosen: readonly Scenario[], parallel: number): Promise<readonly Length[]> {
  const parts = Array.from({ length: parallel }, (_, index) => learnPart(partOf(chosen, index + 1, parallel)))
  const lengths = (await Promise.all(parts)).flat()
  return chosen.flatMap(({ name }) => lengths.find(one => one.name === name) ?? [])
}

async function learnPart(chosen: readonly Scenario[]): Promise<readonly Length[]> {
  let place: KillPlace | undefined
  try {
    const lengths: Length[] = []
    for (const scenario of chosen) {
      place = await placeFor(scenario, place)
      await scenario.prepare?.(place)
      const { calls } = place.stage.sandbox.api
      calls.clear()
      await place.run(scenario.killed(place))
      lengths.push({ name: scenario.name, calls: calls.list().length, followers: scenario.followers.length })
      await scenario.beside?.leave(place)
    }
    return lengths
  } finally {
    await place?.close()
  }
}

/** The place of the case before, when it has the world that this one needs: one at a time is enough for the machine. */
async function placeFor(wanted: Scenario, last: KillPlace | undefined): Promise<KillPlace> {
  if (last !== undefined && last.ports === wanted.ports && last.world === wanted.world) return last
  await last?.close()
  return KillPlace.open(wanted)
}

async function playAll(due: readonly KillCase[], deadline: number, parallel: number): Promise<readonly KillResult[]> {
  const waiting = [...due]
  const results: KillResult[] = []
  const work = async () => {
    let place: KillPlace | undefined
    try {
      for (;;) {
        const one = performance.now() < deadline ? waiting.shift() : undefined
        if (one === undefined) return
        const scenario = scenarioOf(one)
        const here = await placeFor(scenario, place)
        place = here
        const result = await playCase(here, scenario, one).catch((error: unknown) => brokenCase(one, error))
        results.push(result)
        process.stdout.write(caseLine(result))
        if (result.problems.length === 0) continue
        // Nothing that went wrong may spoil the next case.
        place = undefined
        await here.close()
      }
    } finally {
      await place?.close()
    }
  }
  await Promise.all(Array.from({ length: parallel }, work))
  return results
}

function scenarioOf(one: KillCase): Scenario {
  const found = scenarios.find(scenario => scenario.name === one.scenario)
  if (found === undefined) throw new Error(`there is no scenario ${one.scenario}`)
  return found
}

function number(option: string, text: string): number {
  const value = Number(text)
  if (text.trim() === '' || !(value > 0)) throw new Error(`--${option} takes a number above 0, not '${text}'`)
  return value
}

process.exitCode = await main()
