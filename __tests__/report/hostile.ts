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
