import { describe, expect, test } from '@jest/globals'
import { type EcsWorld, ecsWorld } from './ecs-world.ts'

const definition = {
  family: 'app',
  networkMode: 'awsvpc',
  requiresCompatibilities: ['FARGATE'],
  cpu: '256',
  memory: '512',
  containerDefinitions: [{ name: 'app', image: 'repo/app:1', portMappings: [{ containerPort: 8080 }] }],
}

function seeded(): EcsWorld {
  const world = ecsWorld()
  world.register('repo/app:1')
  return world
}

const errorOf = (world: EcsWorld, operation: string, input: Record<string, unknown>) => {
  const { code, message } = world.faultOf(operation, input)
  return `${code}: ${message}`
}

describe('task definitions', () => {
  test('keep every member and the tags, which come only when asked for', () => {
    const world = ecsWorld()
    const content = {
      ...definition,
      taskRoleArn: 'arn:aws:iam::123456789012:role/task',
      volumes: [{ name: 'scratch', host: {} }],
      somethingNew: { from: 'next year' },
      containerDefinitions: [{ ...definition.containerDefinitions[0], ulimits: [{ name: 'nofile', softLimit: 9 }] }],
    }
    world.call('RegisterTaskDefinition', { ...content, tags: [{ key: 'team', value: 'a' }] })
    const plain = world.call('DescribeTaskDefinition', { taskDefinition: 'app' })
    expect(plain).not.toHaveProperty('tags')
    expect(plain.taskDefinition).toMatchObject({ ...content, revision: 1, status: 'ACTIVE' })
    expect(plain.taskDefinition).not.toHaveProperty('tags')
    expect(world.call('DescribeTaskDefinition', { taskDefinition: 'app:1', include: ['TAGS'] }).tags).toEqual([
      { key: 'team', value: 'a' },
    ])
  })

  test('by family alone is the newest ACTIVE revision', () => {
    const world = seeded()
    const second = world.register('repo/app:2')
    world.call('DeregisterTaskDefinition', { taskDefinition: second })
    expect(world.call('DescribeTaskDefinition', { taskDefinition: 'app' }).taskDefinition).toMatchObject({
      revision: 1,
    })
    expect(world.call('DescribeTaskDefinition', { taskDefinition: second }).taskDefinition).toMatchObject({
      status: 'INACTIVE',
      deregisteredAt: expect.any(Date),
    })
  })

  test('have each name once, as a variable or as a secret', () => {
    const world = seeded()
    const register = (container: object) =>
      errorOf(world, 'RegisterTaskDefinition', {
        family: 'app',
        containerDefinitions: [{ name: 'app', image: 'app:1', ...container }],
      })
    const secret = { name: 'KEY', valueFrom: 'arn:aws:ssm:eu-central-1:123456789012:parameter/key' }
    const refused =
      "ClientException: The secret name must be unique and not shared with any new or existing environment variables set on the container, such as 'KEY'."
    expect(register({ environment: [{ name: 'KEY', value: '1' }], secrets: [secret] })).toBe(refused)
    expect(register({ secrets: [secret, secret] })).toBe(refused)
  })

  test('are listed page by page, newest first when asked', () => {
    const world = ecsWorld()
    const arns = Array.from({ length: 5 }, (_, index) => world.register(`repo/app:${index}`))
    const list = (token?: string): string[] => {
      const page = world.call('ListTaskDefinitions', {
        familyPrefix: 'app',
        sort: 'DESC',
        maxResults: 2,
        ...(token === undefined ? {} : { nextToken: token }),
      }) as { taskDefinitionArns: string[]; nextToken?: string }
      return [...page.taskDefinitionArns, ...(page.nextToken === undefined ? [] : list(page.nextToken))]
    }
    expect(list()).toEqual([...arns].reverse())
  })

  test('that do not exist or are gone are refused in AWS’s words', () => {
    const world = seeded()
    expect(errorOf(world, 'DescribeTaskDefinition', { taskDefinition: 'nope' })).toBe(
      'ClientException: Unable to describe task definition.',
    )
    const second = world.register('repo/app:2')
    world.createService()
    world.call('DeregisterTaskDefinition', { taskDefinition: second })
    const update = { cluster: 'demo', service: 'app', taskDefinition: second }
    expect(errorOf(world, 'UpdateService', update)).toBe('ClientException: TaskDefinition is inactive')
    expect(
      errorOf(world, 'RunTask', { ...update, networkConfiguration: world.serviceInput.networkConfiguration }),
    ).toBe('InvalidParameterException: TaskDefinition is inactive')
    expect(errorOf(world, 'UpdateService', { ...update, taskDefinition: 'app:9' })).toBe(
      'ClientException: TaskDefinition not found.',
    )
  })
})

