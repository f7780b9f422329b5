import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { startTraffic, type Traffic, type TrafficReport } from '../src/probe/traffic.ts'
import { demoPage } from './demo-report.ts'
import type { RunResult } from './runner/result.ts'
import { runAction } from './runner/run-action.ts'
import { LogPrinter } from './runner/show.ts'
import { type Sandbox, startSandbox } from './sandbox.ts'
import { TrafficRecord } from './traffic-record.ts'
import { changeLine, failureLine, progressLine, reportLines } from './traffic-report.ts'
import { wallClock } from './wall-clock.ts'

/**
 * The main job, on real traffic: a sandbox with 0.0.1, a client that never stops asking, and the very bundle that GitHub
 * would run, started as GitHub's runner starts it. Two deploys and a broken one. Exits with 1 when anything that it is there
 * to show did not happen.
 */

const repository = fileURLToPath(new URL('..', import.meta.url))
const outputFolder = path.join(repository, 'demo-output')

/** Time in the sandbox runs this much faster, so that health checks every 5 s and draining for 10 s fit into a minute. */
const speed = 8

/** The demo systems before this one were watched at 350 requests/s. */
const requestsPerSecond = 450
const leastRequests = 10_000

interface Act {
  readonly image: string
  readonly says: string
  readonly expected: { readonly conclusion: RunResult['conclusion']; readonly status: string; readonly live: string }
}

const acts: readonly Act[] = [
  {
    image: 'sample-app:0.0.2',
    says: 'Deploy 0.0.2: blue is live, so it goes to green',
    expected: { conclusion: 'success', status: 'succeeded', live: '0.0.2' },
  },
  {
    image: 'sample-app:0.0.3',
    says: 'Deploy 0.0.3: now green is live, so it goes back to blue',
    expected: { conclusion: 'success', status: 'succeeded', live: '0.0.3' },
  },
  {
    image: 'sample-app:0.0.4-unhealthy',
    says: 'Deploy 0.0.4-unhealthy: it answers its health checks with 503, and must not go live',
    expected: { conclusion: 'failure', status: 'failed', live: '0.0.3' },
  },
]

const screen = {
  live: process.stdout.isTTY === true,
  shown: false,
  line(text: string): void {
    if (this.shown) process.stdout.write('\r\u001b[2K')
    this.shown = false
    process.stdout.write(`${text}\n`)
  },
  progress(text: string): void {
    if (!this.live) return
    process.stdout.write(`\r\u001b[2K${text}`)
    this.shown = true
  },
}

async function main(): Promise<boolean> {
  const startedAt = performance.now()
  rmSync(outputFolder, { recursive: true, force: true })
  mkdirSync(outputFolder, { recursive: true })
  screen.line(
    `Start the sandbox: an AWS on this machine, ${speed} times faster than life, with 0.0.1 on blue and on green`,
  )
  const sandbox = await startSandbox({ speed })
  const url = `${sandbox.description.productionUrl}/version`
  screen.line(`Ask ${url} ${requestsPerSecond} times a second until the end`)
  const raw = path.join(outputFolder, 'requests.jsonl')
  const record = new TrafficRecord(raw, error => screen.line(`client: ${raw} cannot be written: ${error.message}`))
  const traffic = startTraffic(
    {
      record: request => record.add(request),
      onEnd: report => record.close(url, report),
      url,
      rate: requestsPerSecond,
      connections: 16,
      mode: 'keep-alive',
      timeoutMs: 10_000,
      versionFrom: { kind: 'json', member: 'version' },
      onFailure: failure => screen.line(`client: ${failureLine(failure)}`),
      // While the nodes disagree, old and new answer in turn: the closing report has how long, and how often.
      onVersionChange: change => {
        if (change.kind === 'first' || change.kind === 'new') screen.line(`client: ${changeLine(change)}`)
      },
    },
    wallClock,
  )
  const stopWatching = watch(traffic)
  try {
    const problems: string[] = []
    for (const [index, act] of acts.entries()) problems.push(...(await play(index + 1, act, sandbox)))
    await until(() => traffic.snapshot().total >= leastRequests)
    stopWatching()
    const report = await traffic.stop()
    problems.push(...judge(report))
    writeFileSync(path.join(outputFolder, 'report.html'), demoPage(raw, url, report))
    close(url, report, problems, performance.now() - startedAt)
    return problems.length === 0
  } finally {
    stopWatching()
    await traffic.stop(0)
    await sandbox.close()
  }
}

