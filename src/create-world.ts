import { describeAlarms } from './aws/alarms.ts'
import { createClients } from './aws/clients.ts'
import { cloneBalancing } from './aws/clone-balancing.ts'
import { cloneServices } from './aws/clone-services.ts'
import { containerLogs } from './aws/container-logs.ts'
import { containerService } from './aws/container-service.ts'
import { loadBalancing } from './aws/load-balancing.ts'
import { createLocks } from './aws/locks.ts'
import { scalingOf } from './aws/scaling.ts'
import { createChecklist } from './deploy/checklist.ts'
import { createRunLock } from './deploy/lock.ts'
import { noLock, type RunLock } from './deploy/run-lock.ts'
import type { ProductionProbe, World } from './deploy/world.ts'
import type { Inputs } from './inputs/inputs.ts'
import type { Surroundings } from './surroundings.ts'

/** The last look of a run that has failed may take so long. */
const lastLookMs = 4_000

/**
 * GitHub gives a cancelled step 7.5 s, then 2.5 s more. What is taken back may take until the first of these since the cancel, the last
 * look until the second; then the probe needs a second to hang up. Each gets a moment, however late it comes.
 */
const cancelMs = { backOut: 5_000, lastLook: 5_800, least: 300 }

/** AWS and all else that a mode acts on: the ports over the SDK's clients, which end with the run's signal, and some that outlive it. */
export function createWorld(inputs: Inputs, around: Surroundings, probe: ProductionProbe | undefined): World {
  let throttled = 0
  const clientsFor = (signal: AbortSignal) =>
    createClients({
      clock: around.clock,
      region: around.region,
      signal,
      onThrottled: () => {
        throttled++
      },
      userAgent: around.userAgent,
      ...(around.sdk === undefined ? {} : { sdk: around.sdk }),
      ...(around.random === undefined ? {} : { random: around.random }),
    })
  const clients = clientsFor(around.signal)
  const sinceCancel = stopwatch(around)
  const untilAfterCancel = (ms: number) => AbortSignal.timeout(Math.ceil(Math.max(cancelMs.least, ms - sinceCancel())))
  const atEnd = once(() => {
    const signal = untilAfterCancel(cancelMs.backOut)
    const { ecs, ecsSure, elb, elbOnce, scaling } = clientsFor(signal)
    const ports = {
      ecs: containerService(ecs, inputs.cluster, signal, ecsSure),
      elb: loadBalancing(elb, elbOnce, signal),
      scaling: scalingOf(scaling, inputs.cluster, signal),
    }
    return { ...ports, signal, locks: createLocks(elb, signal) }
  })
  const locks = once(() => createLocks(clients.elb, around.signal))
  return {
    ecs: containerService(clients.ecs, inputs.cluster, around.signal, clients.ecsSure),
    elb: loadBalancing(clients.elb, clients.elbOnce, around.signal),
    scaling: scalingOf(clients.scaling, inputs.cluster, around.signal),
    logs: containerLogs(clients.logs, around.signal),
    atEnd,
    lock: lockOf(inputs, around, () => (around.signal.aborted ? atEnd().locks : locks())),
    clone: once(() => ({
      elb: cloneBalancing(clients.elb, clients.elbOnce, around.signal),
      ecs: cloneServices(clients.ecs, inputs.cluster, around.signal),
    })),
    ...(around.openPullRequests === undefined ? {} : { openPullRequests: around.openPullRequests }),
    onCancel: inputs.onCancel,
    elbAtEnd: () => {
      const { aborted } = around.signal
      const signal = aborted ? untilAfterCancel(cancelMs.lastLook) : AbortSignal.timeout(lastLookMs)
      return loadBalancing(clients.elb, clients.elbOnce, signal)
    },
    clock: around.clock,
    log: around.log,
    signal: around.signal,
    askUrl: around.askUrl,
    runCommand: around.runCommand,
    throttled: () => throttled,
    checks: createChecklist(),
    ...(around.credentialsUntil === undefined ? {} : { credentialsUntil: around.credentialsUntil }),
    names: inputs.services,
    listenerArns: inputs.listenerArns,
    testListenerArns: inputs.testListenerArns,
    ...(probe === undefined ? {} : { probe }),
    ...(around.page === undefined ? {} : { page: around.page }),
    ...(inputs.alarmNames.length === 0
      ? {}
      : { describeAlarms: () => describeAlarms(clients.cloudWatch, inputs.alarmNames, around.signal) }),
  }
}

/** Milliseconds since the run was cancelled; 0 when it was not. */
function stopwatch({ clock, signal }: Surroundings): () => number {
  let since = signal.aborted ? clock.now() : undefined
  signal.addEventListener(
    'abort',
    () => {
      since ??= clock.now()
    },
    { once: true },
  )
  return () => (since === undefined ? 0 : clock.now() - since)
}

function lockOf(inputs: Inputs, around: Surroundings, locks: () => ReturnType<typeof createLocks>): RunLock {
  const { clock, log, signal, owner, runs } = around
  if (!inputs.lock) return noLock(clock)
  // Customers on a broken version cannot wait for the deploy that is under way.
  const takeOver = inputs.mode === 'rollback' ? 'always' : 'stale'
  return createRunLock({ locks, clock, log, signal, owner, runs, mode: inputs.mode, takeOver })
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}