describe('DeleteTaskDefinitions', () => {
  test('takes ten deregistered revisions at most, and says what it left alone', () => {
    const world = seeded()
    const second = world.register('repo/app:2')
    const asked = (taskDefinitions: string[]) => world.call('DeleteTaskDefinitions', { taskDefinitions })
    world.call('DeregisterTaskDefinition', { taskDefinition: second })
    const answer = asked([second, 'app:1', 'app:9'])
    expect(answer.taskDefinitions).toMatchObject([{ taskDefinitionArn: second, status: 'DELETE_IN_PROGRESS' }])
    expect(answer.failures).toMatchObject([{ reason: 'TASK_DEFINITION_IS_ACTIVE' }, { reason: 'MISSING' }])
    expect(asked([second]).failures).toEqual([])
    expect(world.call('ListTaskDefinitions', { familyPrefix: 'app', status: 'INACTIVE' }).taskDefinitionArns).toEqual(
      [],
    )
    const many = { taskDefinitions: Array.from({ length: 11 }, () => second) }
    expect(errorOf(world, 'DeleteTaskDefinitions', many)).toMatch(/more than 10/)
  })
})

describe('RunTask', () => {
  const run = (world: EcsWorld, members: Record<string, unknown>) => ({
    cluster: 'demo',
    taskDefinition: 'app',
    networkConfiguration: world.serviceInput.networkConfiguration,
    ...members,
  })
  const override = (name: string, command: string[]) => ({ overrides: { containerOverrides: [{ name, command }] } })

  test('runs the command that takes the place of the container’s own, and tells its exit code', () => {
    const world = seeded()
    world.call('RunTask', run(world, { launchType: 'FARGATE', ...override('app', ['sh', '-c', 'sleep 20; exit 3']) }))
    world.pass(20)
    expect(world.tasks({ desiredStatus: 'RUNNING' })).toMatchObject([{ lastStatus: 'RUNNING' }])
    world.pass(30)
    expect(world.tasks({ desiredStatus: 'STOPPED' })).toMatchObject([
      { lastStatus: 'STOPPED', stopCode: 'EssentialContainerExited', containers: [{ name: 'app', exitCode: 3 }] },
    ])
  })

  test('refuses a container that the task definition lacks, and two ways to place a task', () => {
    const world = seeded()
    expect(errorOf(world, 'RunTask', run(world, override('web', ['true'])))).toBe(
      'InvalidParameterException: Override for container named web is not a container in the TaskDefinition.',
    )
    const capacityProviderStrategy = [{ capacityProvider: 'FARGATE_SPOT', weight: 1 }]
    expect(errorOf(world, 'RunTask', run(world, { launchType: 'FARGATE', capacityProviderStrategy }))).toBe(
      'InvalidParameterException: Specifying both a launch type and capacity provider strategy is not supported. Remove one and try again.',
    )
  })
})

