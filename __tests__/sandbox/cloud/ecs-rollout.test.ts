import { describe, expect, test } from '@jest/globals'
import { type EcsWorld, ecsWorld } from './ecs-world.ts'

/** A world whose service runs `image` steadily. */
function running(image = 'repo/app:1', members: Record<string, unknown> = {}): EcsWorld {
  const world = ecsWorld()
  world.register(image)
  world.createService(members)
  world.until(() => world.ecs.isSteady())
  return world
}

function update(world: EcsWorld, members: Record<string, unknown>) {
  return world.call('UpdateService', { cluster: 'demo', service: 'app', ...members }).service
}

const breaker = (rollback: boolean) => ({
  deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback } },
})

const primary = (world: EcsWorld) => world.service().deployments?.[0]

describe('a new service', () => {
  test('starts its tasks, registers them, and completes when they are healthy', () => {
    const world = ecsWorld()
    world.register('repo/app:1')
    const created = world.createService()
    expect(created).toMatchObject({ status: 'ACTIVE', desiredCount: 2, runningCount: 0 })
    expect(created.deployments?.[0]).toMatchObject({ status: 'PRIMARY', rolloutState: 'IN_PROGRESS' })
    expect(created.deployments?.[0]?.id).toMatch(/^ecs-svc\/\d{19}$/)
    world.until(() => world.ecs.isSteady(), 60)
    const id = primary(world)?.id
    expect(world.service()).toMatchObject({ runningCount: 2, pendingCount: 0 })
    expect(primary(world)).toMatchObject({
      rolloutState: 'COMPLETED',
      rolloutStateReason: `ECS deployment ${id} completed.`,
      failedTasks: 0,
      runningCount: 2,
    })
    const said = world.messages()
    expect(said[0]).toMatch(/^\(service app\) has started 2 tasks: \(task [0-9a-f]{32}\) \(task [0-9a-f]{32}\)\.$/)
    expect(said.join('\n')).toContain(`targets in (target-group ${world.group})`)
    expect(said.slice(-2)).toEqual([
      `(service app) (deployment ${id}) deployment completed.`,
      '(service app) has reached a steady state.',
    ])
  })

  test('is not complete while its targets are not healthy yet', () => {
    const world = ecsWorld()
    world.register('repo/app:1-slow')
    world.createService()
    world.until(() => world.service().runningCount === 2)
    expect(primary(world)?.rolloutState).toBe('IN_PROGRESS')
    expect(world.ecs.isSteady()).toBe(false)
  })

  test('without a load balancer completes when its tasks run', () => {
    const world = running('repo/app:1', { loadBalancers: [] })
    expect(world.messages().join()).not.toContain('registered')
    expect(primary(world)).toMatchObject({ rolloutState: 'COMPLETED', runningCount: 2 })
  })

  test('says the steady state again only after six hours', () => {
    const world = running()
    const steady = () => world.messages().filter(text => text.endsWith('has reached a steady state.')).length
    world.pass(5 * 3600)
    expect(steady()).toBe(1)
    world.pass(2 * 3600)
    expect(steady()).toBe(2)
  })
})

