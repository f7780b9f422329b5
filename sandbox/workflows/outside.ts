import { existsSync } from 'node:fs'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { imageTags } from './image-tags.ts'
import { checkOut } from './own-checkout.ts'
import { type Registry, registryHost } from './registry.ts'

/** What a workflow of ours needs from the world outside its runner, except AWS itself: credentials, and a place for images. */
export interface OutsideOptions {
  /** The sandbox's, which a job gets only by asking for credentials. */
  readonly aws: Readonly<Record<string, string>>
  readonly registry: Registry
  /** Resolves when this job may have its credentials, such as after somebody has looked at what the job before it has done. */
  readonly approve: (job: string, role: string) => Promise<void>
}

interface ActionCall {
  readonly action: string
  readonly job: string
  readonly ref: string
  readonly sha: string
  readonly workspace: string
  readonly inputs: Readonly<Record<string, string>>
}

interface ActionAnswer {
  readonly env?: Readonly<Record<string, string>>
  readonly outputs?: Readonly<Record<string, string>>
}

/** The actions that it stands in for. */
export const outsideActions = [
  'actions/checkout',
  'aws-actions/configure-aws-credentials',
  'aws-actions/amazon-ecr-login',
  'docker/metadata-action',
  'docker/setup-buildx-action',
  'docker/build-push-action',
  'actions/upload-artifact',
] as const

export interface Outside {
  readonly url: string
  close(): Promise<void>
}

export async function startOutside(options: OutsideOptions): Promise<Outside> {
  const server = createServer((request, response) => {
    answer(request, options)
      .then(body => response.end(JSON.stringify(body)))
      // The step that asked fails with this.
      .catch((error: unknown) => response.writeHead(500).end(String(error)))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}

async function answer(request: IncomingMessage, options: OutsideOptions): Promise<unknown> {
  const body = JSON.parse(await text(request))
  if (request.url === '/program') return options.registry.run(body.program, body.args)
  const { env = {}, outputs = {} } = await act(body as ActionCall, options)
  return { env, outputs }
}

async function act(call: ActionCall, { aws, registry, approve }: OutsideOptions): Promise<ActionAnswer> {
  const { inputs } = call
  switch (call.action) {
    case 'aws-actions/configure-aws-credentials':
      if (!/^arn:aws:iam::\d{12}:role\//.test(inputs['role-to-assume'] ?? '')) throw new Error('no role to assume')
      if (inputs['aws-region'] !== aws.AWS_REGION) throw new Error(`not the Region: ${inputs['aws-region']}`)
      await approve(call.job, inputs['role-to-assume'] ?? '')
      return { env: aws }
    // act plays the checkout of the workflow's own repository itself.
    case 'actions/checkout':
      checkOut(inputs.repository ?? '', call.workspace)
      return {}
    case 'aws-actions/amazon-ecr-login':
      return { outputs: { registry: registryHost } }
    case 'docker/metadata-action': {
      const tags = imageTags(inputs.images ?? '', inputs.tags ?? '', { ...call, today: new Date() })
      return { outputs: { tags: tags.join('\n'), labels: `org.opencontainers.image.revision=${call.sha}` } }
    }
    case 'docker/setup-buildx-action':
      return {}
    case 'docker/build-push-action':
      return { outputs: { digest: registry.push((inputs.tags ?? '').split('\n').filter(tag => tag !== '')) } }
    case 'actions/upload-artifact':
      if (!existsSync(inputs.path ?? '')) throw new Error(`no file to keep: ${inputs.path}`)
      return {}
    default:
      throw new Error(`The rehearsal has no stand-in for ${call.action}.`)
  }
}

async function text(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString()
}
