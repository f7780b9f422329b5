import { DescribeStackEventsCommand, type StackEvent } from '@aws-sdk/client-cloudformation'
import { oneLine } from '../../src/aws/errors.ts'
import { durationText } from '../../src/model/duration.ts'
import type { Account } from './account.ts'
import { findStack, type Stack } from './stacks.ts'
import { Stop } from './stop.ts'
import type { Terminal } from './terminal.ts'

/** Silence longer than this is broken: a service may take minutes to become stable. */
const silenceMs = 60_000

export interface Followed {
  readonly stack: Stack
  /** What failed, first things first, without what was only given up because of it. */
  readonly failures: readonly string[]
  /** What was found out about the first of them while it could still be seen. */
  readonly evidence: readonly string[]
}

/** Looks into a failure as soon as it is told, before what it is about is taken away again. */
export type Witness = (event: StackEvent) => Promise<readonly string[]>

/** The newest event of a stack, from which on `follow` tells; empty when it has none yet. */
export async function newestEvent(account: Account, stack: string): Promise<string> {
  const { StackEvents = [] } = await account.formation.send(new DescribeStackEventsCommand({ StackName: stack }))
  return StackEvents[0]?.EventId ?? ''
}

/** Tells the events of a stack as they come, until nothing is in progress any more. */
export async function follow(
  account: Account,
  terminal: Terminal,
  stack: Pick<Stack, 'key' | 'id'>,
  after: string,
  pollMs: number,
  witness?: Witness,
): Promise<Followed> {
  const startedAt = terminal.now()
  let saidAt = startedAt
  let last = after
  const failures: string[] = []
  const evidence: string[] = []
  const underWay = new Set<string>()
  // A look just after the start may still see how the stack was before: its own events tell.
  let told: string = ''
  for (;;) {
    // The stack first: events that come between the two looks are told, and none is missed.
    const seen = await findStack(account.formation, stack.key, '', stack.id)
    const events = await eventsAfter(account, stack.id, last)
    last = events.at(-1)?.EventId ?? last
    for (const event of events) {
      if (isNews(event)) {
        terminal.say(lineOf(event))
        saidAt = terminal.now()
      }
      if (isOfStack(event)) told = event.ResourceStatus ?? ''
      else note(event, failures, underWay)
      evidence.push(...(await heard(terminal, event, witness)))
    }
    if (seen === undefined) throw new Stop('failed', `The stack ${stack.id} has gone while it was waited for.`)
    const ended = seen.status === told || seen.status === 'DELETE_COMPLETE'
    if (ended && !seen.status.endsWith('_IN_PROGRESS')) return { stack: seen, failures, evidence }
    if (terminal.now() - saidAt >= silenceMs) {
      const names = [...underWay].join(', ') || seen.name
      terminal.say(`  … ${durationText(terminal.now() - startedAt)}, waiting for ${names}`)
      saidAt = terminal.now()
    }
    await terminal.sleep(pollMs)
  }
}

async function heard(terminal: Terminal, event: StackEvent, witness: Witness = async () => []) {
  const lines = await witness(event)
  for (const line of lines) terminal.say(`  ${line}`)
  return lines
}

/** Oldest first. AWS gives the newest first, a page at a time. */
async function eventsAfter(account: Account, stack: string, last: string): Promise<readonly StackEvent[]> {
  const found: StackEvent[] = []
  let NextToken: string | undefined
  do {
    const command = new DescribeStackEventsCommand({
      StackName: stack,
      ...(NextToken === undefined ? {} : { NextToken }),
    })
    const page = await account.formation.send(command)
    const events = page.StackEvents ?? []
    const seen = events.findIndex(({ EventId }) => EventId === last)
    found.push(...(seen === -1 ? events : events.slice(0, seen)))
    NextToken = seen === -1 ? page.NextToken : undefined
  } while (NextToken !== undefined)
  return found.reverse()
}

/** Each creation is told twice by AWS: when it begins, and when the thing has its id. */
function isNews({ ResourceStatusReason = '' }: StackEvent): boolean {
  return ResourceStatusReason !== 'Resource creation Initiated'
}

function isOfStack({ PhysicalResourceId, StackId }: StackEvent): boolean {
  return PhysicalResourceId === StackId
}

function lineOf({ LogicalResourceId = '', ResourceType = '', ResourceStatus, ResourceStatusReason }: StackEvent) {
  const type = ResourceType.replace(/^AWS::/, '').replaceAll('::', ' ')
  const reason = ResourceStatusReason === undefined ? '' : `: ${oneLine(ResourceStatusReason)}`
  return `  ${String(ResourceStatus).padEnd(18)} ${LogicalResourceId} (${type})${reason}`
}

/** What is only given up because something else has failed is none. */
export function isFailure({ ResourceStatus, ResourceStatusReason = '' }: StackEvent): boolean {
  return String(ResourceStatus).endsWith('_FAILED') && !/cancelled/i.test(ResourceStatusReason)
}

function note(event: StackEvent, failures: string[], underWay: Set<string>): void {
  const { LogicalResourceId = '', ResourceStatus = '', ResourceStatusReason = '' } = event
  if (ResourceStatus.endsWith('_IN_PROGRESS')) underWay.add(LogicalResourceId)
  else underWay.delete(LogicalResourceId)
  if (!isFailure(event)) return
  failures.push(`${LogicalResourceId}: ${oneLine(ResourceStatusReason) || ResourceStatus}`)
}

/** What some reasons mean here. */
const meanings: readonly (readonly [RegExp, string])[] = [
  [
    /circuit breaker|did not stabilize|exceeded attempts to wait/i,
    'The first tasks have not become healthy. Check Image, ContainerPort, HealthCheckPath, and that the tasks reach the registry. The service and its log group go with what is taken away: to read along, run aws logs tail /ecs/NAME --follow beside the next run, once it has made the log group.',
  ],
  [
    /already exists/i,
    'Something of that name is there already, and belongs to nobody here: delete it, or choose another name for the app.',
  ],
  [
    /denied by stack policy/i,
    'That is fixed at creation, because an update would write to what deploys own (infra/stack-policy.json).',
  ],
  [/not authorized|AccessDenied/i, 'The credentials may not do that: docs/one-command.md says what they need.'],
  [
    /has dependencies|DependencyViolation|in use/i,
    'Somebody else has put something into it. Find it in the console, remove it, then run this again.',
  ],
]

/** The reasons, and for the first one what it means. */
export function explainFailures(failures: readonly string[], name: string, evidence: readonly string[] = []): string {
  const [first = ''] = failures
  const meaning = meanings.find(([pattern]) => pattern.test(first))?.[1].replaceAll('NAME', name)
  return [...[...failures, ...evidence].map(line => `  ${line}`), ...(meaning === undefined ? [] : [meaning])].join(
    '\n',
  )
}
