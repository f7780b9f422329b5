import type { Policy } from '../../src/model/plan.ts'
import type { RunReport } from '../../src/model/report.ts'
import { reportOf } from './reports.ts'

/** What somebody may put into the name of an image, a tag, a log line or an answer of production. */
const hostileParts = [
  '</script><script>globalThis.pwned = 1</script>',
  '<img src=x onerror="globalThis.pwned = 1">',
  '<!-- <script>',
  '"><svg/onload=globalThis.pwned=1>',
  '</style></title></pre></table></details>',
  "javascript:alert(1) ' onclick='globalThis.pwned=1",
  '[click](javascript:globalThis.pwned=1) ![x](http://evil.example/x.png) <http://evil.example>',
  'http://evil.example www.evil.example',
  '| a | b |\n|---|---|\n# heading\n```mermaid\nclick a "javascript:alert(1)"\n```\n---\n%%{init: {}}%%',
  '**bold** `code` ~~gone~~ @everyone #1 $x^2$',
  '::error::x\n##[add-mask]x\n::set-output name=a::b',
  '\u202eright to left\u202c مرحبا שלום \u2066x\u2069',
  '🦊👩‍👩‍👧‍👦\u0000\u001b[31mred\u001b[0m\u0007',
  '&lt;b&gt; &#60;i&#62; &amp;amp;',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: an expression of GitHub's
  ']]> --> */ ${{ secrets.GITHUB_TOKEN }} %{x} $(id) `id` \\u003cscript>',
  'a\u2028b\u2029c\u0085d\u009b31m\ufeff\u200b\u00ad\u{e0041}\ufff9x\ufffa',
  '<details open><summary>x</summary>',
  '\ud800',
]

export const hostile = hostileParts.join(' ')

/** A line as long as a log may have, and then the worst at its beginning and end. */
export const megabyte = `${hostile}${'x🦊<'.repeat(260_000)}${hostile}`

/** Everything that a string can be is hostile, and long, and there is much of it. */
export function hostileReport(evil = megabyte): RunReport {
  const base = reportOf()
  const at = base.startedAt
  const many = <T>(one: T) => Array.from({ length: 300 }, () => one)
  const side = { color: 'blue', service: evil, version: evil, image: evil, digest: evil, taskDefinition: evil } as const
  const before = { ...side, running: 1, desired: 1 }
  const after = { ...before, color: 'green' as const }
  const counts = Array.from({ length: 120 }, (_, index) => index % 3)
  const slices = {
    startAt: at,
    sliceMs: 100,
    versions: [`a${evil}`, `b${evil}`, evil].map(version => ({ version, counts })),
    failed: counts,
  }
  return {
    ...base,
    outcome: {
      status: 'failed',
      failure: { code: 'UNHEALTHY', headline: evil, details: many(evil), telling: evil },
    },
    cluster: evil,
    service: evil,
    region: evil,
    sides: { active: 'green', services: { blue: evil, green: evil }, before, after, idle: before, candidate: after },
    routes: many({ label: evil, arn: evil, audience: 'production' as const, before: { blue: 1 }, after: { green: 1 } }),
    phases: base.phases,
    weights: [
      { share: 0, at },
      { share: 1_000, at: at + 1_000 },
    ],
    targets: [
      {
        color: 'green',
        at,
        targets: many({ id: evil, port: 1, state: evil, reason: evil, description: evil }),
      },
    ],
    traffic: {
      url: evil,
      fresh: evil,
      requests: 5,
      failed: 2,
      versions: many({ version: evil, count: 1, firstAt: at, lastAt: at }),
      lastFailure: evil,
      lastFailureAt: at,
      failedBy: { timeout: 2 },
      abandoned: 1,
      unsent: 1,
      askedAgain: 1,
      mixedMs: 5,
      everyMs: 50,
      slices,
      flip: slices,
    },
    events: many({ at, message: evil }),
    warnings: many(evil),
    logs: [{ container: evil, task: evil, lines: many(evil), note: evil }],
    links: [{ label: evil, url: evil }],
    checks: many({ section: 'Services' as const, mark: 'NG' as const, says: evil }),
  }
}