describe('CreateService', () => {
  const create = (world: EcsWorld, members: Record<string, unknown>) =>
    errorOf(world, 'CreateService', { ...world.serviceInput, ...members })
  const balancer = { containerName: 'app', containerPort: 8080 }

  test('refuses a target group that no listener names', () => {
    const world = seeded()
    const idle = world.makeGroup('idle', { exposed: false })
    expect(create(world, { loadBalancers: [{ ...balancer, targetGroupArn: idle }] })).toBe(
      `InvalidParameterException: The target group with targetGroupArn ${idle} does not have an associated load balancer.`,
    )
  })

  test('hears only after a while that a listener names the target group', () => {
    const world = seeded()
    const fresh = world.makeGroup('fresh', { fresh: true })
    const loadBalancers = [{ ...balancer, targetGroupArn: fresh }]
    expect(create(world, { loadBalancers })).toMatch(/does not have an associated load balancer/)
    world.pass(3)
    expect(world.createService({ loadBalancers }).status).toBe('ACTIVE')
  })

  test('takes a token of 36 characters at most', () => {
    const world = seeded()
    expect(create(world, { clientToken: 'x'.repeat(37) })).toMatch(/client token must have 1 to 36/)
    const { serviceArn } = world.createService({ clientToken: 'x'.repeat(36) })
    expect(world.createService({ clientToken: 'x'.repeat(36) }).serviceArn).toBe(serviceArn)
  })

  test('may be invisible to reads for a while, and is made only once all the same', () => {
    const world = ecsWorld({ serviceVisibleMs: 2_000 })
    world.register('app:1')
    const { serviceArn } = world.createService()
    const read = () => [
      ...(world.call('DescribeServices', { cluster: 'demo', services: ['app'] }).services as unknown[]),
      ...(world.call('ListServices', { cluster: 'demo' }).serviceArns as unknown[]),
    ]
    expect(read()).toEqual([])
    expect(world.createService().serviceArn).toBe(serviceArn)
    world.pass(2)
    expect(read()).toHaveLength(2)
  })

  test('refuses tags that AWS would refuse', () => {
    expect(create(seeded(), { tags: [{ key: 'title', value: 'Fix <b>' }] })).toMatch(/'title' has characters/)
  })

  test('refuses a target group of the wrong type', () => {
    const world = seeded()
    const instances = world.makeGroup('instances', { targetType: 'instance' })
    expect(create(world, { loadBalancers: [{ ...balancer, targetGroupArn: instances }] })).toBe(
      `InvalidParameterException: The provided target group ${instances} has target type instance, which is incompatible with the awsvpc network mode specified in the task definition.`,
    )
  })

  test('refuses a container or a port that the task definition lacks', () => {
    const world = seeded()
    expect(create(world, { loadBalancers: [{ ...balancer, targetGroupArn: world.group, containerName: 'web' }] })).toBe(
      'InvalidParameterException: The container web does not exist in the task definition.',
    )
    expect(create(world, { loadBalancers: [{ ...balancer, targetGroupArn: world.group, containerPort: 81 }] })).toBe(
      'InvalidParameterException: The container app did not have a container port 81 defined.',
    )
  })

  test('refuses a grace period without a load balancer, a missing cluster and a missing network', () => {
    const world = seeded()
    expect(create(world, { loadBalancers: [], healthCheckGracePeriodSeconds: 5 })).toBe(
      'InvalidParameterException: Health check grace period is only valid for services configured to use load balancers',
    )
    expect(create(world, { cluster: 'none' })).toBe('ClusterNotFoundException: Cluster not found.')
    expect(create(world, { networkConfiguration: undefined })).toBe(
      "InvalidParameterException: Network Configuration must be provided when networkMode 'awsvpc' is specified.",
    )
  })

  test('asked again for the same returns it, for something else refuses', () => {
    const world = seeded()
    const first = world.createService()
    expect(world.createService().serviceArn).toBe(first.serviceArn)
    expect(create(world, { desiredCount: 3 })).toBe(
      'InvalidParameterException: Creation of service was not idempotent.',
    )
  })

  test('stores what it does not act on', () => {
    const world = seeded()
    world.createService({
      deploymentConfiguration: { strategy: 'BLUE_GREEN', bakeTimeInMinutes: 5 },
      placementStrategy: [{ type: 'spread', field: 'x' }],
      schedulingStrategy: 'REPLICA',
    })
    expect(world.service()).toMatchObject({
      deploymentConfiguration: { strategy: 'BLUE_GREEN', bakeTimeInMinutes: 5, maximumPercent: 200 },
      placementStrategy: [{ type: 'spread', field: 'x' }],
    })
  })
})

