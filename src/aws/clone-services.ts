import { createHash } from 'node:crypto'
import {
  CreateServiceCommand,
  type CreateServiceCommandInput,
  DeleteServiceCommand,
  DeleteTaskDefinitionsCommand,
  DescribeServicesCommand,
  type ECSClient,
  ListServicesCommand,
  ListTaskDefinitionFamiliesCommand,
  TagResourceCommand,
} from '@aws-sdk/client-ecs'
import type { ServiceSeen, Settings, Tags } from '../model/clone.ts'
import type { CloneServices } from './clone-ports.ts'
import type { Doing } from './doing.ts'
import { errorName, explain } from './errors.ts'
import { serviceView } from './views.ts'

/** DescribeServices takes no more. */
const servicesPerCall = 10

/** Refusals of CreateService that time heals: an association or a deletion that ECS has not heard of, a service that it does not show yet. */
const healed = /does not have an associated load balancer|still Draining|was not idempotent/i

export function cloneServices(ecs: ECSClient, cluster: string, signal: AbortSignal): CloneServices {
  const options = { abortSignal: signal }

  async function call<T>(doing: Doing, send: () => Promise<T>): Promise<T> {
    try {
      return await send()
    } catch (error) {
      throw explain(error, doing)
    }
  }

  return {
    async describe(names) {
      const found: ServiceSeen[] = []
      for (let at = 0; at < names.length; at += servicesPerCall) {
        const services = names.slice(at, at + servicesPerCall)
        const doing = { what: `describe ${services.join(', ')}`, action: 'ecs:DescribeServices', resource: '*' }
        const command = new DescribeServicesCommand({ cluster, services, include: ['TAGS'] })
        const answer = await call(doing, () => ecs.send(command, options))
        for (const service of answer.services ?? []) {
          const tags = Object.fromEntries((service.tags ?? []).map(({ key = '', value = '' }) => [key, value]))
          found.push({ view: serviceView(service), tags, described: service as unknown as Settings })
        }
      }
      return found
    },

    list: () =>
      pages(async nextToken => {
        const doing = { what: `list the services of ${cluster}`, action: 'ecs:ListServices', resource: '*' }
        const command = new ListServicesCommand({ cluster, maxResults: 100, ...nextToken })
        const page = await call(doing, () => ecs.send(command, options))
        const names = (page.serviceArns ?? []).map(arn => arn.slice(arn.lastIndexOf('/') + 1))
        return { items: names, next: page.nextToken }
      }),

    async create(request) {
      const name = String(request.serviceName)
      const input = { ...request, cluster } as unknown as CreateServiceCommandInput
      // The SDK gives RunTask a token by itself, but not this call.
      const clientToken = createHash('sha256').update(JSON.stringify(input)).digest('hex').slice(0, 36)
      try {
        const answer = await ecs.send(new CreateServiceCommand({ ...input, clientToken }))
        return { kind: 'created', view: serviceView(answer.service ?? {}) }
      } catch (error) {
        const said = error instanceof Error ? error.message : String(error)
        if (errorName(error) === 'InvalidParameter' && healed.test(said)) return { kind: 'later', said }
        throw explain(error, { what: `make the service ${name}`, action: 'ecs:CreateService', resource: name })
      }
    },

    async remove(name) {
      try {
        await ecs.send(new DeleteServiceCommand({ cluster, service: name, force: true }))
      } catch (error) {
        if (['ServiceNotFound', 'ServiceNotActive'].includes(errorName(error))) return
        throw explain(error, { what: `delete the service ${name}`, action: 'ecs:DeleteService', resource: name })
      }
    },

    async tag(resourceArn, tags) {
      const doing = { what: `tag ${resourceArn}`, action: 'ecs:TagResource', resource: resourceArn }
      await call(doing, () => ecs.send(new TagResourceCommand({ resourceArn, tags: tagList(tags) })))
    },

    families: (familyPrefix, status) =>
      pages(async nextToken => {
        const what = `list families that begin with ${familyPrefix}`
        const doing = { what, action: 'ecs:ListTaskDefinitionFamilies', resource: '*' }
        const input = { familyPrefix, status, maxResults: 100, ...nextToken }
        const page = await call(doing, () => ecs.send(new ListTaskDefinitionFamiliesCommand(input), options))
        return { items: page.families ?? [], next: page.nextToken }
      }),

    async deleteRevisions(arns) {
      const doing = { what: `delete ${arns.join(', ')}`, action: 'ecs:DeleteTaskDefinitions', resource: '*' }
      const command = new DeleteTaskDefinitionsCommand({ taskDefinitions: [...arns] })
      const { failures = [] } = await call(doing, () => ecs.send(command))
      // Whoever else has deleted it has done the same.
      const failed = failures.find(({ reason }) => reason !== 'MISSING')
      if (failed !== undefined) {
        const { arn = '', reason = 'without a reason', detail = '' } = failed
        throw explain(new Error(`ECS keeps ${arn}: ${reason} ${detail}`.trim()), doing)
      }
    },
  }
}

async function pages<T>(
  read: (token: { readonly nextToken?: string }) => Promise<{ items: readonly T[]; next: string | undefined }>,
): Promise<readonly T[]> {
  const all: T[] = []
  let nextToken: string | undefined
  do {
    const { items, next } = await read(nextToken === undefined ? {} : { nextToken })
    all.push(...items)
    nextToken = next
  } while (nextToken !== undefined)
  return all
}

function tagList(tags: Tags): { key: string; value: string }[] {
  return Object.entries(tags).map(([key, value]) => ({ key, value }))
}
