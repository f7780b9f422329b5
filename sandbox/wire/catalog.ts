import * as scaling from '@aws-sdk/client-application-auto-scaling'
import * as cloudwatch from '@aws-sdk/client-cloudwatch'
import * as logs from '@aws-sdk/client-cloudwatch-logs'
import * as ecs from '@aws-sdk/client-ecs'
import * as elbv2 from '@aws-sdk/client-elastic-load-balancing-v2'
import { NormalizedSchema } from '@smithy/core/schema'
import type { AwsService } from '../cloud/ports.ts'

/** Shape of one operation, as the service model has it. */
export interface OperationShape {
  readonly name: string
  readonly input: NormalizedSchema
  readonly output: NormalizedSchema
}

/** An error that the service model lists. */
export interface ErrorShape {
  /** `PriorityInUseException`. */
  readonly name: string
  /** Code on the wire of the query protocol: `PriorityInUse`. */
  readonly queryCode: string
  readonly status: number
}

export interface ServiceShape {
  readonly service: AwsService
  /** Version in the query protocol's requests; empty where the service does not speak it. */
  readonly version: string
  readonly xmlNamespace: string
  /** Prefix of `X-Amz-Target`. */
  readonly targetPrefix: string
  /** Prefix of its actions in IAM. */
  readonly iamPrefix: string
  readonly operations: ReadonlyMap<string, OperationShape>
  /** By name, and by query code where that differs. */
  readonly errors: ReadonlyMap<string, ErrorShape>
}

/** Kinds of the SDK's runtime schemas: the first element of the array. A test holds the SDK to this layout. */
const kinds = { operation: 9, error: -3 } as const

export const services: Readonly<Record<AwsService, ServiceShape>> = {
  ecs: {
    service: 'ecs',
    version: '',
    xmlNamespace: '',
    targetPrefix: 'AmazonEC2ContainerServiceV20141113',
    iamPrefix: 'ecs',
    operations: operationsOf(ecs),
    errors: errorsOf(ecs),
  },
  elbv2: {
    service: 'elbv2',
    version: '2015-12-01',
    xmlNamespace: 'http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/',
    targetPrefix: 'ElasticLoadBalancing_v10',
    iamPrefix: 'elasticloadbalancing',
    operations: operationsOf(elbv2),
    errors: errorsOf(elbv2),
  },
  cloudwatch: {
    service: 'cloudwatch',
    version: '2010-08-01',
    xmlNamespace: 'http://monitoring.amazonaws.com/doc/2010-08-01/',
    targetPrefix: 'GraniteServiceVersion20100801',
    iamPrefix: 'cloudwatch',
    operations: operationsOf(cloudwatch),
    errors: errorsOf(cloudwatch),
  },
  logs: {
    service: 'logs',
    version: '',
    xmlNamespace: '',
    targetPrefix: 'Logs_20140328',
    iamPrefix: 'logs',
    operations: operationsOf(logs),
    errors: errorsOf(logs),
  },
  'application-autoscaling': {
    service: 'application-autoscaling',
    version: '',
    xmlNamespace: '',
    targetPrefix: 'AnyScaleFrontendService',
    iamPrefix: 'application-autoscaling',
    operations: operationsOf(scaling),
    errors: errorsOf(scaling),
  },
}

/** Names of the members that a request or structure must have: the model lists them first and says how many they are. */
export function requiredMembers(structure: NormalizedSchema): readonly string[] {
  const schema: unknown = structure.getSchema()
  if (!Array.isArray(schema)) return []
  const [, , , , names, , count] = schema as unknown[]
  return Array.isArray(names) && typeof count === 'number' ? names.slice(0, count).map(String) : []
}

function schemasOf(sdk: object, kind: number): readonly (readonly unknown[])[] {
  return Object.values(sdk).filter((value): value is unknown[] => Array.isArray(value) && value[0] === kind)
}

/** Of any SDK of AWS. */
export function operationsOf(sdk: object): ReadonlyMap<string, OperationShape> {
  return new Map(
    schemasOf(sdk, kinds.operation).map(([, , name, , input, output]) => [
      String(name),
      { name: String(name), input: schemaOf(input), output: schemaOf(output) },
    ]),
  )
}

function schemaOf(schema: unknown): NormalizedSchema {
  return NormalizedSchema.of(schema as Parameters<typeof NormalizedSchema.of>[0])
}

function errorsOf(sdk: object): ReadonlyMap<string, ErrorShape> {
  const errors = new Map<string, ErrorShape>()
  for (const [, , name, traits] of schemasOf(sdk, kinds.error)) {
    const { awsQueryError, httpError, error } = Object(traits) as {
      awsQueryError?: readonly [code: string, status: number]
      httpError?: number
      error?: 'client' | 'server'
    }
    const shape: ErrorShape = {
      name: String(name),
      queryCode: awsQueryError?.[0] ?? String(name),
      status: awsQueryError?.[1] ?? httpError ?? (error === 'server' ? 500 : 400),
    }
    errors.set(shape.name, shape)
    if (!errors.has(shape.queryCode)) errors.set(shape.queryCode, shape)
  }
  return errors
}
