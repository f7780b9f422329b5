/**
 * One text for each meaning of a task definition, to compare what somebody wrote with what ECS made of it: ECS fills in
 * defaults, returns empty lists for what was left out, and promises no order of members, variables, secrets and tags.
 * Whatever is not listed here counts as a difference: an unneeded revision is better than a change that is not deployed.
 */
export function canonical(registration: Readonly<Record<string, unknown>>): string {
  const sharesPorts = registration.networkMode === 'awsvpc' || registration.networkMode === 'host'
  return JSON.stringify(registration, (key, value: unknown) => tidy(key, value, sharesPorts))
}

/** Lists whose order means nothing, and what each entry is known by. */
const sets: Readonly<Record<string, string>> = { environment: 'name', secrets: 'name', tags: 'key' }

/** Members that ECS sets when nobody does. */
const defaults: Readonly<Record<string, unknown>> = {
  essential: true,
  cpu: 0,
  protocol: 'tcp',
  enableFaultInjection: false,
}

/** Structures that ECS returns empty when they were left out. Others may mean something when they are empty. */
const idleWhenEmpty = ['host', 'options']

function tidy(key: string, value: unknown, sharesPorts: boolean): unknown {
  if (Array.isArray(value)) return tidyList(key, value)
  if (!isRecord(value)) return value
  const entries = Object.entries(value).filter(([name, member]) => !isDefault(name, member, value, sharesPorts))
  return Object.fromEntries(entries.sort(([one], [two]) => (one < two ? -1 : 1)))
}

function tidyList(key: string, list: readonly unknown[]): readonly unknown[] {
  const known = Object.hasOwn(sets, key) ? sets[key] : undefined
  if (known === undefined) return list
  const nameOf = (entry: unknown) => String(isRecord(entry) ? entry[known] : entry)
  return [...list].sort((one, two) => (nameOf(one) < nameOf(two) ? -1 : 1))
}

function isDefault(
  name: string,
  value: unknown,
  owner: Readonly<Record<string, unknown>>,
  sharesPorts: boolean,
): boolean {
  if (value === undefined || value === null) return true
  if (Array.isArray(value)) return value.length === 0
  if (name === 'hostPort') return value === 0 || (sharesPorts && value === owner.containerPort)
  if (isRecord(value)) return idleWhenEmpty.includes(name) && Object.keys(value).length === 0
  return Object.hasOwn(defaults, name) && defaults[name] === value
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