/** Runs the action once; returns what was not as it must be. */
async function play(number: number, act: Act, sandbox: Sandbox): Promise<readonly string[]> {
  screen.line(`\n━━ ${number}. ${act.says}`)
  const printer = new LogPrinter(text => screen.line(text))
  const file = path.join(outputFolder, `${number}-${act.image.replace(/[^A-Za-z0-9.-]+/g, '-')}`)
  const result = await runAction({
    actionDirectory: repository,
    inputs: {
      ...sandbox.description.inputs,
      image: act.image,
      'production-url': `${sandbox.description.productionUrl}/version`,
      'report-path': `${file}.html`,
      timeout: '20s',
      // What the action knows of AWS's rhythm is in AWS's seconds; the sandbox's are shorter.
      'poll-interval': '1s',
    },
    env: sandbox.description.env,
    onLine: line => printer.line(line),
  })
  writeFileSync(`${file}.md`, result.summary)
  screen.line(`\nJob summary (${path.relative(process.cwd(), file)}.md, and as a page ${path.basename(file)}.html):\n`)
  screen.line(result.summary.replace(/^/gm, '  │ '))
  const { expected } = act
  if (result.conclusion === 'failure' && expected.conclusion === 'failure') screen.line('Refused, as it must be.')
  return [
    ...mismatch(`conclusion of ${act.image}`, result.conclusion, expected.conclusion),
    ...mismatch(`deployment-status of ${act.image}`, result.outputs['deployment-status'], expected.status),
    ...mismatch(`version that is live after ${act.image}`, result.outputs.version, expected.live),
  ]
}

function mismatch(what: string, is: string | undefined, wanted: string): readonly string[] {
  return is === wanted ? [] : [`${what} is ${is ?? 'not set'}, not ${wanted}`]
}

function judge(report: TrafficReport): readonly string[] {
  const versions = report.versions.map(seen => seen.version).join(', ')
  return [
    ...(report.failed === 0 ? [] : [`${report.failed} requests failed`]),
    ...(report.total >= leastRequests ? [] : [`only ${report.total} requests were made, not ${leastRequests}`]),
    ...mismatch('sequence of versions that answered', versions, '0.0.1, 0.0.2, 0.0.3'),
  ]
}

function close(url: string, report: TrafficReport, problems: readonly string[], ms: number): void {
  const lines = reportLines(url, report)
  writeFileSync(path.join(outputFolder, 'traffic.txt'), `${lines.join('\n')}\n`)
  writeFileSync(path.join(outputFolder, 'traffic.json'), `${JSON.stringify(report, undefined, 2)}\n`)
  screen.line('\n━━ What the client saw')
  for (const line of lines) screen.line(line)
  screen.line('')
  for (const problem of problems) screen.line(`NOT AS IT MUST BE: ${problem}`)
  if (problems.length === 0) {
    screen.line(
      `${report.total} requests through two switches and one refused deploy, ${report.failed} failed. It took ${(ms / 1000).toFixed(0)} s.`,
    )
  }
  const folder = path.relative(process.cwd(), outputFolder) || '.'
  screen.line(`Both switches as charts: ${folder}/report.html`)
  screen.line(`Summaries, the client's report and every request are in ${folder}/`)
}

/** A live line on a terminal, a line every five seconds elsewhere. */
function watch(traffic: Traffic): () => void {
  let last = { total: 0, at: performance.now(), saidAt: performance.now() }
  const timer = setInterval(() => {
    const report = traffic.snapshot()
    const now = performance.now()
    const line = `client: ${progressLine(report, ((report.total - last.total) / (now - last.at)) * 1000)}`
    screen.progress(line)
    const say = !screen.live && now - last.saidAt >= 5_000
    if (say) screen.line(line)
    last = { total: report.total, at: now, saidAt: say ? now : last.saidAt }
  }, 500)
  return () => clearInterval(timer)
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await wallClock.sleep(50)
}

// Children end with this process: the tasks' guard sees to it.
process.once('SIGINT', () => {
  screen.line('\nStopped.')
  process.exit(130)
})

process.exitCode = (await main()) ? 0 : 1
