import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import {
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  ECSClient,
  RegisterTaskDefinitionCommand,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs'
import {
  AddTagsCommand,
  DescribeTargetGroupsCommand,
  ElasticLoadBalancingV2Client,
  ModifyRuleCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { findTerraform, lacksProvider, missing, skip } from '../../../scripts/terraform.ts'
import { type Moto, startMoto } from '../cli/moto.ts'
import { infra } from '../resolved.ts'

/**
 * The module made by Terraform itself, with the real provider, in moto. Then what a deploy writes is written, and the next plan must have
 * nothing to do. Skipped, with a line that says so, where Terraform or the provider cannot be had; with TERRAFORM=required that fails.
 */

const folder = mkdtempSync(path.join(tmpdir(), 'terraform-'))
for (const one of ['terraform', 'iam']) cpSync(infra(one), path.join(folder, one), { recursive: true })
cpSync(path.join(import.meta.dirname, 'moto.tf'), path.join(folder, 'main.tf'))
cpSync(path.join(import.meta.dirname, 'moto_override.tf'), path.join(folder, 'terraform/app/moto_override.tf'))

const terraform = findTerraform()
const lack = terraform === undefined ? missing : await lacksProvider(terraform, folder)
if (lack !== undefined) skip('the plan after a deploy', lack)

let moto: Moto
beforeAll(async () => {
  moto = await startMoto()
})
afterAll(async () => {
  await moto.stop()
  rmSync(folder, { recursive: true, force: true })
})

function run(...args: readonly string[]) {
  if (terraform === undefined) throw new Error(missing)
  return terraform.run(args, folder, { AWS_ENDPOINT_URL: moto.endpoint })
}

/** 0 is nothing to do, 2 something. */
const plan = () => run('plan', '-input=false', '-detailed-exitcode')

/** All that a deploy to green leaves, with two of its notes. */
async function deploy(inputs: Readonly<Record<string, string>>): Promise<void> {
  const credentials = { accessKeyId: 'MOTO', secretAccessKey: 'moto' }
  const client = { endpoint: moto.endpoint, region: 'eu-central-1', credentials }
  const [elb, ecs] = [new ElasticLoadBalancingV2Client(client), new ECSClient(client)]
  const { TargetGroups = [] } = await elb.send(new DescribeTargetGroupsCommand({ Names: ['shop-blue', 'shop-green'] }))
  const weights = (rule: string | undefined, green: number) =>
    elb.send(
      new ModifyRuleCommand({
        RuleArn: rule,
        Actions: [
          {
            Type: 'forward',
            ForwardConfig: {
              TargetGroups: TargetGroups.map(({ TargetGroupArn, TargetGroupName }) => ({
                TargetGroupArn,
                Weight: TargetGroupName === 'shop-green' ? green : 100 - green,
              })),
            },
          },
        ],
      }),
    )
  await weights(inputs['listener-arns'], 100)
  await weights(inputs['test-listener-arns'], 0)
  const Tags = [
    { Key: 'IsProduction', Value: 'true' },
    { Key: 'Image', Value: 'sample-app:0.0.2' },
  ]
  await elb.send(new AddTagsCommand({ ResourceArns: TargetGroups.map(one => String(one.TargetGroupArn)), Tags }))

  const { taskDefinition } = await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: 'shop' }))
  const { family, containerDefinitions, networkMode, requiresCompatibilities, cpu, memory } = taskDefinition ?? {}
  const next = await ecs.send(
    new RegisterTaskDefinitionCommand({
      family,
      containerDefinitions,
      networkMode,
      requiresCompatibilities,
      cpu,
      memory,
    }),
  )
  const revision = next.taskDefinition?.taskDefinitionArn
  const service = { cluster: inputs.cluster, service: 'shop-green' }
  await ecs.send(new UpdateServiceCommand({ ...service, taskDefinition: revision, desiredCount: 4 }))
  const { services = [] } = await ecs.send(
    new DescribeServicesCommand({ cluster: inputs.cluster, services: ['shop-green'] }),
  )
  expect(services).toMatchObject([{ taskDefinition: revision, desiredCount: 4 }])
}

const check = lack === undefined ? test : test.skip

/** The provider waits a minute until it takes a load balancer for made. */
check(
  'after a deploy there is nothing to do',
  async () => {
    const applied = await run('apply', '-auto-approve', '-input=false')
    expect([applied.code, applied.said]).toEqual([0, expect.stringContaining('Apply complete!')])
    // What moto says differently, such as a group with its owner, settles with the second.
    await run('apply', '-auto-approve', '-input=false')
    const fresh = await plan()
    expect([fresh.code, fresh.said]).toEqual([0, expect.stringContaining('No changes.')])

    const inputs = JSON.parse((await run('output', '-json', 'action_inputs')).said) as Readonly<Record<string, string>>
    await deploy(inputs)
    const after = await plan()
    expect([after.code, after.said]).toEqual([0, expect.stringContaining('No changes.')])

    const app = path.join(folder, 'terraform/app')
    for (const file of readdirSync(app).filter(name => name.endsWith('.tf'))) {
      const text = readFileSync(path.join(app, file), 'utf8')
      writeFileSync(path.join(app, file), text.replaceAll(/^ *ignore_changes = .*$/gm, ''))
    }
    const careless = await plan()
    expect(careless.code).toBe(2)
    const touched = [...careless.said.matchAll(/# module\.app\.(\S+) will be updated/g)].map(([, address]) => address)
    expect(touched.sort()).toEqual([
      'aws_ecs_service.color["blue"]',
      'aws_ecs_service.color["green"]',
      'aws_lb_listener_rule.production',
      'aws_lb_listener_rule.test[0]',
      'aws_lb_target_group.color["blue"]',
      'aws_lb_target_group.color["green"]',
    ])
  },
  300_000,
)
