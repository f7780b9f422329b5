import type { Policy } from '../src/model/plan.ts'
import { deployPolicy } from '../src/plan/permissions.ts'
import { previewPolicy } from '../src/plan/preview-permissions.ts'
import { infra, infraPlan, infraTasks, infraTraffic } from './roles/infra.ts'
import { infraEc2, infraNames, infraNetwork } from './roles/infra-choices.ts'

/**
 * What each role of infra/github.yml may do on what infra/app.yml makes, from the source that `mode: plan` prints policies from. Words in
 * capitals stand for what a set-up calls things: PARTITION, REGION, ACCOUNT, CLUSTER, SERVICE and PREVIEWS; REPOSITORY is the ARN of the
 * registry.
 */

const arn = (service: string, rest: string) => `arn:PARTITION:${service}:REGION:ACCOUNT:${rest}`
const both = (make: (color: string) => string) => ['blue', 'green'].map(make)

const clusterArn = arn('ecs', 'cluster/CLUSTER')
const services = both(color => arn('ecs', `service/CLUSTER/SERVICE-${color}`))
const roles = ['task', 'execution'].map(name => `arn:PARTITION:iam::ACCOUNT:role/SERVICE-${name}`)

/** Everything that infra/app.yml has and a deploy may be asked to do with it. */
const whole = deployPolicy({
  clusterArn,
  services,
  targetGroups: both(color => arn('elasticloadbalancing', `targetgroup/SERVICE-${color}/*`)),
  routes: [arn('elasticloadbalancing', 'listener-rule/app/SERVICE/*')],
  lock: 'ecs-bg-lock-*',
  roles,
  logs: [arn('logs', 'log-group:/ecs/SERVICE:log-stream:*')],
  family: 'SERVICE',
  parks: true,
  keepsRevisions: true,
  alarms: true,
  oneOffTask: true,
  tagged: true,
})

/** What brings in something new, or takes a way back away: a rollback needs none of it. */
const notForRollback = new Set([
  'ecs:RegisterTaskDefinition',
  'ecs:TagResource',
  'ecs:RunTask',
  'ecs:StopTask',
  'ecs:DeregisterTaskDefinition',
])

/** Status and plan tell of no task that has died. */
const notForReading = new Set(['logs:GetLogEvents'])

const isRead = (action: string) => /^[\w-]+:(Describe|List|Get)/.test(action) && !notForReading.has(action)

/** Only where AWS has never taken weights for both groups: infra/app.yml gives them weights from the start. */
const forOtherRoutes = 'elasticloadbalancing:DescribeTargetGroupAttributes'

function only(allowed: (action: string) => boolean): Policy {
  const statements = whole.Statement.map(statement => ({ ...statement, Action: statement.Action.filter(allowed) }))
  return { ...whole, Statement: statements.filter(({ Action }) => Action.length > 0) }
}

const previews = previewPolicy({
  clusterArn,
  service: 'PREVIEWS',
  listenerArn: arn('elasticloadbalancing', 'listener/app/SERVICE/*'),
  roles,
})

/**
 * What every plan and `status` read: deploys, previews, and the setup of a service that is no pair yet, which may have any name in the
 * cluster.
 */
function reading(): Policy {
  const { Version, Statement } = only(isRead)
  const ofPreviews = (sid: string) => previews.Statement.find(({ Sid }) => Sid === sid)?.Action ?? []
  return {
    Version,
    Statement: Statement.filter(({ Sid }) => Sid !== 'FindRevisions').map(statement =>
      statement.Sid === 'UpdateServices'
        ? { ...statement, Sid: 'ReadServices', Resource: arn('ecs', 'service/CLUSTER/*') }
        : { ...statement, Action: [...new Set([...statement.Action, ...ofPreviews(statement.Sid)])].sort() },
    ),
  }
}

/** Of infra/github.yml, by the name of the role after that of the service, such as `shop-deploy`. */
export const rolePolicies: Readonly<Record<string, Policy>> = {
  deploy: only(action => action !== forOtherRoutes),
  rollback: only(action => action !== forOtherRoutes && !notForRollback.has(action)),
  read: reading(),
  preview: previews,
}

/** Of infra/bootstrap.yml, by the name of the policy after that of the service, such as `shop-infra-plan`. */
export const infraPolicies: Readonly<Record<string, Policy>> = {
  infra,
  'infra-traffic': infraTraffic,
  'infra-tasks': infraTasks,
  'infra-network': infraNetwork,
  'infra-ec2': infraEc2,
  'infra-names': infraNames,
  'infra-plan': infraPlan,
}

/** Builds push images, and cannot deploy them. No mode of the action runs under it. */
const builds: Policy = {
  Version: '2012-10-17',
  Statement: [
    // It knows no resources.
    { Sid: 'LogIn', Effect: 'Allow', Action: ['ecr:GetAuthorizationToken'], Resource: '*' },
    {
      Sid: 'PushImages',
      Effect: 'Allow',
      Action: [
        'ecr:BatchCheckLayerAvailability',
        'ecr:BatchGetImage',
        'ecr:CompleteLayerUpload',
        'ecr:DescribeImages',
        'ecr:GetDownloadUrlForLayer',
        'ecr:InitiateLayerUpload',
        'ecr:PutImage',
        'ecr:UploadLayerPart',
      ],
      Resource: 'REPOSITORY',
    },
  ],
}

/** All that infra/github.yml and the Terraform module give to roles. */
export const templatePolicies: Readonly<Record<string, Policy>> = { build: builds, ...rolePolicies }
