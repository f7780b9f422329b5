import type { Clock } from '../../src/deploy/clock.ts'
import { AwsFault, type AwsService, type ControlPlane } from '../cloud/ports.ts'
import type { Iam } from '../iam/iam.ts'
import { type Random, randomHex } from '../random.ts'
import { type CallLog, createCallLog, type LoggedCall } from './call-log.ts'
import type { OperationShape } from './catalog.ts'
import { recognizeCbor } from './cbor.ts'
import { control } from './control.ts'
import {
  broken,
  type Caller,
  errorOfRule,
  malformed,
  missingMembers,
  notAuthorized,
  unknownOperation,
  type WireError,
  wireError,
} from './fault-forms.ts'
import { createFaultRules, type FaultRule, type FaultRules, type Trouble } from './fault-rules.ts'
import { recognizeJson } from './json.ts'
import { ConnectionLost, jsonReply, type WireReply, type WireRequest } from './message.ts'
import type { Addressed } from './protocol.ts'
import { recognizeQuery } from './query.ts'
import { missingPaths } from './shape.ts'

export interface WireOptions {
  readonly controlPlane: ControlPlane
  /** For request ids. */
  readonly random: Random
  /** Members of ECS's structures that are newer than the SDK here: its model does not have them, this AWS does. */
  readonly newerMembers?: readonly string[]
  /** Who may do what; everybody everything when absent. */
  readonly iam?: Iam
  /** ARN of the caller, as refusals name it. Its partition and account are those of the resources in them. */
  readonly principal?: string
  /** Hears of what is neither an answer nor an AwsFault: a defect of the sandbox. Writes to stderr when absent. */
  readonly onDefect?: (error: unknown) => void
}

/** AWS's protocols in front of a control plane, with a call log and trouble on request. Sockets are not its business. */
export interface Wire {
  readonly calls: CallLog
  readonly faults: FaultRules
  /**
   * Answers one request, AWS's or one of the sandbox's own pages.
   * @param clock of the connection: stamps the call and is slept on by `delay` rules
   * @param signal ends such a wait; `handle` then rejects with its reason, and nothing has happened
   * @throws ConnectionLost when a rule says that request or answer get lost
   */
  handle(request: WireRequest, clock: Clock, signal?: AbortSignal): Promise<WireReply>
}

const anyone = 'arn:aws:sts::123456789012:assumed-role/deploy/sandbox'

export function createWire(options: WireOptions): Wire {
  const calls = createCallLog()
  const faults = createFaultRules()
  const { random, onDefect = (error: unknown) => console.error('The sandbox has a defect:', error) } = options
  const principal = options.principal ?? anyone
  return {
    calls,
    faults,
    async handle(request, clock, signal) {
      const page = control(request, calls, faults)
      if (page !== undefined) return page
      const addressed = recognize(request, options.newerMembers)
      return addressed === undefined ? notSpoken(request) : call(addressed, request, clock, signal)
    },
  }

  async function call(
    addressed: Addressed,
    request: WireRequest,
    clock: Clock,
    signal?: AbortSignal,
  ): Promise<WireReply> {
    const { service } = addressed.shape
    const requestId = newRequestId(random)
    const read = readInput(addressed, request)
    const trouble = read.kind === 'refused' ? noTrouble : faults.troubleFor(service, addressed.operation)
    if (trouble.delayMs > 0) await clock.sleep(trouble.delayMs, signal)

    const log = (result: Pick<LoggedCall, 'status' | 'error' | 'lost'>) =>
      calls.add({
        at: clock.now(),
        service,
        operation: addressed.operation,
        input: read.kind === 'read' ? read.input : {},
        attempt: attemptOf(request),
        requestId,
        ...result,
      })
    const lost = lostBy(trouble.rule)
    if (lost === 'request') {
      log({ status: 0, lost })
      return lose(lost, trouble, clock, signal)
    }
    const outcome =
      read.kind === 'read'
        ? carryOut(addressed, read, trouble.rule, { principal, region: regionOf(request), keyId: keyIdOf(request) })
        : { kind: 'refused' as const, error: read.error }
    const { reply, error } = write(addressed, outcome, requestId)
    const result = { status: reply.status, ...(error === undefined ? {} : { error: error.name }) }
    if (lost === 'answer') {
      log({ ...result, lost })
      trouble.carriedOut()
      return lose(lost, trouble, clock, signal)
    }
    log(result)
    return reply
  }

  function carryOut(
    { shape }: Addressed,
    { operation, input }: Extract<Read, { kind: 'read' }>,
    rule: FaultRule | undefined,
    caller: Caller & { readonly keyId: string },
  ): Outcome {
    const refused = options.iam?.refusal(caller.keyId, shape.service, operation.name, input)
    if (refused !== undefined) {
      return { kind: 'refused', error: wireError(shape.service, notAuthorized(shape.service, refused, caller)) }
    }
    const error = rule === undefined ? undefined : errorOfRule(rule, shape.service, operation.name, input, caller)
    if (error !== undefined) return { kind: 'refused', error }
    try {
      return { kind: 'done', operation, output: options.controlPlane.call(shape.service, operation.name, input) }
    } catch (thrown) {
      return { kind: 'refused', error: errorFrom(thrown, shape.service) }
    }
  }

  function write({ shape, protocol }: Addressed, outcome: Outcome, requestId: string): Written {
    const refuse = (error: WireError): Written => ({ reply: protocol.refuse(shape, error, requestId), error })
    if (outcome.kind === 'refused') return refuse(outcome.error)
    try {
      return { reply: protocol.answer(shape, outcome.operation, outcome.output, requestId), error: undefined }
    } catch (thrown) {
      return refuse(errorFrom(thrown, shape.service))
    }
  }

  /** Anything but an AwsFault is a defect: told to `onDefect`, and to the client as AWS's own failure. */
  function errorFrom(thrown: unknown, service: AwsService): WireError {
    if (thrown instanceof AwsFault) return wireError(service, thrown)
    onDefect(thrown)
    const what = thrown instanceof Error ? thrown.message : String(thrown)
    return wireError(service, broken(service, `The sandbox has a defect: ${what}`))
  }
}

