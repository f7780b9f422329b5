import path from 'node:path'
import { evaluate, holds } from '../../sandbox/infra/evaluate.ts'
import { type Parameters, stackScope } from '../../sandbox/infra/stack.ts'
import { type Members, readTemplate, type Template, type Value } from '../../sandbox/infra/template.ts'

/** The templates as CloudFormation would fill them in; ids that only AWS gives are `<LogicalId>` and `<LogicalId.Attribute>`. */

export const infra = (name: string) => path.join(import.meta.dirname, '../../infra', name)

export interface Resolved {
  readonly resources: Readonly<Record<string, { readonly Type: string; readonly Properties: Members }>>
  readonly outputs: Members
}

export function resolve(template: Template, parameters: Parameters): Resolved {
  const attributes = (id: string) => new Proxy({}, { get: (_, name) => `<${id}.${String(name)}>` })
  const scope = stackScope(template, parameters, {
    region: 'eu-central-1',
    partition: 'aws',
    accountId: '123456789012',
    made: id => (template.resources[id] === undefined ? undefined : { ref: `<${id}>`, attributes: attributes(id) }),
  })
  const present = <T extends { readonly Condition?: string }>(all: Readonly<Record<string, T>>) =>
    Object.entries(all).filter(([, { Condition }]) => Condition === undefined || holds(Condition, scope))
  const resources = present(template.resources).map(
    ([id, { Type, Properties }]) => [id, { Type, Properties: evaluate(Properties, scope) as Members }] as const,
  )
  const outputs = present(template.outputs).map(([id, output]) => [id, evaluate(output.Value, scope) as Value] as const)
  return { resources: Object.fromEntries(resources), outputs: Object.fromEntries(outputs) }
}

export const app = readTemplate(infra('app.yml'))

export const certificate = 'arn:aws:acm:eu-central-1:123456789012:certificate/0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9'

/** The least that app.yml asks for: a trial over HTTP. */
export const trial: Parameters = {
  Service: 'shop',
  VpcId: 'vpc-0a1b2c3d4e5f60718',
  LoadBalancerSubnets: 'subnet-01111111111111111,subnet-02222222222222222',
  TaskSubnets: 'subnet-01111111111111111,subnet-02222222222222222',
  Image: 'sample-app:0.0.1',
}

export const https: Parameters = {
  ...trial,
  CertificateArn: certificate,
  DomainName: 'shop.example.com',
  HostedZoneId: 'Z0123456789ABC',
  TestCidr: '198.51.100.0/24',
  TestCidr2: '203.0.113.0/24',
}

export function propertiesOf(resolved: Resolved, id: string): Members {
  const resource = resolved.resources[id]
  if (resource === undefined) throw new Error(`there is no ${id} with these parameters`)
  return resource.Properties
}
