import type { PolicyStatement } from '../../sandbox/iam/policy.ts'
import { readTemplate } from '../../sandbox/infra/template.ts'
import { infra, propertiesOf, resolve } from './resolved.ts'

/** infra/github.yml for the app that `https` and `trial` describe. */
export const github = resolve(readTemplate(infra('github.yml')), {
  Repository: 'acme/shop',
  Service: 'shop',
  Cluster: 'shop',
  Previews: 'shop',
  RepositoryArn: 'arn:aws:ecr:eu-central-1:123456789012:repository/shop',
})

export function statementsOf(role: string): readonly PolicyStatement[] {
  const { Policies } = propertiesOf(github, role) as unknown as {
    Policies: readonly { PolicyDocument: { Statement: readonly PolicyStatement[] } }[]
  }
  return Policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
}
