import { readFileSync } from 'node:fs'
import path from 'node:path'
import { readTemplate, type Template } from '../../sandbox/infra/template.ts'

/** The stacks of one app, in the order that they need each other. The first one is for those who make the others from a workflow. */
export const order = ['bootstrap', 'network', 'registry', 'capacity', 'app', 'scaling', 'github'] as const

export type StackKey = (typeof order)[number]

/** Values of parameters, by name. */
export type Values = Readonly<Record<string, string>>

export type ValuesOf = Readonly<Record<StackKey, Values>>

const folder = path.join(import.meta.dirname, '../../infra')

/** The app's stack has the app's name; the others say what they are. */
export function stackName(key: StackKey, name: string): string {
  return key === 'app' ? name : `${name}-${key}`
}

export function fileOf(key: StackKey): string {
  return `infra/${fileName(key)}`
}

export function templateOf(key: StackKey): Template {
  return readTemplate(path.join(folder, fileName(key)))
}

export function bodyOf(key: StackKey): string {
  return readFileSync(path.join(folder, fileName(key)), 'utf8')
}

function fileName(key: StackKey): string {
  return key === 'capacity' ? 'capacity-ec2.yml' : `${key}.yml`
}

export function stackPolicy(): string {
  return readFileSync(path.join(folder, 'stack-policy.json'), 'utf8')
}

/** Parameters that a stack of this template has and hardly any other: a stack without them is somebody else's, whatever its name. */
export const marks: Readonly<Record<StackKey, readonly string[]>> = {
  bootstrap: ['Service', 'Network', 'Ec2'],
  network: ['Name', 'PrivateSubnets'],
  registry: ['Repository', 'KeepImages'],
  capacity: ['Cluster', 'MaxInstances'],
  app: ['Service', 'HealthCheckPath', 'TestCidr'],
  scaling: ['Service', 'CpuPercent'],
  github: ['Service', 'SessionSeconds'],
}

/** What the name of the app gives each stack. */
export function named(key: StackKey, name: string): Values {
  switch (key) {
    case 'network':
      return { Name: name }
    case 'registry':
      return { Repository: name }
    case 'capacity':
      return { Cluster: name }
    case 'bootstrap':
    case 'app':
    case 'scaling':
    case 'github':
      return { Service: name }
    default:
      return key satisfies never
  }
}

/** Parameters that are outputs of a stack before: whoever gives none gets these. */
export const fed: Readonly<Record<StackKey, readonly string[]>> = {
  bootstrap: [],
  network: [],
  registry: [],
  capacity: ['VpcId', 'TaskSubnets', 'Boundary'],
  app: [
    ...['VpcId', 'LoadBalancerSubnets', 'TaskSubnets', 'PublicTasks', 'RepositoryArn'],
    ...['Cluster', 'CapacityProvider', 'Architecture', 'Boundary'],
  ],
  scaling: ['Cluster'],
  github: ['Cluster', 'RepositoryArn', 'Boundary'],
}
