import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/**
 * Path of a Node 24: this one, if it is, or the project's own.
 * @throws Error when there is neither
 */
export function node24(): string {
  if (process.versions.node.startsWith('24.')) return process.execPath
  try {
    return join(dirname(createRequire(import.meta.url).resolve('node/package.json')), 'bin', 'node')
  } catch (cause) {
    throw new Error('There is no Node 24 to run the action with. Run `npm ci` first.', { cause })
  }
}
