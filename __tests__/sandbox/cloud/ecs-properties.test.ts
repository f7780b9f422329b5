import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { type EcsWorld, ecsWorld } from './ecs-world.ts'

type Move =
  | { readonly kind: 'deploy'; readonly trouble: string }
  | { readonly kind: 'scale'; readonly count: number }
  | { readonly kind: 'stop' }
  | { readonly kind: 'wait'; readonly seconds: number }

const moves = fc.oneof(
  fc.record({
    kind: fc.constant('deploy' as const),
    trouble: fc.constantFrom('', '-crash', '-unhealthy', '-missing', '-oom'),
  }),
  fc.record({ kind: fc.constant('scale' as const), count: fc.integer({ min: 0, max: 5 }) }),
  fc.record({ kind: fc.constant('stop' as const) }),
  fc.record({ kind: fc.constant('wait' as const), seconds: fc.integer({ min: 1, max: 90 }) }),
)

const update = (world: EcsWorld, members: Record<string, unknown>) =>
  world.call('UpdateService', { cluster: 'demo', service: 'app', ...members })

function play(world: EcsWorld, move: Move): void {
  switch (move.kind) {
    case 'deploy':
      update(world, { taskDefinition: world.register(`repo/app:1${move.trouble}`) })
      break
    case 'scale':
      update(world, { desiredCount: move.count })
      break
    case 'stop': {
      const [task] = world.tasks({ serviceName: 'app' })
      if (task !== undefined) world.call('StopTask', { cluster: 'demo', task: task.taskArn })
      break
    }
    case 'wait':
      world.pass(move.seconds)
      break
    default:
      move satisfies never
  }
}

test('whatever was asked before, a good image in the end runs, alone and in the right number', () => {
  fc.assert(
    fc.property(
      fc.array(moves, { maxLength: 12 }),
      fc.boolean(),
      fc.boolean(),
      fc.nat(),
      (played, enable, rollback, seed) => {
        const world = ecsWorld({}, seed)
        world.register('repo/app:1')
        world.createService({ deploymentConfiguration: { deploymentCircuitBreaker: { enable, rollback } } })
        for (const move of played) {
          play(world, move)
          const { events, deployments } = world.service()
          expect(events?.length).toBeLessThanOrEqual(100)
          expect(deployments?.filter(one => one.status === 'PRIMARY')).toHaveLength(1)
        }
        const good = world.register('repo/app:2')
        update(world, { taskDefinition: good, desiredCount: 3 })
        world.until(() => world.ecs.isSteady(), 300)
        const tasks = world.tasks({ serviceName: 'app' })
        expect(tasks.map(task => [task.lastStatus, task.taskDefinitionArn])).toEqual(Array(3).fill(['RUNNING', good]))
        expect(world.service()).toMatchObject({ taskDefinition: good, runningCount: 3, pendingCount: 0 })
        // Nobody is left behind: all addresses but those of the three are silent.
        const alive = new Set(tasks.map(addressOf))
        for (const stopped of world.tasks({ desiredStatus: 'STOPPED' })) {
          const ip = addressOf(stopped)
          if (!alive.has(ip)) expect(world.runtime.answer({ ip, port: 8080 })).toBeUndefined()
        }
      },
    ),
    { numRuns: 150 },
  )
})

function addressOf(task: ReturnType<EcsWorld['tasks']>[number]): string {
  return task.attachments?.[0]?.details?.find(detail => detail.name === 'privateIPv4Address')?.value ?? ''
}