function lostBy(rule: FaultRule | undefined): 'request' | 'answer' | undefined {
  switch (rule?.kind) {
    case 'lost-request':
      return 'request'
    case 'lost-answer':
      return 'answer'
    case 'hang':
      return rule.when === 'after' ? 'answer' : 'request'
    default:
      return undefined
  }
}

async function lose(what: 'request' | 'answer', { rule }: Trouble, clock: Clock, signal?: AbortSignal): Promise<never> {
  if (rule?.kind === 'hang') await clock.sleep(hangMs, signal)
  throw new ConnectionLost(what)
}

interface Written {
  readonly reply: WireReply
  readonly error: WireError | undefined
}

type Outcome =
  | { readonly kind: 'done'; readonly operation: OperationShape; readonly output: unknown }
  | { readonly kind: 'refused'; readonly error: WireError }

type Read =
  | { readonly kind: 'read'; readonly operation: OperationShape; readonly input: Record<string, unknown> }
  | { readonly kind: 'refused'; readonly error: WireError }

const noTrouble: Trouble = { delayMs: 0, rule: undefined, carriedOut: () => undefined }

/** Longer than the patience of any client. */
const hangMs = 3_600_000

/** Tries the protocols by what each one alone has: a target header, a path of its own, a version parameter. */
function recognize(request: WireRequest, newer: readonly string[] | undefined): Addressed | undefined {
  return recognizeJson(request, newer) ?? recognizeCbor(request) ?? recognizeQuery(request)
}

function readInput({ shape, operation, protocol }: Addressed, request: WireRequest): Read {
  const refused = (fault: AwsFault): Read => ({ kind: 'refused', error: wireError(shape.service, fault) })
  const known = shape.operations.get(operation)
  if (known === undefined) return refused(unknownOperation(shape, operation))
  let input: Record<string, unknown>
  try {
    input = protocol.read(known, request)
  } catch (error) {
    // Whatever a client sends, a body that cannot be read is the client's fault, never a defect.
    return refused(malformed(shape.service, error instanceof Error ? error.message : String(error)))
  }
  const missing = missingPaths(known.input, input)
  return missing.length > 0
    ? refused(missingMembers(shape.service, missing))
    : { kind: 'read', operation: known, input }
}

function notSpoken(request: WireRequest): WireReply {
  const message = `${request.method} ${request.path} is no call of ECS, Elastic Load Balancing or CloudWatch that the sandbox speaks`
  return jsonReply(404, { __type: 'UnknownOperationException', message })
}

/** The SDKs say which attempt of a call this is: `amz-sdk-request: attempt=2; max=3`. */
function attemptOf(request: WireRequest): number {
  return Number(/attempt=([0-9]+)/.exec(request.headers['amz-sdk-request'] ?? '')?.[1] ?? 1)
}

/** From the scope of the signature: `Credential=<key>/<date>/<region>/<service>/aws4_request`. */
function regionOf(request: WireRequest): string {
  return /Credential=[^/]*\/[0-9]+\/([a-z0-9-]+)\//.exec(request.headers.authorization ?? '')?.[1] ?? 'eu-central-1'
}

function keyIdOf(request: WireRequest): string {
  return /Credential=([^/]*)\//.exec(request.headers.authorization ?? '')?.[1] ?? ''
}

/** In the form of AWS's: 8-4-4-4-12 hexadecimal digits. */
function newRequestId(random: Random): string {
  return randomHex(random, 32).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}
