import type { RunReport } from '../../src/model/report.ts'
import type { Side, Sides } from '../../src/model/sides.ts'

/** Reports for tests: a deploy that went well; a test overrides what it is about. */

export const blue: Side = {
  color: 'blue',
  service: 'app-blue',
  version: '0.0.1',
  image: 'registry.example.com/app:0.0.1',
  taskDefinition: 'arn:aws:ecs:eu-central-1:123456789012:task-definition/app:1',
  running: 2,
  desired: 2,
}

export const green: Side = {
  color: 'green',
  service: 'app-green',
  version: '0.0.2',
  image: 'registry.example.com/app:0.0.2',
  digest: `sha256:${'ab'.repeat(32)}`,
  taskDefinition: 'arn:aws:ecs:eu-central-1:123456789012:task-definition/app:2',
  running: 2,
  desired: 2,
}

export const switched: Sides = {
  active: 'green',
  services: { blue: 'app-blue', green: 'app-green' },
  before: blue,
  after: green,
  idle: blue,
}

export const refused: Sides = { ...switched, active: 'blue', after: blue, idle: green, candidate: green }

const at = Date.UTC(2026, 10, 21, 12, 0, 0)
const listenerArn =
  'arn:aws:elasticloadbalancing:eu-central-1:123456789012:listener/app/web/0123456789abcdef/0123456789abcdef'

export function reportOf(change: Partial<RunReport> = {}): RunReport {
  return {
    mode: 'deploy',
    outcome: { status: 'succeeded', because: '0.0.2 is live on green' },
    cluster: 'web',
    service: 'app',
    region: 'eu-central-1',
    startedAt: at,
    endedAt: at + 95_000,
    sides: switched,
    routes: [
      {
        label: 'HTTPS:443',
        arn: listenerArn,
        audience: 'production',
        before: { blue: 100, green: 0 },
        after: { blue: 0, green: 100 },
      },
      {
        label: 'HTTP:9001',
        arn: `${listenerArn}9`,
        audience: 'test',
        before: { green: 1 },
        after: { blue: 100, green: 0 },
      },
    ],
    phases: [
      { name: 'stage', startedAt: at, endedAt: at + 2_000 },
      { name: 'verify', startedAt: at + 2_000, endedAt: at + 90_000 },
    ],
    traffic: {
      url: 'https://www.example.com/version',
      requests: 420,
      failed: 0,
      versions: [
        { version: '0.0.1', count: 20, firstAt: at + 80_000, lastAt: at + 91_500 },
        { version: '0.0.2', count: 400, firstAt: at + 90_500, lastAt: at + 94_000 },
      ],
      mixedMs: 1_000,
      fresh: '0.0.2',
      everyMs: 50,
    },
    events: [{ at: at + 1_000, message: '(service app-green) has started 2 tasks: (task a) (task b).' }],
    warnings: [],
    checks: [],
    ...change,
  }
}
