import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

/** Programs that check and run workflows. They come from the Go module proxy, at these versions and with its checksums. */
const tools = {
  actionlint: { package: 'github.com/rhysd/actionlint/cmd/actionlint', version: 'v1.7.12' },
  act: { package: 'github.com/nektos/act', version: 'v0.2.89' },
} as const

export type Tool = keyof typeof tools

// Beside node_modules, not in it: `npm ci` would throw away what took two minutes to build.
const folder = fileURLToPath(new URL('../../.sandbox/go/', import.meta.url))

/** @throws Error when it is not installed */
export function toolPath(tool: Tool): string {
  const file = path.join(binFolder(tool), tool)
  if (!existsSync(file)) throw new Error(`${tool} is not installed: run \`npm run test:examples\`, which installs it.`)
  return file
}

/**
 * Installs what is missing.
 *
 * @throws Error when there is no Go, or it cannot build them
 */
export function installTools(say: (line: string) => void): void {
  for (const tool of Object.keys(tools) as Tool[]) {
    if (existsSync(path.join(binFolder(tool), tool))) continue
    const { package: name, version } = tools[tool]
    say(`Install ${name}@${version}; the first time this takes minutes.`)
    mkdirSync(binFolder(tool), { recursive: true })
    const { error, status } = spawnSync('go', ['install', `${name}@${version}`], {
      env: { ...process.env, GOBIN: binFolder(tool) },
      stdio: 'inherit',
    })
    if (error !== undefined) throw new Error(`Cannot run Go, which builds ${tool}: ${error.message}`)
    if (status !== 0) throw new Error(`go install ${name}@${version} ended with ${status}.`)
  }
}

function binFolder(tool: Tool): string {
  return path.join(folder, `${tool}-${tools[tool].version}`)
}
