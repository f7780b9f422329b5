import type { DefinitionChange } from '../model/plan.ts'
import { canonical } from './canonical.ts'

/** Values of these are names, numbers and places. Every other may hold what is confidential, so it stays hidden. */
const shown: ReadonlySet<string> = new Set([
  'family',
  'image',
  'cpu',
  'memory',
  'memoryReservation',
  'essential',
  'networkMode',
  'executionRoleArn',
  'taskRoleArn',
  'containerPort',
  'hostPort',
  'protocol',
  'appProtocol',
  'cpuArchitecture',
  'operatingSystemFamily',
  'sizeInGiB',
  'stopTimeout',
  'startTimeout',
  'interval',
  'timeout',
  'retries',
  'startPeriod',
  'readonlyRootFilesystem',
  'privileged',
  'user',
  'logDriver',
  'awslogs-group',
  'awslogs-region',
  'awslogs-stream-prefix',
  'requiresCompatibilities',
  'pidMode',
  'ipcMode',
  'containerPath',
  'sourceVolume',
  'readOnly',
  'condition',
  'containerName',
])

/** What entries of a list are known by: their order means nothing to a reader. */
const keys = ['name', 'key', 'containerName', 'containerPort', 'containerPath']

/**
 * What changes from one registration to the other, member by member, in reading order. Values that may be confidential are
 * not in it: neither those of variables nor of commands, labels and options.
 */
export function definitionDiff(
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): readonly DefinitionChange[] {
  // What ECS fills in by itself is no change.
  return changes('', '', JSON.parse(canonical(before)), JSON.parse(canonical(after)))
}

function changes(path: string, member: string, before: unknown, after: unknown): readonly DefinitionChange[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return []
  const [one, two] = [entriesOf(before), entriesOf(after)]
  if (one !== undefined && two !== undefined) {
    const names = [...new Set([...one.keys(), ...two.keys()])]
    return names.flatMap(name => {
      const at = path === '' ? name : name.startsWith('[') ? `${path}${name}` : `${path}.${name}`
      return changes(at, name.startsWith('[') ? member : name, one.get(name), two.get(name))
    })
  }
  return [
    {
      path,
      ...(before === undefined ? {} : { before: textOf(member, path, before) }),
      ...(after === undefined ? {} : { after: textOf(member, path, after) }),
    },
  ]
}

function textOf(member: string, path: string, value: unknown): string {
  const scalar = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
  // Maps whose keys are the user's own: a label may be called `user`, and hold anything.
  const free =
    /(?:^|\.)(?:environment\w*|secrets|dockerLabels|labels|options|\w+Opts|\w*[pP]roperties|systemControls|tags)(?:[.[]|$)/
  const known = !free.test(path) || /\.logConfiguration\.options\.awslogs-(?:group|region|stream-prefix)$/.test(path)
  return scalar && shown.has(member) && known ? String(value) : '(hidden)'
}

/** Members of a structure or entries of a list by name; undefined for all else, which is compared as a whole. */
function entriesOf(value: unknown): ReadonlyMap<string, unknown> | undefined {
  if (value === undefined || value === null || typeof value !== 'object') return undefined
  if (!Array.isArray(value)) return new Map(Object.entries(value))
  const names = value.map(nameOf)
  // Two entries of one name, such as a port for tcp and udp, are told apart by their places.
  return new Map(
    value.map((entry, index) => {
      const name = names[index]
      const alone = name !== undefined && names.indexOf(name) === names.lastIndexOf(name)
      return [`[${alone ? name : index}]`, entry] as const
    }),
  )
}

function nameOf(entry: unknown): string | undefined {
  if (typeof entry !== 'object' || entry === null) return undefined
  const record = entry as Readonly<Record<string, unknown>>
  const key = keys.find(candidate => record[candidate] !== undefined)
  return key === undefined ? undefined : String(record[key])
}