describe('a rolling update', () => {
  test('replaces every task and keeps the old ones until the new ones are healthy', () => {
    const world = running()
    const before = primary(world)
    const next = world.register('repo/app:2')
    update(world, { taskDefinition: next })
    expect(world.service().deployments?.map(one => one.status)).toEqual(['PRIMARY', 'ACTIVE'])
    const serving = () => world.tasks({ serviceName: 'app' }).filter(task => task.lastStatus === 'RUNNING').length
    world.until(() => {
      expect(serving()).toBeGreaterThanOrEqual(2)
      expect(world.tasks({ serviceName: 'app' }).length).toBeLessThanOrEqual(4)
      return world.ecs.isSteady()
    })
    expect(world.service().deployments).toHaveLength(1)
    expect(primary(world)).toMatchObject({ rolloutState: 'COMPLETED', taskDefinition: next })
    expect(primary(world)?.id).not.toBe(before?.id)
    const tasks = world.tasks({ serviceName: 'app' })
    expect(tasks.map(task => task.startedBy)).toEqual([primary(world)?.id, primary(world)?.id])
    const stopped = world.tasks({ serviceName: 'app', desiredStatus: 'STOPPED' })
    expect(stopped).toHaveLength(2)
    expect(stopped[0]).toMatchObject({
      stopCode: 'ServiceSchedulerInitiated',
      stoppedReason: `Scaling activity initiated by (deployment ${primary(world)?.id})`,
    })
  })

  test('drains the old targets to the end before their tasks get SIGTERM', () => {
    const world = running()
    update(world, { taskDefinition: world.register('repo/app:2') })
    const draining = () => [...world.targetStates()].find(([, state]) => state === 'draining')?.[0]
    world.until(() => draining() !== undefined)
    const ip = draining() ?? ''
    const target = { ip, port: 8080 }
    const since = world.timeline.now()
    while (world.targetStates().get(ip) === 'draining') {
      expect(world.runtime.answer(target)?.status).toBe(200)
      world.timeline.step()
    }
    expect(world.timeline.now() - since).toBeGreaterThan(9000)
    world.until(() => world.runtime.answer(target) === undefined, 5)
    world.until(() => world.ecs.isSteady())
    const said = world.messages()
    const at = (text: string) => said.findIndex(message => message.includes(text))
    expect(at('deregistered')).toBeGreaterThan(0)
    expect(at('has begun draining connections on')).toBeGreaterThan(at('deregistered'))
    expect(at('running tasks: (task')).toBeGreaterThan(at('has begun draining'))
    expect(at('running tasks: (task')).toBeLessThan(said.length - 2)
  })

  test('of an update that comes before the last one is done: the newest wins', () => {
    const world = running()
    update(world, { taskDefinition: world.register('repo/app:2-unhealthy') })
    world.pass(15)
    const third = world.register('repo/app:3')
    update(world, { taskDefinition: third })
    expect(world.service().deployments?.map(one => one.status)).toEqual(['PRIMARY', 'ACTIVE', 'ACTIVE'])
    world.until(() => world.ecs.isSteady())
    expect(primary(world)).toMatchObject({ taskDefinition: third, rolloutState: 'COMPLETED', runningCount: 2 })
    expect(world.service().deployments).toHaveLength(1)
  })

  test('with 50/100 percent works within the old number of tasks', () => {
    const world = running('repo/app:1', {
      desiredCount: 4,
      deploymentConfiguration: { minimumHealthyPercent: 50, maximumPercent: 100 },
    })
    update(world, { taskDefinition: world.register('repo/app:2') })
    world.until(() => {
      const tasks = world.tasks({ serviceName: 'app' })
      expect(tasks.length).toBeLessThanOrEqual(4)
      expect(tasks.filter(task => task.lastStatus === 'RUNNING').length).toBeGreaterThanOrEqual(2)
      return world.ecs.isSteady()
    })
    expect(primary(world)?.taskDefinition).toMatch(/app:2$/)
  })

  test('that the percentages do not allow says so and goes nowhere', () => {
    const world = running('repo/app:1', {
      deploymentConfiguration: { minimumHealthyPercent: 100, maximumPercent: 100 },
    })
    update(world, { taskDefinition: world.register('repo/app:2') })
    world.pass(300)
    expect(primary(world)).toMatchObject({ rolloutState: 'IN_PROGRESS', runningCount: 0 })
    expect(world.messages().at(-1)).toContain('because of the service deployment configuration')
  })

  test('of 20 tasks runs through', () => {
    const world = running('repo/app:1', { desiredCount: 20 })
    update(world, { taskDefinition: world.register('repo/app:2') })
    world.until(() => world.ecs.isSteady(), 120)
    const zones = world.tasks({ serviceName: 'app' }).map(task => task.availabilityZone)
    expect(zones.filter(zone => zone === 'eu-central-1a')).toHaveLength(10)
    expect(new Set(world.tasks({ serviceName: 'app' }).map(addressOf)).size).toBe(20)
  })
})

function addressOf(task: {
  attachments?: { details?: { name?: string | undefined; value?: string | undefined }[] | undefined }[] | undefined
}) {
  return task.attachments?.[0]?.details?.find(detail => detail.name === 'privateIPv4Address')?.value
}

