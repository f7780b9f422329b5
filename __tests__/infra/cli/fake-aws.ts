import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import * as formationSdk from '@aws-sdk/client-cloudformation'
import * as iamSdk from '@aws-sdk/client-iam'
import * as stsSdk from '@aws-sdk/client-sts'
import { type Cloud, createCloud } from '../../../sandbox/cloud/cloud.ts'
import { calmSettings } from '../../../sandbox/cloud/settings.ts'
import { createSimulatedRuntime } from '../../../sandbox/cloud/simulated-runtime.ts'
import { seededRandom } from '../../../sandbox/random.ts'
import { VirtualTimeline } from '../../../sandbox/timeline.ts'
import { operationsOf } from '../../../sandbox/wire/catalog.ts'
import { readQuery } from '../../../sandbox/wire/query-input.ts'
import { createWire } from '../../../sandbox/wire/wire.ts'
import { queryAnswer, queryError } from '../../../sandbox/wire/xml.ts'
import { bodyOf, fed, named, order, stackName, type ValuesOf } from '../../../scripts/infra/templates.ts'
import { account, region } from './fake-account.ts'
import { FakeFormation } from './fake-formation.ts'
import { FakeIam, keyId } from './fake-iam.ts'
import { AwsError } from './fake-stack.ts'
import { registryOf, worldOf } from './fake-world.ts'

/**
 * AWS as `infra:up` and `infra:down` see it, on a port of this machine: STS, IAM and ECR as far as they are asked, CloudFormation with its bad
 * days, and the sandbox's ECS and Elastic Load Balancing, in which the app's stack makes what its template says.
 */
export interface FakeAws {
  readonly env: Readonly<Record<string, string>>
  readonly formation: FakeFormation
  readonly cloud: Cloud
  /** By name: tags of images. */
  readonly repositories: Map<string, readonly string[]>
  /** By name: the tags that CloudFormation puts on what it makes, and which stay when it lets go of it. */
  readonly registryTags: Map<string, Readonly<Record<string, string>>>
  /** ARNs, and names of roles. */
  readonly identities: Set<string>
  /** Container instances of clusters, by name: each look finds one less, as ECS ends them when their tasks are gone. */
  readonly instances: Map<string, number>
  /** Answered in the place of what is asked, by `service.Operation` or `service.Operation in region`. */
  readonly errors: Map<string, AwsError>
  /** Everybody may do everything, until somebody is limited. */
  readonly iam: FakeIam
  /** `Service.Operation` of each call. */
  readonly calls: string[]
  /** All stacks of an app, made some time ago. */
  seed(name: string, given?: Partial<ValuesOf>): void
  close(): Promise<void>
}

const speakers = {
  cloudformation: {
    namespace: 'http://cloudformation.amazonaws.com/doc/2010-05-15/',
    operations: operationsOf(formationSdk),
  },
  iam: { namespace: 'https://iam.amazonaws.com/doc/2010-05-08/', operations: operationsOf(iamSdk) },
  sts: { namespace: 'https://sts.amazonaws.com/doc/2011-06-15/', operations: operationsOf(stsSdk) },
} as const

