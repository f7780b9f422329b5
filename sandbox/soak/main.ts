import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { playAll } from './crew.ts'
import { playSeed } from './play.ts'
import { tellWhole } from './tell.ts'

const usage = `Usage: npm run soak -- [options]

Whole deploys in virtual time with random services, listeners, plans, faults, kills, cancels and races, each followed by a clean run.
At every instant the invariants of the design must hold. Each case follows from its seed alone.

  --seeds N      so many seeds (default 1000)
  --from K       the first of them (default 1)
  --seed N       replay one, and tell everything about it
  --workers N    so many processes (default: one for each core)
  --first        end with the first violation
  --help         this text

It ends with 1 when a rule was broken.
`

const tellEveryMs = 10_000

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      seeds: { type: 'string', default: '1000' },
      from: { type: 'string', default: '1' },
      seed: { type: 'string' },
      workers: { type: 'string', default: String(availableParallelism()) },
      first: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) {
    process.stdout.write(usage)
    return 0
  }
  if (values.seed !== undefined) {
    const played = await playSeed(number('seed', values.seed))
    process.stdout.write(`${tellWhole(played)}\n`)
    return played.violations.length === 0 ? 0 : 1
  }
  const count = number('seeds', values.seeds)
  const from = number('from', values.from)
  return soak(count, from, number('workers', values.workers), values.first)
}

async function soak(count: number, from: number, workers: number, first: boolean): Promise<number> {
  const startedAt = performance.now()
  const broken = new Map<string, number>()
  let done = 0
  let violations = 0
  let toldAt = startedAt
  const summary = () => {
    const seconds = (performance.now() - startedAt) / 1_000
    return `${done} cases, ${violations} with a violation, ${(done / seconds).toFixed(1)} cases/s`
  }
  const seeds = Array.from({ length: count }, (_, index) => from + index)
  await playAll(seeds, workers, ({ violation }) => {
    done++
    if (violation !== undefined) {
      violations++
      for (const rule of violation.rules) broken.set(rule, (broken.get(rule) ?? 0) + 1)
      process.stdout.write(`${violation.text}\n\n`)
    }
    if (performance.now() - toldAt > tellEveryMs) {
      toldAt = performance.now()
      process.stderr.write(`${summary()}\n`)
    }
    return violation === undefined || !first
  })
  process.stdout.write(`seeds ${from} to ${from + count - 1}: ${summary()}\n`)
  for (const [rule, times] of broken) process.stdout.write(`  ${rule}: ${times}\n`)
  return violations === 0 ? 0 : 1
}

function number(name: string, text: string): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 1) throw new Error(`--${name} takes a whole number of 1 or more, not ${text}`)
  return value
}

process.exitCode = await main()