describe('a deployment that fails', () => {
  test('by crashing counts failedTasks, never fails without a breaker, and leaves the old tasks alone', () => {
    const world = running()
    update(world, { taskDefinition: world.register('repo/app:2-crash') })
    world.pass(180)
    expect(primary(world)).toMatchObject({ rolloutState: 'IN_PROGRESS' })
    expect(primary(world)?.failedTasks).toBeGreaterThanOrEqual(6)
    expect(world.service().deployments?.[1]).toMatchObject({ status: 'ACTIVE', runningCount: 2 })
    const stopped = world.tasks({ startedBy: primary(world)?.id, desiredStatus: 'STOPPED' })
    expect(stopped[0]).toMatchObject({
      stopCode: 'EssentialContainerExited',
      stoppedReason: 'Essential container in task exited',
      containers: [{ exitCode: 1, lastStatus: 'STOPPED' }],
    })
  })

  test('by health checks stops the tasks with the target group in the reason', () => {
    const world = running()
    update(world, { taskDefinition: world.register('repo/app:2-unhealthy') })
    world.until(() => (primary(world)?.failedTasks ?? 0) >= 2)
    const [stopped] = world.tasks({ startedBy: primary(world)?.id, desiredStatus: 'STOPPED' })
    expect(stopped).toMatchObject({
      stopCode: 'ServiceSchedulerInitiated',
      stoppedReason: `Task failed ELB health checks in (target-group ${world.group})`,
    })
    expect(world.messages().join('\n')).toMatch(
      /\(service app\) \(task [0-9a-f]{32}\) \(port 8080\) is unhealthy in \(target-group arn:.*\) due to \(reason Health checks failed with these codes: \[503\]\)\./,
    )
  })

  test('because the image is missing says so, backs off, and names the container without an exit code', () => {
    const world = running()
    update(world, { taskDefinition: world.register('repo/app:2-missing') })
    world.pass(600)
    const stopped = world.tasks({ startedBy: primary(world)?.id, desiredStatus: 'STOPPED' })
    expect(stopped[0]).toMatchObject({ stopCode: 'TaskFailedToStart' })
    expect(stopped[0]?.stoppedReason).toMatch(/^CannotPullContainerError: .*repo\/app:2-missing: not found$/)
    expect(stopped[0]?.containers?.[0]).not.toHaveProperty('exitCode')
    expect(stopped.length).toBeLessThan(20)
    expect(world.messages().join('\n')).toContain(
      '(service app) is unable to consistently start tasks successfully. For more information, see the Troubleshooting section.',
    )
    expect(world.messages().join('\n')).toContain('was unable to place a task. Reason: CannotPullContainerError: ')
  })

  test('because its secrets cannot be read never pulls, and says whose permission is missing', () => {
    const world = running()
    update(world, { taskDefinition: world.register('repo/app:2-nosecret') })
    world.until(() => (primary(world)?.failedTasks ?? 0) > 0)
    const [stopped] = world.tasks({ startedBy: primary(world)?.id, desiredStatus: 'STOPPED' })
    expect(stopped).toMatchObject({
      stopCode: 'TaskFailedToStart',
      stoppedReason: expect.stringMatching(/^ResourceInitializationError: unable to pull secrets or registry auth: /),
    })
    expect(stopped).not.toHaveProperty('pullStoppedAt')
  })

  test('for want of capacity counts no failed task: only its events say it, ever more rarely', () => {
    const world = running()
    update(world, { taskDefinition: world.register('repo/app:2-nocapacity') })
    const said = () => world.messages().filter(message => message.includes('was unable to place a task.'))
    world.pass(100)
    const early = said().length
    world.pass(100)
    expect(said()[0]).toBe(
      '(service app) was unable to place a task. Reason: Capacity is unavailable at this time. Please try again later or in a different availability zone.',
    )
    expect(early).toBeGreaterThanOrEqual(3)
    expect(said().length - early).toBeLessThan(early)
    expect(primary(world)).toMatchObject({ failedTasks: 0, runningCount: 0, pendingCount: 0 })
    expect(world.tasks({ startedBy: primary(world)?.id, desiredStatus: 'STOPPED' })).toEqual([])
    expect(world.service().deployments?.[1]).toMatchObject({ status: 'ACTIVE', runningCount: 2 })
  })

  test('for want of capacity starts as many as there is room for, and the others when there is more', () => {
    const world = ecsWorld({ taskCapacity: 3 })
    world.register('repo/app:1')
    world.createService({ desiredCount: 5 })
    world.pass(60)
    expect(world.service()).toMatchObject({ runningCount: 3, pendingCount: 0 })
    expect(world.messages().join('\n')).toContain('Capacity is unavailable')
    update(world, { desiredCount: 3 })
    world.until(() => world.ecs.isSteady())
    expect(world.service().runningCount).toBe(3)
  })

  test('by memory shows 137 and the reason', () => {
    const world = running('repo/app:1')
    update(world, { taskDefinition: world.register('repo/app:2-oom') })
    world.until(() => (primary(world)?.failedTasks ?? 0) > 0)
    expect(world.tasks({ startedBy: primary(world)?.id, desiredStatus: 'STOPPED' })[0]?.containers?.[0]).toMatchObject({
      exitCode: 137,
      reason: 'OutOfMemoryError: Container killed due to memory usage',
    })
  })

  test('opens the circuit breaker after three tasks and rolls back to what completed last', () => {
    const world = running('repo/app:1', breaker(true))
    const good = primary(world)
    update(world, { taskDefinition: world.register('repo/app:2-crash') })
    const bad = primary(world)
    world.until(() => primary(world)?.id !== bad?.id)
    const [rollback, failed] = world.service().deployments ?? []
    expect(failed).toMatchObject({
      id: bad?.id,
      status: 'ACTIVE',
      rolloutState: 'FAILED',
      rolloutStateReason: 'ECS deployment circuit breaker: tasks failed to start.',
    })
    expect(failed?.failedTasks).toBeGreaterThanOrEqual(3)
    expect(rollback).toMatchObject({
      status: 'PRIMARY',
      taskDefinition: good?.taskDefinition,
      rolloutStateReason: `ECS deployment circuit breaker: rolling back to deploymentId ${good?.id}.`,
    })
    world.until(() => world.ecs.isSteady())
    expect(world.service()).toMatchObject({ taskDefinition: good?.taskDefinition, runningCount: 2 })
    expect(world.service().deployments?.map(one => one.id)).toEqual([rollback?.id])
    const said = world.messages().join('\n')
    expect(said).toContain(`(deployment ${bad?.id}) deployment failed: tasks failed to start.`)
    expect(said).toContain(`(service app) rolling back to deployment ${good?.id}.`)
  })

  test('opens the circuit breaker without rollback: FAILED, nothing new starts, the old tasks serve on', () => {
    const world = running('repo/app:1', breaker(false))
    update(world, { taskDefinition: world.register('repo/app:2-unhealthy') })
    world.until(() => primary(world)?.rolloutState === 'FAILED')
    world.pass(120)
    expect(primary(world)).toMatchObject({ rolloutState: 'FAILED', runningCount: 0, pendingCount: 0 })
    expect(world.service().deployments?.[1]).toMatchObject({ runningCount: 2, rolloutState: 'COMPLETED' })
    expect(world.ecs.isSteady()).toBe(false)
  })

  test('at the first deployment has nowhere to roll back to', () => {
    const world = ecsWorld()
    world.register('repo/app:1-crash')
    world.createService(breaker(true))
    world.until(() => primary(world)?.rolloutState === 'FAILED')
    world.pass(60)
    expect(world.service().deployments).toHaveLength(1)
    expect(world.service().runningCount).toBe(0)
  })

  test('not, while the grace period covers a late start', () => {
    const late = { taskDefinition: '' }
    const outcome = (grace: number) => {
      const world = running('repo/app:1', { healthCheckGracePeriodSeconds: grace })
      late.taskDefinition = world.register('repo/app:2-slow')
      update(world, late)
      world.pass(150)
      return primary(world)
    }
    expect(outcome(90)).toMatchObject({ rolloutState: 'COMPLETED', failedTasks: 0 })
    expect(outcome(0)?.rolloutState).toBe('IN_PROGRESS')
    expect(outcome(0)?.failedTasks).toBeGreaterThan(0)
  })
})

