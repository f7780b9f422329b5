import type { Clock } from '../../src/deploy/clock.ts'
import { AwsFault, type AwsService, type ControlPlane } from '../cloud/ports.ts'
import { type Random, randomHex } from '../random.ts'
import { type CallLog, createCallLog, type LoggedCall } from './call-log.ts'
import type { OperationShape } from './catalog.ts'
import { recognizeCbor } from './cbor.ts'
import { control } from './control.ts'
import {
  broken,
  denied,
  malformed,
  missingMembers,
  throttled,
  unknownOperation,
  type WireError,
  wireError,
} from './fault-forms.ts'
import { createFaultRules, type FaultRule, type FaultRules } from './fault-rules.ts'
import { recognizeJson } from './json.ts'
import { ConnectionLost, jsonReply, type WireReply, type WireRequest } from './message.ts'
import type { Addressed } from './protocol.ts'
import { recognizeQuery } from './query.ts'
import { missingPaths } from './shape.ts'

export interface WireOptions {
  readonly controlPlane: ControlPlane
  /** For request ids. */
  readonly random: Random
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
      const addressed = recognize(request)
      if (addressed === undefined) return notSpoken(request)
      const { shape, operation } = addressed
      const requestId = newRequestId(random)
      const call = { service: shape.service, operation, attempt: attemptOf(request), requestId }
      const read = readInput(addressed, request)
      const trouble = read.kind === 'refused' ? noTrouble : faults.troubleFor(shape.service, operation)
      if (trouble.delayMs > 0) await clock.sleep(trouble.delayMs, signal)

      const input = read.kind === 'read' ? read.input : {}
      const log = (rest: Pick<LoggedCall, 'status' | 'error' | 'lost'>) =>
        calls.add({ at: clock.now(), ...call, input, ...rest })
      if (trouble.rule?.kind === 'lost-request') {
        log({ status: 0, lost: 'request' })
        throw new ConnectionLost('request')
      }
      const outcome =
        read.kind === 'refused'
          ? read
          : carryOut(addressed, read.operation, input, trouble.rule, { principal, region: regionOf(request) })
      const reply = write(addressed, outcome, requestId)
      const lost = trouble.rule?.kind === 'lost-answer'
      log({
        status: reply.status,
        ...(reply.error === undefined ? {} : { error: reply.error }),
        ...(lost ? { lost: 'answer' as const } : {}),
      })
      if (lost) throw new ConnectionLost('answer')
      return reply.reply
    },
  }

  function carryOut(
    { shape }: Addressed,
    operation: OperationShape,
    input: Record<string, unknown>,
    rule: FaultRule | undefined,
    caller: { readonly principal: string; readonly region: string },
  ): Outcome {
    const fault = rule === undefined ? undefined : faultOf(rule, shape.service, operation.name, input, caller)
    if (fault !== undefined) return { kind: 'refused', error: fault }
    try {
      return { kind: 'done', operation, output: options.controlPlane.call(shape.service, operation.name, input) }
    } catch (error) {
      return { kind: 'refused', error: wireError(shape.service, faultFrom(error, shape.service)) }
    }
  }

  function write(addressed: Addressed, outcome: Outcome, requestId: string) {
    const { shape, protocol } = addressed
    const refuse = (error: WireError) => ({
      reply: protocol.refuse(shape, error, requestId),
      status: error.status,
      error: error.name,
    })
    if (outcome.kind === 'refused') return refuse(outcome.error)
    try {
      const reply = protocol.answer(shape, outcome.operation, outcome.output, requestId)
      return { reply, status: reply.status, error: undefined }
    } catch (error) {
      return refuse(wireError(shape.service, faultFrom(error, shape.service)))
    }
  }

  /** Anything but an AwsFault is a defect: told to `onDefect`, and to the client as AWS's own failure. */
  function faultFrom(error: unknown, service: AwsService): AwsFault {
    if (error instanceof AwsFault) return error
    onDefect(error)
    return broken(service, `The sandbox has a defect: ${error instanceof Error ? error.message : String(error)}`)
  }
}

type Outcome =
  | { readonly kind: 'done'; readonly operation: OperationShape; readonly output: unknown }
  | { readonly kind: 'refused'; readonly error: WireError }

type Read =
  | { readonly kind: 'read'; readonly operation: OperationShape; readonly input: Record<string, unknown> }
  | { readonly kind: 'refused'; readonly error: WireError }

const noTrouble = { delayMs: 0, rule: undefined }

/** Tries the protocols by what each one alone has: a target header, a path of its own, a version parameter. */
function recognize(request: WireRequest): Addressed | undefined {
  return recognizeJson(request) ?? recognizeCbor(request) ?? recognizeQuery(request)
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

/** The error that a rule makes of a call; undefined for rules that let it through. */
function faultOf(
  rule: FaultRule,
  service: AwsService,
  operation: string,
  input: Readonly<Record<string, unknown>>,
  caller: { readonly principal: string; readonly region: string },
): WireError | undefined {
  const fault = (usual: AwsFault): WireError => {
    const error = wireError(service, usual)
    return { ...error, message: rule.message ?? error.message, status: rule.status ?? error.status }
  }
  switch (rule.kind) {
    case 'throttle':
      return fault(throttled(service))
    case 'denied':
      return fault(denied(service, operation, input, caller))
    case 'error':
      return fault(rule.code === undefined ? broken(service) : new AwsFault(rule.code, 'Injected by a rule.'))
    case 'delay':
    case 'lost-answer':
    case 'lost-request':
      return undefined
    default:
      return rule.kind satisfies never
  }
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

/** In the form of AWS's: 8-4-4-4-12 hexadecimal digits. */
function newRequestId(random: Random): string {
  return randomHex(random, 32).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}
