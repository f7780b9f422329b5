/**
 * Deployments of one repository as GitHub keeps them. What is written here about `auto_inactive` is what its OpenAPI description says
 * of it: earlier ones that are neither transient nor production, and that had a `success`.
 */

export const statusStates = ['error', 'failure', 'inactive', 'in_progress', 'queued', 'pending', 'success'] as const
export type StatusState = (typeof statusStates)[number]

export interface StatusRecord {
  readonly id: number
  readonly state: StatusState
  readonly description: string
  readonly logUrl: string
  readonly environmentUrl: string
  readonly at: number
}

export interface DeploymentRecord {
  readonly id: number
  readonly sha: string
  readonly ref: string
  readonly task: string
  readonly environment: string
  readonly description: string
  readonly payload: Readonly<Record<string, unknown>> | string
  readonly transient: boolean
  readonly production: boolean
  readonly at: number
  /** Newest first, as GitHub lists them. */
  readonly statuses: readonly StatusRecord[]
}

export type NewDeployment = Omit<DeploymentRecord, 'id' | 'at' | 'statuses'>
export type NewStatus = Omit<StatusRecord, 'id' | 'at'> & { readonly autoInactive: boolean }

export interface Deployments {
  add(deployment: NewDeployment): DeploymentRecord
  /** @returns undefined when there is no such deployment */
  addStatus(deploymentId: number, status: NewStatus): StatusRecord | undefined
  find(id: number): DeploymentRecord | undefined
  /** Newest first. */
  all(): readonly DeploymentRecord[]
}

export function createDeployments(now: () => number): Deployments {
  let records: readonly DeploymentRecord[] = []
  let lastId = 1_000
  const find = (id: number) => records.find(record => record.id === id)

  function append(id: number, { autoInactive: _, ...status }: NewStatus): StatusRecord {
    const added = { ...status, id: ++lastId, at: now() }
    records = records.map(record => (record.id === id ? { ...record, statuses: [added, ...record.statuses] } : record))
    return added
  }

  return {
    add(deployment) {
      const added = { ...deployment, id: ++lastId, at: now(), statuses: [] }
      records = [added, ...records]
      return added
    },
    addStatus(id, status) {
      const own = find(id)
      if (own === undefined) return undefined
      const added = append(id, status)
      if (status.state === 'success' && status.autoInactive) {
        for (const other of records.filter(record => isRetiredBy(own, record))) {
          append(other.id, { ...status, state: 'inactive', description: '', autoInactive: false })
        }
      }
      return added
    },
    find,
    all: () => records,
  }
}

function isRetiredBy(own: DeploymentRecord, other: DeploymentRecord): boolean {
  const earlier = other.id < own.id && other.environment === own.environment
  return earlier && !other.transient && !other.production && other.statuses[0]?.state === 'success'
}
