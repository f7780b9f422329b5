import type { RoutedRequest, TargetAddress } from '../ports.ts'
import { targetKey } from './state.ts'

/**
 * Sticky cookies. The real ones are encrypted; these only have to be opaque to clients, and to carry their own
 * expiry in the sandbox's time, which may run faster than the client's.
 */
const GROUP_COOKIE = 'AWSALBTG'
const TARGET_COOKIE = 'AWSALB'

/** The group that a request is bound to, if its cookie has not expired. */
export function boundGroup(request: RoutedRequest, now: number): string | undefined {
  return read(request, GROUP_COOKIE, now)
}

/** `Set-Cookie` values. Given once: the duration counts from the first request, not from the last. */
export function bindGroup(targetGroupArn: string, now: number, seconds: number): readonly string[] {
  return write(GROUP_COOKIE, targetGroupArn, now, seconds)
}

/** The `ip:port` that a request is bound to within a group. */
export function boundTarget(request: RoutedRequest, targetGroupArn: string, now: number): string | undefined {
  const [arn, key] = read(request, TARGET_COOKIE, now)?.split(' ') ?? []
  return arn === targetGroupArn ? key : undefined
}

/** `Set-Cookie` values. Given with every response: the session lasts while the client keeps coming. */
export function bindTarget(
  targetGroupArn: string,
  target: TargetAddress,
  now: number,
  seconds: number,
): readonly string[] {
  return write(TARGET_COOKIE, `${targetGroupArn} ${targetKey(target)}`, now, seconds)
}

function write(name: string, content: string, now: number, seconds: number): readonly string[] {
  const expiresAt = now + seconds * 1000
  const value = Buffer.from(`${Math.round(expiresAt)} ${content}`).toString('base64url')
  const expires = new Date(expiresAt).toUTCString()
  return [
    `${name}=${value}; Expires=${expires}; Path=/`,
    `${name}CORS=${value}; Expires=${expires}; Path=/; SameSite=None; Secure`,
  ]
}

function read(request: RoutedRequest, name: string, now: number): string | undefined {
  const header = request.header('cookie')
  if (header === undefined) return undefined
  const value = find(header, name) ?? find(header, `${name}CORS`)
  if (value === undefined) return undefined
  const text = Buffer.from(value, 'base64url').toString()
  const space = text.indexOf(' ')
  return Number(text.slice(0, space)) > now ? text.slice(space + 1) : undefined
}

function find(header: string, name: string): string | undefined {
  const prefix = `${name}=`
  return header
    .split(';')
    .map(part => part.trim())
    .find(part => part.startsWith(prefix))
    ?.slice(prefix.length)
}
