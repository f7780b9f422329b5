import type { Simulation } from '../../sandbox/simulation.ts'
import type { Tags } from './locking.ts'

/** Makes a lock as a run would that has ended in the middle of its work. */
export function leaveLock(simulation: Simulation, tags: Tags = {}): void {
  const { cloud, topology } = simulation
  const [blue] = (
    cloud.call('elbv2', 'DescribeTargetGroups', { TargetGroupArns: [topology.targetGroupArns.blue] }) as {
      TargetGroups: readonly { VpcId: string }[]
    }
  ).TargetGroups
  cloud.call('elbv2', 'CreateTargetGroup', {
    Name: 'ecs-bg-lock-312a68ab60c61077ea16',
    TargetType: 'ip',
    Protocol: 'HTTP',
    Port: 1,
    VpcId: blue?.VpcId,
    HealthCheckPath: '/lock/00000000000000ff',
    Tags: Object.entries({
      Nonce: '00000000000000ff',
      Repository: 'octo-org/other',
      RunId: '77',
      RunAttempt: '1',
      Job: 'deploy',
      RunUrl: 'https://github.com/octo-org/other/actions/runs/77',
      Machine: 'elsewhere',
      Pid: '77',
      Mode: 'deploy',
      StartedAt: iso(simulation, -60),
      ExpiresAt: iso(simulation, 120),
      Phase: 'staging',
      From: 'blue',
      To: 'green',
      ...tags,
    }).map(([Key, Value]) => ({ Key, Value })),
  })
}

export function iso(simulation: Simulation, seconds: number): string {
  return new Date(simulation.timeline.now() + seconds * 1_000).toISOString()
}
