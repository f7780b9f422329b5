import { type Random, randomHex } from '../../random.ts'

/** The elastic network interface of one task. */
export interface NetworkInterface {
  readonly ip: string
  readonly zone: string
  readonly subnetId: string
  readonly attachmentId: string
  readonly networkInterfaceId: string
  readonly macAddress: string
}

/** The private network: one /20 per zone, addresses handed out in turn so that a freed one is not reused at once. */
export interface Network {
  attach(subnetId: string, zone: string): NetworkInterface
  release(networkInterface: NetworkInterface): void
}

const ADDRESSES_PER_ZONE = 4096
/** AWS keeps the first four addresses of a subnet. */
const RESERVED = 4

export function createNetwork(random: Random, zones: readonly string[]): Network {
  const used = new Set<string>()
  const next = new Map<string, number>()

  function claim(zone: string): string {
    const base = Math.max(0, zones.indexOf(zone)) * (ADDRESSES_PER_ZONE / 256)
    for (let tries = 0; tries < ADDRESSES_PER_ZONE; tries++) {
      const offset = next.get(zone) ?? RESERVED
      next.set(zone, offset + 1 < ADDRESSES_PER_ZONE - 1 ? offset + 1 : RESERVED)
      const ip = `10.0.${base + (offset >> 8)}.${offset & 255}`
      if (used.has(ip)) continue
      used.add(ip)
      return ip
    }
    throw new Error(`every address of zone ${zone} is in use`)
  }

  return {
    attach(subnetId, zone) {
      const tail = randomHex(random, 8)
      return {
        ip: claim(zone),
        zone,
        subnetId,
        attachmentId: uuid(random),
        networkInterfaceId: `eni-0${randomHex(random, 16)}`,
        macAddress: `0a:58:${tail.match(/../g)?.join(':') ?? tail}`,
      }
    },
    release: networkInterface => {
      used.delete(networkInterface.ip)
    },
  }
}

export function uuid(random: Random): string {
  const hex = randomHex(random, 32)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