export async function startAws(): Promise<FakeAws> {
  const timeline = new VirtualTimeline(Date.UTC(2026, 0, 1))
  const random = seededRandom(7)
  const cloud = createCloud({
    timeline,
    random,
    settings: calmSettings,
    runtime: createSimulatedRuntime({ timeline, random }),
  })
  const iam = new FakeIam(cloud)
  const wire = createWire({ controlPlane: cloud, random, iam: iam.ofSandbox })
  const repositories = new Map<string, readonly string[]>()
  const registryTags = new Map<string, Readonly<Record<string, string>>>()
  const identities = new Set(['AWSServiceRoleForECS'])
  const instances = new Map<string, number>()
  const errors = new Map<string, AwsError>()
  const calls: string[] = []
  const formation = new FakeFormation(
    worldOf(cloud, repositories, registryTags, identities, instances, iam, ms =>
      timeline.advanceTo(timeline.now() + ms),
    ),
  )

  function answer(service: string, operation: string, where: string, input: Readonly<Record<string, unknown>>): object {
    calls.push(`${service}.${operation}`)
    const error = errors.get(`${service}.${operation}`) ?? errors.get(`${service}.${operation} in ${where}`)
    if (error !== undefined) throw error
    iam.check(service, operation, where, input)
    if (service === 'cloudformation') return formation.call(operation, where, input)
    if (service === 'sts') return { Account: account, Arn: `arn:aws:iam::${account}:user/somebody`, UserId: 'U' }
    if (service === 'iam') return identity(identities, operation, input)
    if (service === 'ecs') return listInstances(instances, String(input.cluster))
    return ecr(repositories, registryTags, operation, input)
  }

  const server = createServer((request, response) => {
    void (async () => {
      const body = await buffer(request)
      const [, where = region, service = ''] =
        /Credential=[^/]*\/\d+\/([a-z0-9-]+)\/([a-z]+)\//.exec(request.headers.authorization ?? '') ?? []
      // Time passes between two calls.
      timeline.advanceTo(timeline.now() + 20_000)
      const reply = await handle(service, where, body, request.headers)
      response.writeHead(reply.status, reply.headers).end(reply.body)
    })()
  })

  async function handle(service: string, where: string, body: Buffer, headers: NodeJS.Dict<string | string[]>) {
    if (service in speakers) return query(service as keyof typeof speakers, where, new URLSearchParams(body.toString()))
    const operation = String(headers['x-amz-target']).split('.')[1] ?? ''
    // The sandbox knows no instances.
    if (service === 'ecr' || operation === 'ListContainerInstances') {
      const type = { 'content-type': 'application/x-amz-json-1.1' }
      try {
        const said = answer(service, operation, where, JSON.parse(body.toString()))
        return { status: 200, headers: type, body: JSON.stringify(said) }
      } catch (error) {
        if (!(error instanceof AwsError)) throw error
        return {
          status: error.status,
          headers: type,
          body: JSON.stringify({ __type: error.code, message: error.message }),
        }
      }
    }
    const plain = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]))
    const clock = { now: () => timeline.now(), sleep: async () => {} }
    const reply = await wire.handle({ method: 'POST', path: '/', headers: plain, body }, clock)
    calls.push(`${service}.${wire.calls.list().at(-1)?.operation ?? ''}`)
    return { status: reply.status, headers: { ...reply.headers }, body: Buffer.from(reply.body) }
  }

  function query(service: keyof typeof speakers, where: string, parameters: URLSearchParams) {
    const { namespace, operations } = speakers[service]
    const name = parameters.get('Action') ?? ''
    const shape = operations.get(name)
    const type = { 'content-type': 'text/xml' }
    try {
      if (shape === undefined) throw new AwsError('InvalidAction', `there is no ${name}`)
      const said = answer(service, name, where, readQuery(shape.input, parameters))
      return { status: 200, headers: type, body: queryAnswer(name, namespace, shape.output, said, 'request') }
    } catch (error) {
      if (!(error instanceof AwsError)) throw error
      const { code: queryCode, message, status } = error
      return {
        status,
        headers: type,
        body: queryError(namespace, { name: queryCode, queryCode, message, status }, 'request'),
      }
    }
  }

  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    env: {
      AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      AWS_REGION: region,
      AWS_ACCESS_KEY_ID: keyId,
      AWS_SECRET_ACCESS_KEY: 'fake',
    },
    formation,
    cloud,
    repositories,
    registryTags,
    identities,
    instances,
    errors,
    iam,
    calls,
    seed(name, given = {}) {
      let known: Readonly<Record<string, string>> = { Image: 'sample-app:0.0.1' }
      for (const key of order.filter(one => given[one] !== undefined || !['bootstrap', 'capacity'].includes(one))) {
        const more: Readonly<Record<string, string>> = {
          ...(['bootstrap', 'github'].includes(key) ? { Repository: 'acme/shop' } : {}),
          ...(key === 'bootstrap' ? { Cluster: name } : {}),
        }
        const takes = [...fed[key], ...(key === 'app' ? ['Image'] : [])].filter(one => known[one] !== undefined)
        const values = Object.fromEntries(takes.map(one => [one, known[one] ?? '']))
        const parameters = { ...values, ...named(key, name), ...more, ...given[key] }
        const stack = formation.made(stackName(key, name), region, bodyOf(key), parameters)
        known = { ...known, ...stack.outputs }
      }
    },
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function identity(identities: Set<string>, operation: string, input: Readonly<Record<string, unknown>>): object {
  const name = String(input.RoleName ?? input.OpenIDConnectProviderArn ?? '')
  if (operation === 'CreateServiceLinkedRole') {
    identities.add('AWSServiceRoleForECS')
    return {}
  }
  if (!identities.has(name)) throw new AwsError('NoSuchEntity', `${name} cannot be found.`, 404)
  return operation === 'GetRole'
    ? {
        Role: {
          Path: '/',
          RoleName: name,
          RoleId: 'R',
          Arn: `arn:aws:iam::${account}:role/${name}`,
          CreateDate: new Date(0),
        },
      }
    : {}
}

function listInstances(instances: Map<string, number>, cluster: string): object {
  const count = instances.get(cluster) ?? 0
  instances.set(cluster, Math.max(0, count - 1))
  return {
    containerInstanceArns: Array.from(
      { length: count },
      (_, index) => `arn:aws:ecs:${region}:${account}:container-instance/${cluster}/${index}`,
    ),
  }
}

function ecr(
  repositories: Map<string, readonly string[]>,
  registryTags: Map<string, Readonly<Record<string, string>>>,
  operation: string,
  input: Readonly<Record<string, unknown>>,
) {
  if (operation === 'GetAuthorizationToken') {
    return { authorizationData: [{ authorizationToken: Buffer.from('AWS:secret').toString('base64') }] }
  }
  const [, ofArn] = String(input.resourceArn ?? '').split(':repository/')
  const name = String(ofArn ?? input.repositoryName ?? (input.repositoryNames as readonly string[])[0])
  const images = repositories.get(name)
  if (images === undefined) {
    throw new AwsError(
      'RepositoryNotFoundException',
      `The repository with name '${name}' does not exist in the registry`,
    )
  }
  if (operation === 'DeleteRepository') {
    repositories.delete(name)
    registryTags.delete(name)
    return {}
  }
  if (operation === 'ListTagsForResource') {
    return { tags: Object.entries(registryTags.get(name) ?? {}).map(([Key, Value]) => ({ Key, Value })) }
  }
  if (operation === 'DescribeRepositories') return { repositories: [{ repositoryName: name, ...registryOf(name) }] }
  for (const { imageTag } of (input.imageIds ?? []) as readonly { imageTag?: string }[]) {
    if (imageTag !== undefined && !images.includes(imageTag)) {
      throw new AwsError('ImageNotFoundException', `The image with tag '${imageTag}' does not exist`)
    }
  }
  return {
    imageDetails: images.map((tag, index) => ({
      imageTags: [tag],
      imageDigest: `sha256:${String(index).repeat(64)}`,
      imagePushedAt: 1_700_000_000 + index,
    })),
  }
}