describe('the number of tasks', () => {
  test('goes up and down without a new deployment', () => {
    const world = running()
    const id = primary(world)?.id
    update(world, { desiredCount: 5 })
    expect(world.service()).toMatchObject({ desiredCount: 5, runningCount: 2 })
    world.until(() => world.ecs.isSteady())
    expect(world.service().runningCount).toBe(5)
    update(world, { desiredCount: 0 })
    world.until(() => world.ecs.isSteady())
    expect(world.service()).toMatchObject({ runningCount: 0, pendingCount: 0 })
    expect(primary(world)).toMatchObject({ id, rolloutState: 'COMPLETED' })
    expect(world.tasks({ serviceName: 'app' })).toHaveLength(0)
  })

  test('a deployment at 0 completes at once and proves nothing', () => {
    const world = running('repo/app:1', { desiredCount: 0 })
    update(world, { taskDefinition: world.register('repo/app:2-crash') })
    world.until(() => primary(world)?.rolloutState === 'COMPLETED', 10)
    expect(primary(world)).toMatchObject({ runningCount: 0, desiredCount: 0 })
  })

  test('is kept: a task that somebody stops is replaced', () => {
    const world = running()
    const [task] = world.tasks({ serviceName: 'app' })
    world.call('StopTask', { cluster: 'demo', task: task?.taskArn, reason: 'by hand' })
    world.until(() => world.ecs.isSteady())
    const tasks = world.tasks({ serviceName: 'app' })
    expect(tasks).toHaveLength(2)
    expect(tasks.map(one => one.taskArn)).not.toContain(task?.taskArn)
    expect(world.tasks({ desiredStatus: 'STOPPED' })[0]).toMatchObject({
      stopCode: 'UserInitiated',
      stoppedReason: 'by hand',
    })
  })

  test('is kept: a task that turns bad is replaced before it is stopped', () => {
    const world = running()
    const [task] = world.tasks({ serviceName: 'app' })
    world.runtime.sicken({ ip: addressOf(task ?? {}) ?? '', port: 8080 })
    world.until(() => world.tasks({ serviceName: 'app' }).length === 3)
    expect(world.tasks({ serviceName: 'app' }).map(one => one.taskArn)).toContain(task?.taskArn)
    world.until(() => world.ecs.isSteady())
    expect(world.tasks({ serviceName: 'app' }).map(one => one.taskArn)).not.toContain(task?.taskArn)
    expect(primary(world)).toMatchObject({ rolloutState: 'COMPLETED', failedTasks: 0 })
  })
})

