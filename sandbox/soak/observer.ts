import type { ControlPlane } from '../cloud/ports.ts'
import type { Topology } from '../cloud/topology.ts'
import type { SeedColor } from '../cloud/topology-options.ts'
import type { Witness, WitnessedCall } from '../witness.ts'
import { bakeMsOf, type Known, type RunFacts } from './known.ts'
import {
  colors,
  imageOf,
  locksOf,
  type RouteState,
  routeState,
  type ServiceState,
  serviceState,
  shareOf,
} from './look.ts'
import { proofMs, Readiness } from './readiness.ts'
import type { Rule, Violation } from './rules.ts'
import { deregisterBreaches, updateBreaches } from './service-rules.ts'

/** A holder may notice so late that its lock was taken. */
const noticeMs = 15_000

/**
 * Watches every call of the action at the moment when it is carried out, and holds it to the invariants of the design, from the state
 * of AWS alone. Weights and services change by calls only, so these moments are all there are; what changes by itself, tasks and
 * targets, shows in what clients get (`clients.ts`).
 */
export class Observer implements Witness {
  readonly violations: Violation[] = []
  readonly #plane: ControlPlane
  readonly #topology: Topology
  readonly #now: () => number
  readonly #start: number
  readonly #images: Set<string>
  readonly #runs = new Map<number, Known>()
  readonly #readiness: Readiness
  readonly #foreignWeights = new Map<string, { readonly event: number; readonly at: number }>()
  readonly #foreignService = new Map<SeedColor, number>()
  readonly #lockSince = new Map<string, number>()
  /** The color that had all the production traffic last. */
  #lastWhole: SeedColor | undefined
  #events = 0
  #routeBefore: RouteState | undefined

  constructor(plane: ControlPlane, topology: Topology, now: () => number) {
    this.#plane = plane
    this.#topology = topology
    this.#now = now
    this.#start = now()
    this.#images = new Set([this.#imageOf(topology.inputs.service)])
    this.#readiness = new Readiness(plane, topology)
    this.#lastWhole = this.#whole()
    this.sample()
  }

