import { GetStackPolicyCommand, SetStackPolicyCommand } from '@aws-sdk/client-cloudformation'
import { CreateServiceLinkedRoleCommand, GetOpenIDConnectProviderCommand, GetRoleCommand } from '@aws-sdk/client-iam'
import { errorName, oneLine } from '../../src/aws/errors.ts'
import type { Account } from './account.ts'
import { stackPolicy, type Values } from './templates.ts'
import type { Terminal } from './terminal.ts'

/** What stacks need, and what CloudFormation does not do. */

/** Without it no service of ECS can be made. An account that has used ECS before has it. */
export async function needServiceRole({ iam }: Account, terminal: Terminal): Promise<void> {
  try {
    await iam.send(new GetRoleCommand({ RoleName: 'AWSServiceRoleForECS' }))
  } catch (error) {
    if (errorName(error) === 'NoSuchEntity') {
      if (await makeServiceRole(iam)) {
        terminal.say('Made the role AWSServiceRoleForECS, which an account needs before its first service.')
      }
    } else if (isDenied(error)) {
      terminal.warn(
        'Could not look whether this account has the role AWSServiceRoleForECS. If it has never used ECS, run aws iam create-service-linked-role --aws-service-name ecs.amazonaws.com',
      )
    } else throw error
  }
}

/** @returns false when somebody else has made it in this moment */
async function makeServiceRole(iam: Account['iam']): Promise<boolean> {
  try {
    await iam.send(new CreateServiceLinkedRoleCommand({ AWSServiceName: 'ecs.amazonaws.com' }))
    return true
  } catch (error) {
    // The first is what IAM says of roles that it names itself.
    const isTaken = error instanceof Error && /has been taken|already exists/.test(error.message)
    if (isTaken && ['InvalidInput', 'EntityAlreadyExists'].includes(errorName(error))) return false
    throw error
  }
}

/** An account can have only one identity provider of GitHub; who has it gives it to the new stack. */
export async function knownProvider({ iam, id, partition }: Account, terminal: Terminal): Promise<Values> {
  const ProviderArn = `arn:${partition}:iam::${id}:oidc-provider/token.actions.githubusercontent.com`
  try {
    await iam.send(new GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: ProviderArn }))
    return { ProviderArn }
  } catch (error) {
    if (errorName(error) === 'NoSuchEntity') return {}
    if (!isDenied(error)) throw error
    terminal.warn(
      `Could not look whether this account has GitHub's identity provider, so the stack makes it. If that fails because it exists, give --set github.ProviderArn=${ProviderArn}`,
    )
    return {}
  }
}

/** Updates from now on leave alone what deploys own. */
export async function keepPolicy({ formation }: Account, terminal: Terminal, StackName: string): Promise<void> {
  const StackPolicyBody = stackPolicy()
  const { StackPolicyBody: now = '{}' } = await formation.send(new GetStackPolicyCommand({ StackName }))
  if (compact(now) === compact(StackPolicyBody)) return
  await formation.send(new SetStackPolicyCommand({ StackName, StackPolicyBody }))
  terminal.say(`Set the stack policy of ${StackName}: updates of it move no traffic and undo no deploy.`)
}

function compact(policy: string): string {
  try {
    return JSON.stringify(JSON.parse(policy))
  } catch {
    // Not ours, then, whatever it is.
    return oneLine(policy)
  }
}

export function isDenied(error: unknown): boolean {
  return errorName(error).startsWith('AccessDenied')
}
