import { readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { templatePolicies } from '../../../scripts/role-policies.ts'
import { capacityTag } from '../../../scripts/roles/statement.ts'
import { https, infra, app as ofTemplate, propertiesOf, resolve } from '../resolved.ts'
import { github as githubTemplate } from '../roles.ts'
import { type Body, block, moduleOf } from './hcl.ts'
import { parts } from './parts.ts'

/** What AWS demands, and what deploys own, said in Terraform as in the templates. `npm run infra:terraform` has more, where there is a provider. */

const app = moduleOf('app')
const made = resolve(ofTemplate, https)
const of = (address: string): Body => {
  const body = app.resources[address]
  if (body === undefined) throw new Error(`the module has no ${address}`)
  return body
}

const ignored = (body: Body) => (body.lifecycle === undefined ? undefined : block(body, 'lifecycle').ignore_changes)

describe('what deploys own', () => {
  test('is ignored by updates, and nothing else is', () => {
    const all = Object.keys(parts).flatMap(name =>
      Object.entries(moduleOf(name).resources).flatMap(([address, body]) => {
        const changes = ignored(body)
        return changes === undefined ? [] : [[`${name}/${address}`, changes] as const]
      }),
    )
    expect(Object.fromEntries(all)).toEqual({
      'app/aws_lb_listener_rule.production': ['action'],
      'app/aws_lb_listener_rule.test': ['action'],
      'app/aws_lb_target_group.color': ['tags', 'tags_all'],
      'app/aws_ecs_service.color': ['task_definition', 'desired_count'],
      'scaling/aws_appautoscaling_target.color': ['min_capacity', 'suspended_state'],
      // Not theirs, but ECS's, and AWS's.
      'capacity-ec2/aws_autoscaling_group.instances': ['desired_capacity'],
      'network/aws_subnet.public': ['availability_zone'],
      'network/aws_subnet.private': ['availability_zone'],
    })
  })

  test('covers what the stack policy keeps updates from', () => {
    const { Statement } = JSON.parse(readFileSync(infra('stack-policy.json'), 'utf8')) as {
      Statement: readonly { Effect: string; Action: string | string[]; Resource: string | string[] }[]
    }
    const kept = Statement.filter(
      ({ Effect, Action }) => Effect === 'Deny' && /Update:(\*|Modify)/.test([Action].flat().join()),
    ).flatMap(({ Resource }) => [Resource].flat().map(one => one.replace('LogicalResourceId/', '')))
    expect(kept.length).toBeGreaterThan(3)
    for (const id of kept) {
      const [address = ''] = Object.entries(parts.app ?? {}).find(([, ids]) => ids.includes(id)) ?? []
      expect([id, ignored(of(address))]).toEqual([id, expect.arrayContaining([expect.any(String)])])
    }
  })
})

/** `${var.test_color == "blue" ? 100 : 0}` with one of the two colors; a number is what it is. */
function weightFor(weight: unknown, testColor: string): unknown {
  const [, color, yes, no] = /^\$\{var\.test_color == "(\w+)" \? (\d+) : (\d+)\}$/.exec(String(weight)) ?? []
  return color === undefined ? weight : Number(color === testColor ? yes : no)
}

test.each([
  ['production', 'ProductionRule', 'green'],
  ['production', 'ProductionRule', 'blue'],
  ['test', 'TestRule', 'green'],
  ['test', 'TestRule', 'blue'],
])(
  'the rule of %s names both target groups with the weights of the template (%s, %s), and keeps clients on neither',
  (rule, id, TestColor) => {
    const made = resolve(ofTemplate, { ...https, TestColor })
    const body = of(`aws_lb_listener_rule.${rule}`)
    const forward = block(block(body, 'action'), 'forward')
    const [action] = propertiesOf(made, id).Actions as unknown as readonly {
      ForwardConfig: { TargetGroups: readonly { Weight: number }[] }
    }[]
    const groups = forward.target_group as readonly Body[]
    expect(groups.map(({ weight, ...group }) => ({ ...group, weight: weightFor(weight, TestColor) }))).toEqual(
      ['blue', 'green'].map((color, place) => ({
        arn: `\${aws_lb_target_group.color["${color}"].arn}`,
        weight: action?.ForwardConfig.TargetGroups[place]?.Weight,
      })),
    )
    expect(block(forward, 'stickiness').enabled).toBe(false)
    expect(body.priority).toBe(propertiesOf(made, id).Priority)
    expect(block(block(body, 'condition'), 'path_pattern').values).toEqual(['*'])
  },
)

test('health is asked as in the template', () => {
  const group = of('aws_lb_target_group.color')
  const wanted = propertiesOf(made, 'BlueTargetGroup')
  expect(block(group, 'health_check')).toEqual({
    protocol: wanted.HealthCheckProtocol,
    port: wanted.HealthCheckPort,
    // biome-ignore lint/suspicious/noTemplateCurlyInString: Terraform's own
    path: '${var.health_check_path}',
    interval: wanted.HealthCheckIntervalSeconds,
    timeout: wanted.HealthCheckTimeoutSeconds,
    healthy_threshold: wanted.HealthyThresholdCount,
    unhealthy_threshold: wanted.UnhealthyThresholdCount,
    matcher: '200',
  })
  // biome-ignore lint/suspicious/noTemplateCurlyInString: Terraform's own
  expect(group).toMatchObject({ target_type: 'ip', slow_start: 0, deregistration_delay: '${var.deregistration_delay}' })
  expect(block(group, 'stickiness').enabled).toBe(false)
})

test('services are plain rolling ones, as in the template, made after the rule that names their target group', () => {
  const service = of('aws_ecs_service.color')
  const wanted = propertiesOf(made, 'BlueService')
  expect(service).toMatchObject({
    scheduling_strategy: wanted.SchedulingStrategy,
    deployment_minimum_healthy_percent: 100,
    deployment_maximum_percent: 200,
    health_check_grace_period_seconds: wanted.HealthCheckGracePeriodSeconds,
    enable_ecs_managed_tags: wanted.EnableECSManagedTags,
    propagate_tags: wanted.PropagateTags,
    // Where the template says none, ECS starts one. Terraform would ask for none.
    desired_count: 1,
  })
  expect(wanted.DeploymentConfiguration).toMatchObject({ MinimumHealthyPercent: 100, MaximumPercent: 200 })
  expect(block(service, 'deployment_circuit_breaker')).toEqual({ enable: true, rollback: true })
  expect(block(service, 'deployment_configuration')).toEqual({ strategy: 'ROLLING' })
  expect(block(service, 'deployment_controller')).toEqual({ type: 'ECS' })
  for (const other of ['launch_type', 'service_connect_configuration', 'vpc_lattice_configurations', 'triggers']) {
    expect(service).not.toHaveProperty(other)
  }
  expect(service.depends_on).toEqual(
    // biome-ignore lint/suspicious/noTemplateCurlyInString: Terraform's own
    expect.arrayContaining(['${aws_lb_listener_rule.production}', '${aws_vpc_security_group_egress_rule.to_tasks}']),
  )
})

test('production comes to port 443 after it is open, and the redirect to port 80 after production has left it', () => {
  const after = (address: string) => of(address).depends_on
  // biome-ignore lint/suspicious/noTemplateCurlyInString: Terraform's own
  expect(after('aws_lb_listener.production')).toEqual(['${aws_vpc_security_group_ingress_rule.https}'])
  // biome-ignore lint/suspicious/noTemplateCurlyInString: Terraform's own
  expect(after('aws_lb_listener.redirect')).toEqual(['${aws_lb_listener.production}'])
})

test('the launch template has the tag by which the role of examples/infra.yml knows it', () => {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: Terraform's own
  const tags = { [capacityTag]: '${var.cluster}' }
  expect(moduleOf('capacity-ec2').resources['aws_launch_template.instances']?.tags).toEqual(tags)
})

test('alarms are those of the template', () => {
  const watched = Object.values(app.locals.balancer_alarms as Readonly<Record<string, Body>>)
  const alarms = ['TargetErrorsAlarm', 'BalancerErrorsAlarm', 'LatencyAlarm'].map(id => propertiesOf(made, id))
  expect(watched).toMatchObject(
    alarms.map(one => ({
      description: one.AlarmDescription,
      metric: one.MetricName,
      periods: one.EvaluationPeriods,
      comparison: one.ComparisonOperator,
    })),
  )
  for (const name of ['watched', 'unhealthy']) {
    const alarm = of(`aws_cloudwatch_metric_alarm.${name}`)
    expect(alarm).toMatchObject({ namespace: 'AWS/ApplicationELB', period: 60, treat_missing_data: 'notBreaching' })
  }
  const { EvaluationPeriods, MetricName, Statistic, Threshold } = propertiesOf(made, 'BlueUnhealthyAlarm')
  expect(of('aws_cloudwatch_metric_alarm.unhealthy')).toMatchObject({
    evaluation_periods: EvaluationPeriods,
    metric_name: MetricName,
    statistic: Statistic,
    threshold: Threshold,
  })
})

test('what starts tasks may do what it may in the template', () => {
  const actions = (text: string) => [...new Set(text.match(/\b(ecr|logs):[A-Z]\w+/g))].sort()
  const wanted = actions(JSON.stringify(ofTemplate.resources.ExecutionRole))
  expect(wanted.length).toBeGreaterThan(4)
  expect(actions(readFileSync(infra('terraform/app/task.tf'), 'utf8'))).toEqual(wanted)
})

describe('roles for jobs', () => {
  const github = moduleOf('github')

  test('trust those that the template trusts', () => {
    const told = String(github.locals.roles).matchAll(/(\w+) = \{ ?subjects = \[([^\]]*)\]/g)
    const subjects: Readonly<Record<string, string>> = {
      'local.of_branch': 'repo:acme/shop:ref:refs/heads/main',
      'local.of_environment': 'repo:acme/shop:environment:production',
      'local.of_pull_request': 'repo:acme/shop:pull_request',
    }
    for (const [, role = '', list = ''] of told) {
      const id = `${role.replace(/^./, first => first.toUpperCase())}Role`
      expect(propertiesOf(githubTemplate, id).AssumeRolePolicyDocument).toMatchObject({
        Statement: [
          {
            Condition: {
              StringEquals: {
                'token.actions.githubusercontent.com:sub': list.split(',').map(one => subjects[one.trim()]),
              },
            },
          },
        ],
      })
    }
    expect([...String(github.locals.roles).matchAll(/(\w+) = \{ ?subjects/g)].map(([, role]) => role).sort()).toEqual(
      Object.keys(templatePolicies).sort(),
    )
  })

  test('have the policies of infra/iam and no others, with every word in capitals filled in', () => {
    const policies = String(github.locals.policies)
    // biome-ignore lint/suspicious/noTemplateCurlyInString: Terraform's own
    expect(policies).toContain('file("${path.module}/../../iam/${role}.json")')
    const filled = [...policies.matchAll(/"([A-Z]+)"/g)].map(([, word = '']) => word)
    const words = Object.keys(templatePolicies).flatMap(
      role => readFileSync(infra(`iam/${role}.json`), 'utf8').match(/\b[A-Z]{6,}\b/g) ?? [],
    )
    expect(filled.sort()).toEqual([...new Set(words)].sort())
    expect(JSON.stringify(github.resources)).not.toMatch(/\b(ecs|elasticloadbalancing|ecr|logs):[A-Z]/)
  })
})