const names = (evil: string) => ({ cluster: evil, service: evil, region: evil })
const many = <T>(count: number, one: T) => Array.from({ length: count }, () => one)

function failed(evil: string): RunReport['outcome'] {
  return { status: 'failed', failure: { code: 'AWS_ERROR', headline: evil, details: many(100, evil), telling: evil } }
}

function policyOf(evil: string): Policy {
  const condition = { StringEquals: { [evil]: evil } }
  const statement = { Sid: evil, Effect: 'Allow', Action: [evil], Resource: evil, Condition: condition } as const
  return { Version: '2012-10-17', Statement: many(20, statement) }
}

/** What has nothing of a deploy. */
function bare(evil: string, mode: RunReport['mode']): RunReport {
  const { startedAt, endedAt } = reportOf()
  const told = { routes: [], phases: [], events: [], warnings: many(300, evil), checks: [] }
  return { ...names(evil), ...told, mode, outcome: failed(evil), startedAt, endedAt }
}

function hostilePreview(evil: string): RunReport {
  const preview = {
    task: 'preview',
    ...{
      id: evil,
      name: evil,
      url: evil,
      place: evil,
      image: evil,
      version: evil,
      taskDefinition: evil,
      expires: evil,
    },
    desired: 1,
    dry: true,
    healthy: true,
    steps: many(300, evil),
  } as const
  return { ...bare(evil, 'preview'), preview, policy: policyOf(evil), links: [{ label: evil, url: `http://${evil}` }] }
}

function hostileSweep(evil: string): RunReport {
  const failure = { code: 'AWS_ERROR', headline: evil, details: [evil] } as const
  const swept = many(300, { id: evil, because: evil, ended: 'failed' as const, failure })
  return { ...bare(evil, 'preview-sweep'), preview: { task: 'preview-sweep', swept }, policy: policyOf(evil) }
}

function hostileSetup(evil: string): RunReport {
  const parts = many(10, [evil, evil] as const)
  const setup = { steps: many(300, evil), parts, inputs: { [evil]: evil }, undo: many(300, evil), notes: [evil] }
  return { ...bare(evil, 'setup'), setup, policy: policyOf(evil) }
}

function hostilePlan(evil: string): RunReport {
  const changes = many(300, { path: evil, before: evil, after: evil })
  const steps = many(300, { says: evil, before: evil, after: evil })
  const plan = { steps, definition: { from: evil, reused: evil, changes }, policy: policyOf(evil) }
  return { ...hostileReport(evil), mode: 'plan', outcome: { status: 'unchanged', because: evil }, plan }
}

function hostileStatus(evil: string): RunReport {
  const { sides, ...base } = hostileReport(evil)
  if (sides === undefined) throw new Error('the hostile report has sides')
  const stands = { ...sides.after, role: 'unclear', targets: { kind: 'unread', because: evil } } as const
  const journal = { phase: 'shifting', from: 'blue', to: 'green', shares: evil } as const
  const owner = {
    nonce: evil,
    repository: evil,
    runId: evil,
    attempt: 1,
    job: evil,
    runUrl: evil,
    machine: evil,
    pid: 1,
  }
  const times = { startedAt: Number.NaN, expiresAt: Number.NaN }
  return {
    ...base,
    mode: 'status',
    standing: {
      colors: { blue: stands, green: stands },
      shift: { journal, alive: true },
      drift: many(300, { kind: 'tags', on: evil, says: evil }),
    },
    lock: { arn: evil, name: evil, owner, mode: evil, ...times, journal, fingerprint: evil },
  }
}

/** Longer than any text that is kept whole; a megabyte in every field takes minutes. */
const long = `${hostile}${'x🦊<'.repeat(5_000)}${hostile}`

/** Of every kind of run, one that is hostile throughout. */
export const hostileReports: Readonly<Record<string, (evil?: string) => RunReport>> = {
  deploy: hostileReport,
  preview: (evil = long) => hostilePreview(evil),
  sweep: (evil = long) => hostileSweep(evil),
  setup: (evil = long) => hostileSetup(evil),
  plan: (evil = long) => hostilePlan(evil),
  status: (evil = long) => hostileStatus(evil),
}
