import type { Place } from '../../sandbox/iam/formation-arns.ts'
import { type Change, demandsOfChange, demandsOfParameters } from '../../sandbox/iam/formation-demands.ts'
import type { Demand, PolicyDocument, PolicyStatement } from '../../sandbox/iam/policy.ts'
import { type Members, readTemplate } from '../../sandbox/infra/template.ts'
import { order, type StackKey, stackName, templateOf } from '../../scripts/infra/templates.ts'
import { https, infra, propertiesOf, resolve } from './resolved.ts'

/** infra/bootstrap.yml, with everything that an app may have, and what CloudFormation then asks for. */

const provider = 'arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com'
const Boundary = 'arn:aws:iam::123456789012:policy/shop-boundary'
const network = { VpcId: 'vpc-0a1b2c3d', TaskSubnets: 'subnet-0a1b2c3d,subnet-1a2b3c4d' }
const RepositoryArn = 'arn:aws:ecr:eu-central-1:123456789012:repository/shop'

const choices = {
  Ec2: 'true',
  HostedZoneId: 'Z0123456789ABC',
  DomainName: 'shop.example.com',
  NamespaceId: 'ns-abcdefgh',
} as const

export const bootstrapWith = (more: Readonly<Record<string, string>>) =>
  resolve(readTemplate(infra('bootstrap.yml')), {
    Repository: 'acme/shop',
    Service: 'shop',
    Cluster: 'shop',
    ...choices,
    ...more,
  })

export const bootstrap = bootstrapWith({})

/** The bounds of all roles of the app. */
export const boundsIn = (made: typeof bootstrap) =>
  (propertiesOf(made, 'Boundary') as unknown as { readonly PolicyDocument: PolicyDocument }).PolicyDocument

export const policiesOfInfra = [
  ...['InfraPolicy', 'InfraTrafficPolicy', 'InfraTasksPolicy'],
  ...['InfraNetworkPolicy', 'InfraEc2Policy', 'InfraNamesPolicy'],
]

export function infraStatements(...policies: readonly string[]): readonly PolicyStatement[] {
  return policies.flatMap(policy => {
    const { PolicyDocument } = propertiesOf(bootstrap, policy) as unknown as {
      readonly PolicyDocument: { readonly Statement: readonly PolicyStatement[] }
    }
    return PolicyDocument.Statement
  })
}

const parameters: Readonly<Record<StackKey, Readonly<Record<string, string>>>> = {
  bootstrap: {},
  network: { Name: 'shop' },
  registry: { Repository: 'shop' },
  capacity: { Cluster: 'shop', ...network, Boundary },
  app: { ...https, NamespaceId: choices.NamespaceId, RepositoryArn, Boundary },
  scaling: { Service: 'shop', Cluster: 'shop' },
  github: {
    ...{ Repository: 'acme/shop', Service: 'shop', Cluster: 'shop', Previews: 'shop' },
    ...{ RepositoryArn, ProviderArn: provider, Boundary },
  },
}

export const placeOf = (stack: string): Place => ({
  partition: 'aws',
  region: 'eu-central-1',
  account: '123456789012',
  app: 'shop',
  cluster: 'shop',
  stack,
})

/** All that CloudFormation asks while it makes, updates and deletes one stack with these values. */
export function demandsOfStack(key: StackKey, given: Readonly<Record<string, string>>, changes: readonly Change[]) {
  const place = placeOf(stackName(key, 'shop'))
  // No name in the network comes from a parameter, and what its functions do only AWS can.
  const { resources } = key === 'network' ? templateOf(key) : resolve(templateOf(key), given)
  const asked = Object.entries(resources).flatMap(([id, { Type, Properties }]) =>
    changes.flatMap(change =>
      demandsOfChange(change, { id, type: Type, properties: Properties as Members }, place).map(demand => ({
        what: `${change} ${id} of ${place.stack}`,
        demand,
      })),
    ),
  )
  const looked = demandsOfParameters(templateOf(key), place).map(demand => ({ what: `values of ${key}`, demand }))
  return [...looked, ...asked]
}

export interface Asked {
  readonly what: string
  readonly demand: Demand
}

/** Everything at its fullest: a network of its own, HTTPS with a record, testers, previews, instances, names in Cloud Map. */
export function everythingAsked(): readonly Asked[] {
  const keys = order.filter(key => key !== 'bootstrap')
  return keys.flatMap(key => demandsOfStack(key, parameters[key], ['create', 'update', 'delete']))
}