describe('UpdateService', () => {
  const updated = (members: Record<string, unknown>) => {
    const world = seeded()
    world.createService({ deploymentConfiguration: { maximumPercent: 150 } })
    world.until(() => world.ecs.isSteady())
    const before = world.service()
    world.call('UpdateService', { cluster: 'demo', service: 'app', ...members })
    return { before, after: world.service(), world }
  }

  test.each([
    ['forceNewDeployment', { forceNewDeployment: true }],
    ['networkConfiguration', { networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-c'] } } }],
    ['platformVersion', { platformVersion: '1.4.0' }],
    ['loadBalancers', { loadBalancers: [] }],
  ])('%s starts a new deployment', (_, members) => {
    const { before, after } = updated(members)
    expect(after.deployments).toHaveLength(2)
    expect(after.deployments?.[0]?.id).not.toBe(before.deployments?.[0]?.id)
    expect(after.taskDefinition).toBe(before.taskDefinition)
  })

  test.each([
    ['desiredCount', { desiredCount: 4 }],
    ['deploymentConfiguration', { deploymentConfiguration: { minimumHealthyPercent: 50 } }],
    ['healthCheckGracePeriodSeconds', { healthCheckGracePeriodSeconds: 30 }],
    ['enableExecuteCommand', { enableExecuteCommand: true }],
    ['the same task definition', { taskDefinition: 'app:1' }],
  ])('%s does not', (_, members) => {
    const { before, after } = updated(members)
    expect(after.deployments?.map(one => one.id)).toEqual(before.deployments?.map(one => one.id))
  })

  test('leaves alone what it does not name', () => {
    const { after, world } = updated({ deploymentConfiguration: { minimumHealthyPercent: 50 } })
    expect(after).toMatchObject({
      desiredCount: 2,
      deploymentConfiguration: { maximumPercent: 150, minimumHealthyPercent: 50 },
      loadBalancers: world.serviceInput.loadBalancers,
    })
  })

  test('refuses a service that is missing or not ACTIVE', () => {
    const world = seeded()
    expect(errorOf(world, 'UpdateService', { cluster: 'demo', service: 'app' })).toBe(
      'ServiceNotFoundException: Service not found.',
    )
    world.createService({ desiredCount: 0 })
    world.call('DeleteService', { cluster: 'demo', service: 'app' })
    expect(errorOf(world, 'UpdateService', { cluster: 'demo', service: 'app' })).toBe(
      'ServiceNotActiveException: Service was not ACTIVE.',
    )
  })

  test('of a CodeDeploy service takes the count and refuses the rest', () => {
    const world = seeded()
    world.createService({ deploymentController: { type: 'CODE_DEPLOY' } })
    const update = { cluster: 'demo', service: 'app' }
    expect(world.service()).toMatchObject({ deployments: [], taskSets: [{ status: 'PRIMARY' }] })
    expect(errorOf(world, 'UpdateService', { ...update, taskDefinition: 'app' })).toBe(
      'InvalidParameterException: Unable to update task definition on services with a CODE_DEPLOY deployment controller. Use AWS CodeDeploy to trigger a new deployment.',
    )
    expect(errorOf(world, 'UpdateService', { ...update, forceNewDeployment: true })).toContain(
      'Cannot force a new deployment on services with a CODE_DEPLOY',
    )
    expect(world.call('UpdateService', { ...update, desiredCount: 3 }).service).toMatchObject({ desiredCount: 3 })
  })
})

describe('reading services', () => {
  test('missing ones are failures, by name or ARN, and not an error', () => {
    const world = seeded()
    const { serviceArn } = world.createService()
    const arn = 'arn:aws:ecs:eu-central-1:123456789012:service/demo/none'
    expect(world.call('DescribeServices', { cluster: 'demo', services: [serviceArn, 'none'] })).toMatchObject({
      services: [{ serviceName: 'app' }],
      failures: [{ arn, reason: 'MISSING' }],
    })
    expect(errorOf(world, 'DescribeServices', { cluster: 'none', services: ['app'] })).toBe(
      'ClusterNotFoundException: Cluster not found.',
    )
  })

  test('takes ten at most', () => {
    const world = seeded()
    const services = Array.from({ length: 11 }, (_, index) => `app-${index}`)
    expect(world.faultOf('DescribeServices', { cluster: 'demo', services }).code).toBe('InvalidParameterException')
  })

  test('tags come only when asked for, and can be changed', () => {
    const world = seeded()
    const { serviceArn } = world.createService({ tags: [{ key: 'a', value: '1' }] })
    world.call('TagResource', { resourceArn: serviceArn, tags: [{ key: 'b', value: '2' }] })
    world.call('UntagResource', { resourceArn: serviceArn, tagKeys: ['a'] })
    expect(world.service()).not.toHaveProperty('tags')
    const described = world.call('DescribeServices', { cluster: 'demo', services: ['app'], include: ['TAGS'] })
    expect(described).toMatchObject({ services: [{ tags: [{ key: 'b', value: '2' }] }] })
    expect(world.call('ListTagsForResource', { resourceArn: serviceArn })).toEqual({ tags: [{ key: 'b', value: '2' }] })
  })

  test('keeps at most 100 events, the newest first', () => {
    const world = ecsWorld()
    world.register('repo/app:1-crash')
    world.createService()
    world.pass(1800)
    const times = world.service().events?.map(event => event.createdAt?.getTime() ?? 0) ?? []
    expect(times).toHaveLength(100)
    expect(times).toEqual([...times].sort((left, right) => right - left))
  })

  test('what was read does not change afterwards', () => {
    const world = seeded()
    world.createService()
    const read = world.service()
    const copy = structuredClone(read)
    world.until(() => world.ecs.isSteady())
    expect(read).toEqual(copy)
  })
})

describe('deleting a service', () => {
  test('is refused above 0, then drains, then is INACTIVE, then forgotten', () => {
    const world = seeded()
    world.createService()
    world.until(() => world.ecs.isSteady())
    const service = { cluster: 'demo', service: 'app' }
    expect(errorOf(world, 'DeleteService', service)).toBe(
      'InvalidParameterException: The service cannot be stopped while it is scaled above 0.',
    )
    expect(world.call('DeleteService', { ...service, force: true }).service).toMatchObject({ status: 'DRAINING' })
    expect(world.call('ListServices', { cluster: 'demo' })).toEqual({ serviceArns: [] })
    expect(errorOf(world, 'CreateService', world.serviceInput)).toBe(
      'InvalidParameterException: Unable to Start a service that is still Draining.',
    )
    world.until(() => world.service().status === 'INACTIVE')
    expect(world.tasks({ serviceName: 'app' })).toHaveLength(0)
    expect(world.tasks({ desiredStatus: 'STOPPED' })).toHaveLength(2)
    world.pass(3700)
    expect(world.call('DescribeServices', { cluster: 'demo', services: ['app'] }).failures).toHaveLength(1)
  })

  test('frees its name', () => {
    const world = seeded()
    world.createService({ desiredCount: 0 })
    world.call('DeleteService', { cluster: 'demo', service: 'app' })
    world.until(() => world.service().status === 'INACTIVE')
    expect(world.createService()).toMatchObject({ status: 'ACTIVE', desiredCount: 2 })
  })

  test('works when its rollout has failed', () => {
    const world = ecsWorld()
    world.register('repo/app:1-crash')
    world.createService({ deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true } } })
    world.until(() => world.service().deployments?.[0]?.rolloutState === 'FAILED')
    world.call('DeleteService', { cluster: 'demo', service: 'app', force: true })
    world.until(() => world.service().status === 'INACTIVE', 60)
  })
})