  /** Tells of a run before its first call. */
  expect(facts: RunFacts): void {
    if (facts.plan.image !== undefined) this.#images.add(facts.plan.image)
    this.#runs.set(facts.run, {
      ...facts,
      since: Number.POSITIVE_INFINITY,
      routeRead: new Map(),
      serviceRead: 0,
      changed: new Map(),
      wholeAt: new Map(),
    })
  }

  /** Somebody else has written to this route. */
  noteForeignWeights(arn: string): void {
    this.#foreignWeights.set(arn, { event: ++this.#events, at: this.#now() })
  }

  /** Somebody else has put a deployment of his own on this color. */
  noteForeignService(color: SeedColor): void {
    this.#foreignService.set(color, ++this.#events)
  }

  blame(rule: Rule, says: string, run = 0): void {
    this.violations.push({ atMs: this.#now() - this.#start, run, rule, says })
  }

  before(call: WitnessedCall): void {
    if (isWrite(call) || this.#readiness.isOld(this.#now())) this.sample()
    const known = this.#runs.get(call.run)
    if (known !== undefined) known.since = Math.min(known.since, this.#now())
    const arn = routeOf(call)
    this.#routeBefore = arn === undefined ? undefined : routeState(this.#plane, this.#topology, arn)
    if (call.operation === 'UpdateService') this.#checkUpdate(call)
    if (call.operation === 'DeregisterTaskDefinition') this.#checkDeregister(call)
    if (arn !== undefined || call.operation === 'UpdateService') this.#checkLock(call)
  }

  after(call: WitnessedCall): void {
    this.#events++
    this.#noteRead(call)
    const arn = routeOf(call)
    const now = arn === undefined ? undefined : routeState(this.#plane, this.#topology, arn)
    if (this.#routeBefore !== undefined && now !== undefined) this.#checkRoute(call, this.#routeBefore, now)
  }

  /** Which colors could take traffic at this moment, and which locks there are. */
  sample(): void {
    const at = this.#now()
    const plans = [...this.#runs.values()].map(({ plan }) => plan)
    this.#readiness.sample(at, plans)
    const locks = locksOf(this.#plane)
    for (const { arn } of locks) if (!this.#lockSince.has(arn)) this.#lockSince.set(arn, at)
  }

  #service(color: SeedColor): ServiceState {
    return serviceState(this.#plane, this.#topology, color)
  }

  #imageOf(taskDefinition: string): string {
    return imageOf(this.#plane, taskDefinition)
  }

  #noteRead({ run, operation }: WitnessedCall): void {
    const known = this.#runs.get(run)
    if (known === undefined) return
    if (operation === 'DescribeServices') known.serviceRead = this.#events
    if (operation !== 'DescribeListeners' && operation !== 'DescribeRules') return
    for (const arn of this.#topology.productionArns) known.routeRead.set(arn, this.#events)
  }

  #production(): readonly RouteState[] {
    return this.#topology.productionArns.flatMap(arn => routeState(this.#plane, this.#topology, arn) ?? [])
  }

  /** The color that every production route gives all to. */
  #whole(): SeedColor | undefined {
    const routes = this.#production()
    return colors.find(color => routes.every(route => shareOf(route, color) === 1))
  }

  #checkRoute({ run }: WitnessedCall, before: RouteState, after: RouteState): void {
    const { arn } = after
    const foreign = this.#foreignWeights.get(arn)
    const known = this.#runs.get(run)
    // Listeners have no compare-and-set: what somebody has written since the last read, nobody can keep.
    const couldKnow = foreign === undefined || (known?.routeRead.get(arn) ?? 0) > foreign.event
    if (couldKnow && after.rest !== before.rest) {
      this.blame('untouched-actions', `${arn} had ${before.rest}, and has ${after.rest}`, run)
    }
    if (!this.#topology.productionArns.includes(arn)) return
    if (after.named.length < colors.length)
      this.blame('both-groups', `${arn} names ${after.named.join() || 'none'}`, run)
    if (after.weights.blue + after.weights.green === 0) this.blame('served', `${arn} gives nobody any weight`, run)
    // A run that begins later takes what it finds for the truth; one that has not read yet cannot know.
    const knew = foreign !== undefined && known !== undefined && (known.routeRead.get(arn) ?? 0) > foreign.event
    if (knew && known.since < foreign.at) {
      this.blame('foreign-weights', `${arn} was written by somebody else, this run has seen it, and wrote over it`, run)
    }
    this.#foreignWeights.delete(arn)
    for (const color of colors) if (shareOf(after, color) > shareOf(before, color)) this.#checkGain(run, color, after)
    const whole = this.#whole()
    if (whole === undefined) return
    this.#lastWhole = whole
    known?.wholeAt.set(whole, this.#now())
    known?.wholeAt.delete(whole === 'blue' ? 'green' : 'blue')
  }

  #checkGain(run: number, color: SeedColor, after: RouteState): void {
    const now = this.#now()
    const service = this.#service(color)
    const provenAt = this.#readiness.provenAt(color, this.#lastWhole === color)
    if (provenAt === undefined || now - provenAt > proofMs) {
      const when = provenAt === undefined ? 'never' : `${Math.round((now - provenAt) / 1_000)} s ago`
      this.blame('proven', `${after.arn} gives ${color} more, which was proven ${when}: ${describe(service)}`, run)
    }
    const image = this.#imageOf(service.taskDefinition)
    if (!this.#images.has(image)) this.blame('revision', `${color} runs ${image}, which no run was asked for`, run)
    if (shareOf(after, color) < 1 || this.#runs.get(run)?.plan['desired-count'] !== undefined) return
    const other = color === 'blue' ? 'green' : 'blue'
    const mine = this.#readiness.running(color).most
    const theirs = this.#readiness.running(other).fewest
    // On the way back it gets no more than it had.
    const restores = this.#lastWhole === color || this.#runs.get(run)?.changed.has(other) === true
    if (mine < theirs && !restores)
      this.blame('capacity', `${color} takes all with ${mine} tasks, ${other} has ${theirs}`, run)
  }

  /** A run that has moved all the traffic to what it has deployed, and calls that a success, has baked. */
  checkBaked(run: number, endedAt: number): void {
    const known = this.#runs.get(run)
    if (known === undefined) return
    const deployed = [...known.wholeAt].filter(([color]) => known.changed.has(color))
    const since = Math.max(...deployed.map(([, at]) => at))
    if (endedAt < since + bakeMsOf(known)) {
      this.blame('bake', `it succeeded ${endedAt - since} ms after it had moved all, before the end of the bake`, run)
    }
  }

  #checkUpdate({ run, input }: WitnessedCall): void {
    const color = colors.find(one => String(input.service).endsWith(`-${one}`))
    const known = this.#runs.get(run)
    if (color === undefined || known === undefined) return
    const seen = {
      now: this.#now(),
      service: this.#service(color),
      routes: this.#production(),
      foreign: this.#foreignService.get(color),
    }
    for (const { rule, says } of updateBreaches(known, color, input, seen)) this.blame(rule, says, run)
    known.changed.set(color, this.#events)
  }

  #checkDeregister({ run, input }: WitnessedCall): void {
    const revision = String(input.taskDefinition)
    const services = colors.map(color => ({ color, ...this.#service(color) }))
    for (const { rule, says } of deregisterBreaches(revision, services)) this.blame(rule, says, run)
  }

  #checkLock({ run, operation }: WitnessedCall): void {
    const known = this.#runs.get(run)
    const [lock] = locksOf(this.#plane)
    if (known === undefined || lock === undefined || lock.nonce === known.nonce) return
    if (this.#now() - (this.#lockSince.get(lock.arn) ?? this.#now()) > noticeMs) {
      this.blame('one-writer', `${operation} although the run ${lock.nonce} has the lock`, run)
    }
  }
}

function isWrite({ operation }: WitnessedCall): boolean {
  return !/^(Describe|List|Get)/.test(operation)
}

/** The listener or rule that a call writes to. */
function routeOf({ operation, input }: WitnessedCall): string | undefined {
  if (operation === 'ModifyListener') return String(input.ListenerArn)
  if (operation === 'ModifyRule') return String(input.RuleArn)
  return undefined
}

function describe({ taskDefinition, desiredCount, runningCount, deployments }: ServiceState): string {
  const [newest] = deployments
  const revision = taskDefinition.slice(taskDefinition.lastIndexOf('/') + 1)
  return `${revision} ${runningCount}/${desiredCount} running, ${newest?.id} ${newest?.rolloutState}`
}
