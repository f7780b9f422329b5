import { readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { parse } from 'yaml'
import type { Members } from '../../sandbox/infra/template.ts'
import { app, certificate, https, propertiesOf, resolve, trial } from './resolved.ts'

/** What AWS demands of a set-up that this action can work with, and what keeps its customers served, held in infra/app.yml. */

const secure = resolve(app, https)
const plain = resolve(app, trial)
const setUps = [
  ['a trial over HTTP', plain],
  ['HTTPS with a test listener', secure],
] as const

describe.each(setUps)('%s', (_, resolved) => {
  const of = (id: string) => propertiesOf(resolved, id)

  test('production names both target groups, the idle one with weight 0, and no cookie keeps clients on either', () => {
    expect(of('ProductionRule').Actions).toEqual([
      {
        Type: 'forward',
        ForwardConfig: {
          TargetGroups: [
            { TargetGroupArn: '<BlueTargetGroup>', Weight: 100 },
            { TargetGroupArn: '<GreenTargetGroup>', Weight: 0 },
          ],
          TargetGroupStickinessConfig: { Enabled: false },
        },
      },
    ])
  })

  test('the production rule takes every request that no other rule takes, and nobody else is asked', () => {
    expect(of('ProductionRule')).toMatchObject({
      ListenerArn: '<ProductionListener>',
      Priority: 50_000,
      Conditions: [{ Field: 'path-pattern', PathPatternConfig: { Values: ['*'] } }],
    })
    expect(of('ProductionListener').DefaultActions).toMatchObject([{ Type: 'fixed-response' }])
  })

  test.each(['Blue', 'Green'])(
    '%s: tasks register by address, and stop only when their requests had time to end',
    color => {
      const group = of(`${color}TargetGroup`)
      expect(group).toMatchObject({ TargetType: 'ip', Protocol: 'HTTP', HealthCheckPort: 'traffic-port' })
      expect(group.TargetGroupAttributes).toEqual([
        { Key: 'deregistration_delay.timeout_seconds', Value: 30 },
        { Key: 'stickiness.enabled', Value: 'false' },
        { Key: 'slow_start.duration_seconds', Value: '0' },
      ])
    },
  )

  test.each(['Blue', 'Green'])('%s: a check ends before the next begins, within what AWS takes', color => {
    const group = of(`${color}TargetGroup`)
    const interval = Number(group.HealthCheckIntervalSeconds)
    expect(interval).toBeGreaterThanOrEqual(5)
    expect(Number(group.HealthCheckTimeoutSeconds)).toBeLessThan(interval)
    expect(Number(group.HealthyThresholdCount)).toBeGreaterThanOrEqual(2)
    expect(Number(group.UnhealthyThresholdCount)).toBeGreaterThanOrEqual(2)
    expect(group).toMatchObject({ HealthCheckPath: '/health', Matcher: { HttpCode: '200' } })
  })

  test.each([
    ['Blue', 'shop-blue'],
    ['Green', 'shop-green'],
  ])('%s: a plain rolling service, which nothing but its one target group leads to', (color, ServiceName) => {
    const service = of(`${color}Service`)
    expect(service).toMatchObject({
      ServiceName,
      SchedulingStrategy: 'REPLICA',
      DeploymentController: { Type: 'ECS' },
      DeploymentConfiguration: {
        Strategy: 'ROLLING',
        MinimumHealthyPercent: 100,
        MaximumPercent: 200,
        DeploymentCircuitBreaker: { Enable: true, Rollback: true },
      },
      LoadBalancers: [{ ContainerName: 'app', ContainerPort: 8080, TargetGroupArn: `<${color}TargetGroup>` }],
    })
    expect((service.LoadBalancers as readonly object[]).flatMap(Object.keys)).not.toContain('AdvancedConfiguration')
    for (const member of ['ServiceConnectConfiguration', 'VpcLatticeConfigurations', 'LaunchType']) {
      expect(service).not.toHaveProperty(member)
    }
  })

  test.each(['Blue', 'Green'])('%s: what deploys decide is not said: neither a count nor a revision', color => {
    const service = of(`${color}Service`)
    expect(service).not.toHaveProperty('DesiredCount')
    expect(service.TaskDefinition).toBe('shop')
    expect(of('TaskDefinition').Family).toBe('shop')
  })

  test.each(['Blue', 'Green'])('%s: has time to start before its checks count, and is made after the rule', color => {
    const group = of(`${color}TargetGroup`)
    const untilSick = Number(group.HealthCheckIntervalSeconds) * Number(group.UnhealthyThresholdCount)
    expect(Number(of(`${color}Service`).HealthCheckGracePeriodSeconds)).toBeGreaterThan(untilSick)
    expect(app.resources[`${color}Service`]?.DependsOn).toEqual(
      expect.arrayContaining(['ProductionRule', 'TaskDefinition']),
    )
  })

  test('both colors start on one revision, on the network that Fargate asks for, with the port behind the target group', () => {
    expect(of('TaskDefinition')).toMatchObject({
      NetworkMode: 'awsvpc',
      RequiresCompatibilities: ['FARGATE'],
      ContainerDefinitions: [
        {
          Name: 'app',
          Image: 'sample-app:0.0.1',
          PortMappings: [{ ContainerPort: 8080 }],
          ReadonlyRootFilesystem: true,
          LinuxParameters: { InitProcessEnabled: true },
          LogConfiguration: { LogDriver: 'awslogs', Options: { 'awslogs-group': '<Logs>' } },
        },
      ],
    })
  })

  test('only the load balancer reaches the tasks', () => {
    expect(of('TaskSecurityGroup').SecurityGroupIngress).toEqual([
      expect.objectContaining({
        SourceSecurityGroupId: '<LoadBalancerSecurityGroup.GroupId>',
        FromPort: 8080,
        ToPort: 8080,
      }),
    ])
    expect(of('LoadBalancerToTasks')).toMatchObject({
      DestinationSecurityGroupId: '<TaskSecurityGroup.GroupId>',
      FromPort: 8080,
      ToPort: 8080,
    })
  })

  test('the outputs are inputs of the action', () => {
    const inputs = Object.keys((parse(readFileSync('action.yml', 'utf8')) as { inputs: object }).inputs)
    for (const output of Object.keys(resolved.outputs)) {
      const input = output.replace(/\B[A-Z]/g, letter => `-${letter}`).toLowerCase()
      expect(inputs).toContain(input)
    }
    expect(resolved.outputs).toMatchObject({
      Cluster: '<OwnedCluster>',
      Service: 'shop',
      ListenerArns: '<ProductionRule>',
    })
  })

  test('deploys watch the alarms that a candidate which is refused cannot set off', () => {
    const watched = String(resolved.outputs.AlarmNames).match(/\w+/g) ?? []
    const metrics = watched.map(id => of(id).MetricName)
    expect(metrics).toEqual(['HTTPCode_Target_5XX_Count', 'HTTPCode_ELB_5XX_Count', 'TargetResponseTime'])
    const alarms = Object.entries(resolved.resources).filter(([, { Type }]) => Type === 'AWS::CloudWatch::Alarm')
    expect(alarms).toHaveLength(5)
    for (const [, { Properties }] of alarms) {
      expect(Properties).toMatchObject({
        Period: 60,
        TreatMissingData: 'notBreaching',
        Namespace: 'AWS/ApplicationELB',
      })
      expect(Properties).not.toHaveProperty('AlarmActions')
    }
  })
})

describe('HTTPS', () => {
  test('production speaks it on 443 with the certificate, TLS 1.2 at least, and HTTP redirects there', () => {
    expect(propertiesOf(secure, 'ProductionListener')).toMatchObject({
      Port: 443,
      Protocol: 'HTTPS',
      Certificates: [{ CertificateArn: certificate }],
      SslPolicy: expect.stringMatching(/TLS13-1-2/),
    })
    expect(propertiesOf(secure, 'RedirectListener')).toMatchObject({
      Port: 80,
      DefaultActions: [
        { Type: 'redirect', RedirectConfig: { Protocol: 'HTTPS', Port: '443', StatusCode: 'HTTP_301' } },
      ],
    })
    expect(secure.outputs.ProductionUrl).toBe('https://shop.example.com/version')
  })

  test('without a certificate production is HTTP on 80, under the name of the load balancer', () => {
    expect(propertiesOf(plain, 'ProductionListener')).toEqual(expect.objectContaining({ Port: 80, Protocol: 'HTTP' }))
    expect(propertiesOf(plain, 'ProductionListener')).not.toHaveProperty('Certificates')
    expect(Object.keys(plain.resources)).not.toEqual(expect.arrayContaining(['RedirectListener']))
    expect(plain.outputs.ProductionUrl).toBe('http://<LoadBalancer.DNSName>/version')
  })

  test('the redirect comes after production has left its port', () => {
    expect(app.resources.RedirectListener?.DependsOn).toBe('ProductionListener')
  })

  test('production comes to port 443 after it is open', () => {
    // The load balancer needs the group, and the listener the load balancer.
    const ports = (made: typeof secure) =>
      (propertiesOf(made, 'LoadBalancerSecurityGroup').SecurityGroupIngress as readonly Members[]).map(
        ({ FromPort }) => FromPort,
      )
    expect([ports(secure), ports(plain)]).toEqual([[80, 443], [80]])
    expect(propertiesOf(secure, 'LoadBalancer').SecurityGroups).toEqual(['<LoadBalancerSecurityGroup.GroupId>'])
    expect(propertiesOf(secure, 'ProductionListener').LoadBalancerArn).toBe('<LoadBalancer>')
  })
})

describe('the test listener', () => {
  const open = (id: string) => propertiesOf(secure, id)

  test.each([
    ['green', 0, 100],
    ['blue', 100, 0],
  ])('forwards to the idle color, %s, and names the other one with weight 0', (TestColor, blue, green) => {
    expect(propertiesOf(resolve(app, { ...https, TestColor }), 'TestRule').Actions).toMatchObject([
      {
        ForwardConfig: {
          TargetGroups: [
            { TargetGroupArn: '<BlueTargetGroup>', Weight: blue },
            { TargetGroupArn: '<GreenTargetGroup>', Weight: green },
          ],
        },
      },
    ])
    expect(open('TestRule')).toEqual(propertiesOf(resolve(app, { ...https, TestColor: 'green' }), 'TestRule'))
  })

  test('its port is open to the given ranges and to nobody else', () => {
    const { Port } = open('TestListener')
    const ingress = ['FromTesters', 'FromMoreTesters'].map(open)
    const own = open('LoadBalancerSecurityGroup').SecurityGroupIngress as readonly (typeof ingress)[number][]
    const reaching = [...ingress, ...own].filter(
      ({ FromPort, ToPort }) => Number(FromPort) <= Number(Port) && Number(Port) <= Number(ToPort),
    )
    expect(reaching.map(({ CidrIp }) => CidrIp)).toEqual(['198.51.100.0/24', '203.0.113.0/24'])
  })

  test('is not there without a range', () => {
    expect(Object.keys(plain.resources).filter(id => /Test/.test(id))).toEqual([])
    expect(Object.keys(plain.outputs)).not.toEqual(expect.arrayContaining(['TestListenerArns']))
    expect(Object.keys(secure.outputs)).toEqual(expect.arrayContaining(['TestListenerArns', 'TestUrl']))
  })
})

describe('choices', () => {
  test('a cluster of yours, EC2 capacity', () => {
    const own = resolve(app, { ...trial, Cluster: 'web', CapacityProvider: 'web-instances' })
    expect(Object.keys(own.resources)).not.toContain('OwnedCluster')
    for (const color of ['Blue', 'Green']) {
      expect(propertiesOf(own, `${color}Service`)).toMatchObject({
        Cluster: 'web',
        CapacityProviderStrategy: [{ CapacityProvider: 'web-instances', Weight: 1 }],
      })
    }
    expect(propertiesOf(own, 'TaskDefinition').RequiresCompatibilities).toEqual(['EC2'])
    expect(own.outputs.Cluster).toBe('web')
  })

  test('Fargate Spot is Fargate', () => {
    const spot = resolve(app, { ...trial, CapacityProvider: 'FARGATE_SPOT' })
    expect(propertiesOf(spot, 'TaskDefinition').RequiresCompatibilities).toEqual(['FARGATE'])
    expect(propertiesOf(spot, 'OwnedCluster').CapacityProviders).toContain('FARGATE_SPOT')
  })

  test('in Cloud Map each color has a name of its own: one for both would lead callers to the idle one', () => {
    const found = resolve(app, { ...trial, NamespaceId: 'ns-abcdefgh' })
    expect(['BlueName', 'GreenName'].map(id => propertiesOf(found, id).Name)).toEqual(['shop-blue', 'shop-green'])
    expect(propertiesOf(found, 'GreenService').ServiceRegistries).toEqual([{ RegistryArn: '<GreenName.Arn>' }])
    expect(propertiesOf(plain, 'GreenService')).not.toHaveProperty('ServiceRegistries')
  })

  test('alarms are sent where a topic is given', () => {
    const AlarmTopicArn = 'arn:aws:sns:eu-central-1:123456789012:pager'
    const told = resolve(app, { ...trial, AlarmTopicArn })
    expect(propertiesOf(told, 'BalancerErrorsAlarm').AlarmActions).toEqual([AlarmTopicArn])
  })

  test('what starts tasks may pull from the one repository, and write to the one log', () => {
    const RepositoryArn = 'arn:aws:ecr:eu-central-1:123456789012:repository/shop'
    const statements = (resolved: typeof plain) =>
      (
        propertiesOf(resolved, 'ExecutionRole').Policies as readonly { PolicyDocument: { Statement: object[] } }[]
      ).flatMap(policy => policy.PolicyDocument.Statement)
    expect(statements(plain)).toEqual([expect.objectContaining({ Resource: '<Logs.Arn>' })])
    expect(statements(resolve(app, { ...trial, RepositoryArn }))).toEqual([
      expect.objectContaining({ Resource: '<Logs.Arn>' }),
      expect.objectContaining({ Resource: RepositoryArn, Action: ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'] }),
      expect.objectContaining({ Resource: '*', Action: 'ecr:GetAuthorizationToken' }),
    ])
    expect(propertiesOf(plain, 'TaskRole')).not.toHaveProperty('Policies')
  })

  test('the longest base name leaves room for the colors', () => {
    const pattern = new RegExp((app.parameters.Service as unknown as { AllowedPattern: string }).AllowedPattern)
    const longest = `a${'b'.repeat(25)}`
    expect(pattern.test(longest)).toBe(true)
    expect(pattern.test(`${longest}c`)).toBe(false)
    expect(`${longest}-green`.length).toBeLessThanOrEqual(32)
  })
})