describe('one-off tasks', () => {
  const networkConfiguration = { awsvpcConfiguration: { subnets: ['subnet-a'] } }
  const run = { cluster: 'demo', taskDefinition: 'app', networkConfiguration }

  test('run outside of services, end when asked, and repeat nothing for the same token', () => {
    const world = seeded()
    const input = { ...run, clientToken: 'once', startedBy: 'ci' }
    const [task] = world.call('RunTask', input).tasks as { taskArn: string }[]
    const [again] = world.call('RunTask', input).tasks as { taskArn: string }[]
    expect(again?.taskArn).toBe(task?.taskArn)
    expect(world.faultOf('RunTask', { ...input, count: 2 }).code).toBe('ConflictException')
    world.until(() => world.tasks({ startedBy: 'ci' })[0]?.lastStatus === 'RUNNING')
    expect(world.tasks({ family: 'app' })[0]).toMatchObject({ group: 'family:app', startedBy: 'ci' })
    world.call('StopTask', { cluster: 'demo', task: task?.taskArn })
    world.until(() => world.tasks({ desiredStatus: 'STOPPED' })[0]?.lastStatus === 'STOPPED', 60)
    expect(world.tasks({ desiredStatus: 'STOPPED' })[0]).toMatchObject({
      stopCode: 'UserInitiated',
      stoppedReason: 'Task stopped by user',
      containers: [{ exitCode: 0 }],
    })
  })

  test('that are stopped before they start never run', () => {
    const world = seeded()
    const [task] = world.call('RunTask', run).tasks as { taskArn: string }[]
    world.call('StopTask', { cluster: 'demo', task: task?.taskArn })
    world.pass(60)
    const [stopped] = world.tasks({ desiredStatus: 'STOPPED' })
    expect(stopped).toMatchObject({ lastStatus: 'STOPPED', stopCode: 'UserInitiated' })
    expect(stopped).not.toHaveProperty('startedAt')
    expect(stopped?.containers?.[0]).not.toHaveProperty('exitCode')
  })

  test('missing ones are failures', () => {
    const world = seeded()
    expect(world.call('DescribeTasks', { cluster: 'demo', tasks: ['0123'] })).toEqual({
      tasks: [],
      failures: [{ arn: 'arn:aws:ecs:eu-central-1:123456789012:task/demo/0123', reason: 'MISSING' }],
    })
  })
})

describe('the API', () => {
  test('refuses operations that it does not have', () => {
    expect(ecsWorld().faultOf('DoWhatIMean', {}).code).toBe('UnknownOperationException')
  })

  test('throttles each category by its own bucket, which refills', () => {
    const world = ecsWorld({ throttling: true })
    for (let call = 0; call < 20; call++) world.register('repo/app:1')
    expect(errorOf(world, 'RegisterTaskDefinition', definition)).toBe('ThrottlingException: Rate exceeded')
    expect(world.call('ListTaskDefinitions').taskDefinitionArns).toHaveLength(20)
    world.pass(1)
    world.register('repo/app:1')
    expect(errorOf(world, 'RegisterTaskDefinition', definition)).toBe('ThrottlingException: Rate exceeded')
  })
})