describe('images', () => {
  test('a tag is resolved once per deployment, also when it is pushed over in between', () => {
    const world = running()
    const digest = () => world.tasks({ serviceName: 'app' }).map(task => task.containers?.[0]?.imageDigest)
    const [first] = digest()
    expect(first).toMatch(/^sha256:[0-9a-f]{64}$/)
    world.runtime.push('repo/app:1')
    update(world, { desiredCount: 3 })
    world.until(() => world.ecs.isSteady())
    expect(digest()).toEqual([first, first, first])
    update(world, { forceNewDeployment: true })
    world.until(() => world.ecs.isSteady())
    const [second] = digest()
    expect(second).not.toBe(first)
    expect(digest()).toEqual([second, second, second])
  })
})

test('the life of a task is visible in order, with its times', () => {
  const world = ecsWorld()
  world.register('repo/app:1')
  world.createService({ desiredCount: 1 })
  const seen: string[] = []
  const look = () => {
    const [task] = world.tasks({ serviceName: 'app' }).concat(world.tasks({ desiredStatus: 'STOPPED' }))
    const status = task?.lastStatus
    if (status !== undefined && seen.at(-1) !== status) seen.push(status)
    return task
  }
  world.until(() => {
    look()
    return world.ecs.isSteady()
  })
  update(world, { desiredCount: 0 })
  world.until(() => look()?.lastStatus === 'STOPPED')
  expect(seen).toEqual([
    'PROVISIONING',
    'PENDING',
    'ACTIVATING',
    'RUNNING',
    'DEACTIVATING',
    'STOPPING',
    'DEPROVISIONING',
    'STOPPED',
  ])
  const task = look()
  const times = [
    task?.createdAt,
    task?.pullStartedAt,
    task?.pullStoppedAt,
    task?.startedAt,
    task?.stoppingAt,
    task?.executionStoppedAt,
    task?.stoppedAt,
  ].map(time => time?.getTime() ?? Number.NaN)
  expect(times).toEqual([...times].sort((left, right) => left - right))
  world.pass(3700)
  expect(world.tasks({ desiredStatus: 'STOPPED' })).toHaveLength(0)
})
