import { ListTagsForResourceCommand } from '@aws-sdk/client-ecr'
import type { Account } from './account.ts'
import { findRepository } from './first-image.ts'
import { isDenied } from './prerequisites.ts'
import type { Stacks } from './stacks.ts'
import { stackName } from './templates.ts'

/** A registry that a removal comes across. Only what a stack of the app has made is the app's: a name proves nothing. */
export interface Registry {
  readonly arn: string
  readonly name: string
  readonly isOurs: boolean
  /** Why it is not, or is not known to be. */
  readonly why: string
}

/** CloudFormation's own tags, which nobody else can give or take away, and which outlive the stack. Logical id of infra/registry.yml. */
const made = { stack: 'aws:cloudformation:stack-name', as: 'aws:cloudformation:logical-id', id: 'Images' }

/** The registry of the app's name, and the one that it was given. */
export async function registriesOf(account: Account, name: string, found: Stacks): Promise<readonly Registry[]> {
  const given = found.app?.parameters.RepositoryArn ?? ''
  const namesake = await namesakeOf(account, name, found)
  const others = given === '' || given === namesake?.arn ? [] : [yours(given)]
  return [...(namesake === undefined ? [] : [namesake]), ...others]
}

async function namesakeOf(account: Account, name: string, { registry }: Stacks): Promise<Registry | undefined> {
  const arn = (await findRepository(account, name))?.repositoryArn
  if (arn === undefined) return undefined
  if (arn === registry?.outputs.RepositoryArn) return { arn, name, isOurs: true, why: '' }
  const stack = stackName('registry', name)
  try {
    const { tags = [] } = await account.ecr.send(new ListTagsForResourceCommand({ resourceArn: arn }))
    const tagged = Object.fromEntries(tags.map(({ Key = '', Value }) => [Key, Value]))
    const isOurs = tagged[made.stack] === stack && tagged[made.as] === made.id
    return { arn, name, isOurs, why: `which was not made by a stack ${stack} and so is yours` }
  } catch (error) {
    if (!isDenied(error)) throw error
    const why = `because the credentials may not read its tags (ecr:ListTagsForResource), which would tell whether a stack ${stack} has made it`
    return { arn, name, isOurs: false, why }
  }
}

function yours(arn: string): Registry {
  return { arn, name: arn.split(':repository/')[1] ?? arn, isOurs: false, why: 'which is yours' }
}
