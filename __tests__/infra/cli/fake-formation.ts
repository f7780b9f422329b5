import { parse } from 'yaml'
import { AwsError, type FakeStack, type FakeWorld, resourceView, type Template } from './fake-stack.ts'

/**
 * CloudFormation with what moto does not do: stacks take time, fail, roll back, are in the way of each other, and can be protected. Each look
 * at a stack is one step of what is under way. What a stack makes, its world says.
 */

interface ChangeSet {
  readonly id: string
  readonly stack: FakeStack
  readonly type: string
  readonly body: string
  readonly parameters: Record<string, string>
  readonly reason: string | undefined
}

type Input = Readonly<Record<string, unknown>>

export class FakeFormation {
  readonly stacks: FakeStack[] = []
  /** By name of the stack: the resource that fails at its next change, and why. */
  readonly troubles = new Map<string, { readonly id: string; readonly reason: string }>()
  readonly #sets: ChangeSet[] = []
  readonly #world: FakeWorld
  #count = 0

  constructor(world: FakeWorld) {
    this.#world = world
  }

  stack(name: string): FakeStack | undefined {
    return this.stacks.find(stack => stack.name === name && stack.status !== 'DELETE_COMPLETE')
  }

  call(operation: string, region: string, input: Input): object {
    switch (operation) {
      case 'CreateChangeSet':
        return this.#createChangeSet(region, input)
      case 'DescribeChangeSet':
        return this.#describeChangeSet(this.#set(input))
      case 'DeleteChangeSet':
        this.#sets.splice(this.#sets.indexOf(this.#set(input)), 1)
        return {}
      case 'ExecuteChangeSet':
        this.#execute(this.#set(input))
        return {}
      case 'DescribeStacks':
        return { Stacks: [this.#look(this.#find(region, input))] }
      case 'DescribeStackEvents':
        return { StackEvents: this.#find(region, input).events.toReversed() }
      case 'DescribeStackResources':
        return { StackResources: this.#find(region, input).resources.map(resourceView) }
      case 'DeleteStack':
        this.#delete(this.#find(region, input))
        return {}
      case 'GetStackPolicy':
        return { StackPolicyBody: this.#find(region, input).policy }
      case 'SetStackPolicy':
        this.#find(region, input).policy = String(input.StackPolicyBody)
        return {}
      default:
        throw new AwsError('InvalidAction', `the fake does not know ${operation}`)
    }
  }

  #find(region: string, { StackName }: Input): FakeStack {
    const found =
      this.stacks.find(stack => stack.id === StackName) ??
      this.stacks.find(one => one.name === StackName && one.region === region && one.status !== 'DELETE_COMPLETE')
    if (found === undefined) throw new AwsError('ValidationError', `Stack with id ${StackName} does not exist`)
    return found
  }

  #set({ ChangeSetName }: Input): ChangeSet {
    const found = this.#sets.find(({ id }) => id === ChangeSetName)
    if (found === undefined) throw new AwsError('ChangeSetNotFound', `ChangeSet [${ChangeSetName}] does not exist`, 404)
    return found
  }

  #createChangeSet(region: string, input: Input): object {
    const name = String(input.StackName)
    const there = this.stacks.find(
      one => one.name === name && one.region === region && one.status !== 'DELETE_COMPLETE',
    )
    const isNew = input.ChangeSetType === 'CREATE'
    if (isNew && there !== undefined && there.status !== 'REVIEW_IN_PROGRESS') {
      throw new AwsError(
        'ValidationError',
        `Stack [${name}] already exists and cannot be created again with the changeSet`,
      )
    }
    if (!isNew && there !== undefined && !/(CREATE|UPDATE|ROLLBACK)_COMPLETE$/.test(there.status)) {
      throw new AwsError('ValidationError', `Stack:${there.id} is in ${there.status} state and can not be updated.`)
    }
    const stack = there ?? this.add(name, region, 'REVIEW_IN_PROGRESS')
    const body = String(input.TemplateBody)
    const given = (input.Parameters ?? []) as readonly Record<string, string | boolean>[]
    const defaults = Object.entries((parse(body, { logLevel: 'silent' }) as Template).Parameters ?? {}).map(
      ([key, { Default }]) => [key, Default === undefined ? undefined : String(Default)] as const,
    )
    const values = given.map(({ ParameterKey, ParameterValue, UsePreviousValue }) => {
      const key = String(ParameterKey)
      return [key, UsePreviousValue === true ? stack.parameters[key] : String(ParameterValue)] as const
    })
    const merged = Object.entries({ ...Object.fromEntries(defaults), ...Object.fromEntries(values) })
    const missing = merged.filter(([, value]) => value === undefined).map(([key]) => key)
    if (missing.length > 0)
      throw new AwsError('ValidationError', `Parameters: [${missing.join(', ')}] must have values`)
    const parameters = Object.fromEntries(merged) as Record<string, string>
    const refused = this.#world.refused(name, 'look', body, parameters)
    if (refused !== undefined) throw new AwsError('AccessDenied', refused.reason, 403)
    const same = body === stack.body && JSON.stringify(parameters) === JSON.stringify(stack.parameters)
    const id = `arn:aws:cloudformation:${region}:123456789012:changeSet/${String(input.ChangeSetName)}/${++this.#count}`
    const reason = same
      ? "The submitted information didn't contain changes. Submit different information to create a change set."
      : undefined
    this.#sets.push({ id, stack, type: String(input.ChangeSetType), body, parameters, reason })
    return { Id: id, StackId: stack.id }
  }

  #describeChangeSet({ id, stack, type, body, reason }: ChangeSet): object {
    const resources = Object.entries((parse(body, { logLevel: 'silent' }) as Template).Resources)
    const changes = resources
      .slice(0, type === 'CREATE' ? resources.length : 1)
      .map(([LogicalResourceId, { Type }]) => ({
        Type: 'Resource',
        ResourceChange: { Action: type === 'CREATE' ? 'Add' : 'Modify', LogicalResourceId, ResourceType: Type },
      }))
    return {
      ChangeSetId: id,
      StackName: stack.name,
      Status: reason === undefined ? 'CREATE_COMPLETE' : 'FAILED',
      StatusReason: reason,
      Changes: reason === undefined ? changes : [],
    }
  }

  #execute({ stack, type, body, parameters }: ChangeSet): void {
    const verb = type === 'CREATE' ? 'CREATE' : 'UPDATE'
    const change = verb === 'CREATE' ? 'create' : 'update'
    const trouble = this.troubles.get(stack.name) ?? this.#world.refused(stack.name, change, body, parameters)
    this.troubles.delete(stack.name)
    this.#become(stack, `${verb}_IN_PROGRESS`)
    if (trouble !== undefined) {
      const rollback = verb === 'CREATE' ? 'ROLLBACK' : 'UPDATE_ROLLBACK'
      stack.steps.push(
        () => {
          this.#event(stack, trouble.id, `${verb}_IN_PROGRESS`)
          // As bad as it may be: everything was made, and has to go again.
          if (verb === 'CREATE') Object.assign(stack, { resources: this.#world.make(body, parameters).resources })
          this.#world.wait(120_000)
        },
        () => {
          this.#event(stack, trouble.id, `${verb}_FAILED`, trouble.reason)
          this.#event(
            stack,
            'Other',
            `${verb}_FAILED`,
            `Resource ${verb === 'CREATE' ? 'creation' : 'update'} cancelled`,
          )
          this.#become(stack, `${rollback}_IN_PROGRESS`)
        },
        () => {
          if (verb === 'CREATE') Object.assign(stack, { parameters, body })
          const kept = verb === 'CREATE' ? this.#world.unmake(stack) : undefined
          if (kept === undefined) stack.resources = stack.resources.map(one => ({ ...one, isGone: true }))
          else this.#event(stack, kept.id, 'DELETE_FAILED', kept.reason)
          this.#become(stack, `${rollback}_${kept === undefined ? 'COMPLETE' : 'FAILED'}`)
        },
      )
      return
    }
    stack.steps.push(
      () => this.#event(stack, 'First', `${verb}_IN_PROGRESS`),
      () => {
        // What deploys own, an update leaves alone.
        if (verb === 'CREATE' || !stack.resources.some(({ id }) => id === 'BlueService')) {
          Object.assign(stack, this.#world.make(body, parameters))
        }
        Object.assign(stack, { parameters, body })
        for (const { id, type: kind } of stack.resources) this.#event(stack, id, `${verb}_COMPLETE`, undefined, kind)
      },
      () => this.#become(stack, `${verb}_COMPLETE`),
    )
  }

  #delete(stack: FakeStack): void {
    if (stack.isProtected) {
      throw new AwsError(
        'ValidationError',
        `Stack [${stack.name}] cannot be deleted while TerminationProtection is enabled`,
      )
    }
    this.#become(stack, 'DELETE_IN_PROGRESS')
    stack.steps.push(() => this.#event(stack, 'First', 'DELETE_IN_PROGRESS'))
    stack.steps.push(() => {
      const trouble =
        this.troubles.get(stack.name) ??
        this.#world.refused(stack.name, 'delete', stack.body, stack.parameters) ??
        this.#world.unmake(stack)
      this.troubles.delete(stack.name)
      if (trouble === undefined) {
        this.#become(stack, 'DELETE_COMPLETE')
        return
      }
      this.#event(stack, trouble.id, 'DELETE_FAILED', trouble.reason)
      this.#become(stack, 'DELETE_FAILED')
    })
  }

  #look(stack: FakeStack): object {
    stack.steps.shift()?.()
    return {
      StackId: stack.id,
      StackName: stack.name,
      CreationTime: new Date(0),
      StackStatus: stack.status,
      EnableTerminationProtection: stack.isProtected,
      Parameters: Object.entries(stack.parameters).map(([ParameterKey, ParameterValue]) => ({
        ParameterKey,
        ParameterValue,
      })),
      Outputs: Object.entries(stack.outputs).map(([OutputKey, OutputValue]) => ({ OutputKey, OutputValue })),
    }
  }

  /** A stack that has been made some time ago. */
  made(name: string, region: string, body: string, parameters: Readonly<Record<string, string>>): FakeStack {
    const Parameters = Object.entries(parameters).map(([ParameterKey, ParameterValue]) => ({
      ParameterKey,
      ParameterValue,
    }))
    const order = { StackName: name, ChangeSetName: 'before', ChangeSetType: 'CREATE', TemplateBody: body, Parameters }
    const { Id } = this.#createChangeSet(region, order) as { readonly Id: string }
    const { stack } = this.#set({ ChangeSetName: Id })
    this.#execute(this.#set({ ChangeSetName: Id }))
    while (stack.steps.length > 0) stack.steps.shift()?.()
    return stack
  }

  add(name: string, region: string, status: string): FakeStack {
    const stack: FakeStack = {
      id: `arn:aws:cloudformation:${region}:123456789012:stack/${name}/${++this.#count}`,
      name,
      region,
      status: '',
      body: '',
      parameters: {},
      outputs: {},
      resources: [],
      policy: undefined,
      isProtected: false,
      events: [],
      steps: [],
    }
    this.stacks.push(stack)
    this.#become(stack, status)
    return stack
  }

  #become(stack: FakeStack, status: string): void {
    stack.status = status
    this.#event(stack, stack.name, status, undefined, 'AWS::CloudFormation::Stack', stack.id)
  }

  #event(
    stack: FakeStack,
    id: string,
    status: string,
    reason?: string,
    type = 'AWS::Some::Thing',
    physical = `made-${id}`,
  ) {
    stack.events.push({
      EventId: `event-${++this.#count}`,
      StackId: stack.id,
      StackName: stack.name,
      LogicalResourceId: id,
      PhysicalResourceId: physical,
      ResourceType: type,
      ResourceStatus: status,
      ResourceStatusReason: reason,
      Timestamp: new Date(0),
    })
  }
}
