import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { type BreakName, breakNames, breaks } from './breaks.ts'
import { playAll } from './crew.ts'
import { playSeed } from './play.ts'
import { tellWhole } from './tell.ts'

const usage = `Usage: npm run soak -- [options]

Whole deploys in virtual time with random services, listeners, plans, faults, kills, cancels and races, each followed by a clean run.
At every instant the invariants of the design must hold. Each case follows from its seed alone.

  --seeds N      so many cases (default 1000; 1 with --seed)
  --seed S       the seed of the first (default 1); those after it follow. One case alone is told call by call
  --parallel N   so many processes (default: one for each core)
  --first        end with the first violation
  --break NAME   break a rule on purpose, to see that it is found out:
${breakNames.map(name => `                   ${name.padEnd(12)} ${breaks[name].says}`).join('\n')}
  --help         this text

It ends with 1 when a rule was broken.
`

const tellEveryMs = 10_000

interface Asked {
  readonly seed: number
  readonly seeds: number
  readonly processes: number
  readonly first: boolean
  readonly broken: BreakName | undefined
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      seeds: { type: 'string' },
      seed: { type: 'string' },
      parallel: { type: 'string', default: String(availableParallelism()) },
      first: { type: 'boolean', default: false },
      break: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) {
    process.stdout.write(usage)
    return 0
  }
  const asked: Asked = {
    seed: number('seed', values.seed ?? '1'),
    seeds: number('seeds', values.seeds ?? (values.seed === undefined ? '1000' : '1')),
    processes: number('parallel', values.parallel),
    first: values.first,
    broken: breakOf(values.break),
  }
  return asked.seeds === 1 ? replay(asked) : soak(asked)
}

async function replay({ seed, broken }: Asked): Promise<number> {
  const played = await playSeed(seed, broken)
  process.stdout.write(`${tellWhole(played)}\n`)
  return played.violations.length === 0 ? 0 : 1
}

async function soak({ seed: from, seeds, processes, first, broken }: Asked): Promise<number> {
  const startedAt = performance.now()
  const rules = new Map<string, number>()
  let done = 0
  let violations = 0
  let toldAt = startedAt
  const summary = () => {
    const seconds = (performance.now() - startedAt) / 1_000
    return `${done} cases in ${seconds.toFixed(0)} s, ${violations} with a violation, ${(done / seconds).toFixed(1)} cases/s`
  }
  const tasks = Array.from({ length: seeds }, (_, index) => ({
    seed: from + index,
    ...(broken === undefined ? {} : { broken }),
  }))
  await playAll(tasks, processes, ({ violation }) => {
    done++
    if (violation !== undefined) {
      violations++
      for (const rule of violation.rules) rules.set(rule, (rules.get(rule) ?? 0) + 1)
      process.stdout.write(`${violation.text}\n\n`)
    }
    if (performance.now() - toldAt > tellEveryMs) {
      toldAt = performance.now()
      process.stderr.write(`${summary()}\n`)
    }
    return violation === undefined || !first
  })
  process.stdout.write(`seeds ${from} to ${from + seeds - 1}: ${summary()}\n`)
  for (const [rule, times] of rules) process.stdout.write(`  ${rule}: ${times}\n`)
  return violations === 0 ? 0 : 1
}

function number(name: string, text: string): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 1) throw new Error(`--${name} takes a whole number of 1 or more, not ${text}`)
  return value
}

function breakOf(text: string | undefined): BreakName | undefined {
  if (text === undefined) return undefined
  const name = breakNames.find(one => one === text)
  if (name === undefined) throw new Error(`--break takes one of ${breakNames.join(', ')}, not ${text}`)
  return name
}

process.exitCode = await main()
