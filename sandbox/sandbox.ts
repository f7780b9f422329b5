import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { inClockTime } from './clock-times.ts'
import { type Cloud, createCloud } from './cloud/cloud.ts'
import { type CloudSettings, calmSettings } from './cloud/settings.ts'
import { isSteady, seedTopology, standardTopology, type Topology } from './cloud/topology.ts'
import type { TopologyOptions } from './cloud/topology-options.ts'
import { seededRandom } from './random.ts'
import { createIdentity } from './runtime/certificate.ts'
import { createDataPlane } from './runtime/data-plane.ts'
import { createProcessRuntime } from './runtime/process-runtime.ts'
import { wallTimeline } from './timeline.ts'
import { createWireServer, type WireServer } from './wire/server.ts'

export interface SandboxOptions {
  /** Sandbox seconds per second of the wall clock. */
  readonly speed?: number
  /** Program and arguments of every task; the sample app when absent. */
  readonly appCommand?: readonly string[]
  /** Ports of this machine; free ones when absent. */
  readonly ports?: {
    readonly api?: number
    readonly production?: number
    readonly test?: number
    /** Of the first HTTPS listener. */
    readonly https?: number
  }
  readonly topology?: Partial<TopologyOptions>
  /** Builds the world in place of `seedTopology`, with listeners as `topology` has them. */
  readonly seedWith?: (cloud: Cloud) => Topology
  readonly settings?: Partial<CloudSettings>
  /** Seed of every random delay and id. */
  readonly seed?: number
  /** Output of the tasks, line by line. */
  readonly log?: (line: string) => void
}

export interface Sandbox {
  /** What `npm run sandbox -- --json` prints. */
  readonly description: SandboxDescription
  readonly cloud: Cloud
  readonly topology: Topology
  /** Its call log and its faults. */
  readonly api: WireServer
  /** Base URL of a listener's port, as in the topology. */
  url(listenerPort: number): string
  close(): Promise<void>
}

export interface SandboxDescription {
  readonly env: Readonly<Record<string, string>>
  readonly inputs: Topology['inputs']
  readonly productionUrl: string
  /** Empty without a test listener. */
  readonly testUrl: string
  /** Only with an HTTPS listener. */
  readonly httpsUrl?: string
  /** The certificate that HTTPS clients have to trust (PEM), as `NODE_EXTRA_CA_CERTS` in `env` says too; gone at the end. */
  readonly caFile?: string
}

/** How often a start looks whether every task serves, in wall time. */
const steadyLookMs = 20

/** Longer than the slowest machine needs for four tasks; then something is wrong with the program. */
const steadyLimitMs = 60_000

/**
 * Starts a whole AWS on this machine: API, load balancer and tasks. Resolves when every task serves.
 *
 * @throws Error when the tasks do not become healthy, such as a program that ignores PORT
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const speed = options.speed ?? 1
  const settings = { ...calmSettings, ...options.settings }
  const timeline = wallTimeline(speed)
  const runtime = createProcessRuntime({
    speed,
    ...(options.appCommand === undefined ? {} : { appCommand: options.appCommand }),
    ...(options.log === undefined ? {} : { log: options.log }),
  })
  const cloud = createCloud({ timeline, random: seededRandom(options.seed ?? 1), settings, runtime })
  const wanted = { ...standardTopology, ...options.topology }
  const portOf = new Map([
    [wanted.httpsPorts[0], options.ports?.https],
    [wanted.testPort, options.ports?.test],
    [wanted.productionPorts[0], options.ports?.production],
  ])
  const identity = createIdentity()
  const dataPlane = createDataPlane({
    loadBalancers: () => cloud.elb.loadBalancers(),
    resolve: target => runtime.resolve(target),
    portFor: (_, listenerPort) => portOf.get(listenerPort),
    identity,
  })
  cloud.elb.subscribe(dataPlane)
  const topology = options.seedWith?.(cloud) ?? seedTopology(cloud, wanted)
  const controlPlane = speed === 1 ? cloud : inClockTime(cloud, timeline)
  const api = await createWireServer({ controlPlane, port: options.ports?.api ?? 0 })

  let trusted: ReturnType<typeof trustFile> | undefined
  const close = async () => {
    trusted?.remove()
    await api.close()
    await dataPlane.close()
    await runtime.close()
    timeline.stop()
  }
  const url = (listenerPort: number) => {
    const port = dataPlane.port(topology.loadBalancerArn, listenerPort)
    if (port === undefined) throw new Error(`the sandbox has no listener on port ${listenerPort}`)
    return `${wanted.httpsPorts.includes(listenerPort) ? 'https' : 'http'}://127.0.0.1:${port}`
  }
  try {
    await dataPlane.ready()
    await untilSteady(cloud)
    // Last: who is killed while starting leaves no file behind.
    if (wanted.httpsPorts.length > 0) trusted = trustFile(identity.certificate)
  } catch (error) {
    await close()
    throw error
  }
  return {
    description: {
      env: {
        AWS_ENDPOINT_URL: api.endpoint,
        AWS_REGION: settings.region,
        // The AWS CLI reads only this one.
        AWS_DEFAULT_REGION: settings.region,
        // The form of real ones; the sandbox looks at neither.
        AWS_ACCESS_KEY_ID: 'SANDBOX',
        AWS_SECRET_ACCESS_KEY: 'sandbox',
        ...(trusted && { NODE_EXTRA_CA_CERTS: trusted.file }),
      },
      inputs: topology.inputs,
      productionUrl: url(wanted.productionPorts[0] as number),
      testUrl: wanted.testPort === undefined ? '' : url(wanted.testPort),
      ...(trusted && { httpsUrl: url(wanted.httpsPorts[0] as number), caFile: trusted.file }),
    },
    cloud,
    topology,
    api,
    url,
    close,
  }
}

/** Programs take a certificate to trust from a file. */
function trustFile(certificate: string): { readonly file: string; remove(): void } {
  const folder = mkdtempSync(path.join(tmpdir(), 'ecs-bluegreen-sandbox-'))
  const file = path.join(folder, 'ca.pem')
  writeFileSync(file, certificate)
  return { file, remove: () => rmSync(folder, { recursive: true, force: true }) }
}

async function untilSteady(cloud: Cloud): Promise<void> {
  const giveUpAt = performance.now() + steadyLimitMs
  while (!isSteady(cloud)) {
    if (performance.now() > giveUpAt) {
      throw new Error(
        `the sandbox's tasks did not become healthy within ${steadyLimitMs / 1000}s: does the program listen on PORT and answer GET /health with 200?`,
      )
    }
    await new Promise(resolve => setTimeout(resolve, steadyLookMs))
  }
}
