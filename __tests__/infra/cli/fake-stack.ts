/** What the fake CloudFormation knows of a stack. */

export interface FakeResource {
  readonly id: string
  readonly type: string
  readonly physical: string
  /** CloudFormation still lists what it has deleted. */
  readonly isGone?: boolean
}

export interface FakeWorld {
  /** The resources and outputs of a template. */
  make(
    body: string,
    parameters: Readonly<Record<string, string>>,
  ): { readonly resources: readonly FakeResource[]; readonly outputs: Readonly<Record<string, string>> }
  /** What the rights of whoever asks do not reach to, if they do not. */
  refused(
    name: string,
    change: 'look' | 'create' | 'update' | 'delete',
    body: string,
    parameters: Readonly<Record<string, string>>,
  ): { readonly id: string; readonly reason: string } | undefined
  /** Time passes, in which tasks start and end. */
  wait(ms: number): void
  /** Takes them away, or says which one cannot be, and why. */
  unmake(stack: FakeStack): { readonly id: string; readonly reason: string } | undefined
}

export interface FakeStack {
  readonly id: string
  readonly name: string
  readonly region: string
  status: string
  body: string
  parameters: Record<string, string>
  outputs: Readonly<Record<string, string>>
  resources: readonly FakeResource[]
  policy: string | undefined
  isProtected: boolean
  readonly events: object[]
  readonly steps: (() => void)[]
}

export class AwsError extends Error {
  readonly code: string
  readonly status: number
  constructor(code: string, message: string, status = 400) {
    super(message)
    this.code = code
    this.status = status
  }
}

export interface Template {
  readonly Parameters?: Readonly<Record<string, { readonly Default?: unknown }>>
  readonly Resources: Readonly<Record<string, { readonly Type: string }>>
}

export function resourceView({ id, type, physical, isGone = false }: FakeResource): object {
  return {
    LogicalResourceId: id,
    PhysicalResourceId: physical,
    ResourceType: type,
    ResourceStatus: isGone ? 'DELETE_COMPLETE' : 'CREATE_COMPLETE',
    Timestamp: new Date(0),
  }
}
