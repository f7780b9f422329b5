import { execFile, spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import path from 'node:path'

/** Terraform, or OpenTofu, where one of the two is on the PATH. */
export interface Terraform {
  readonly name: string
  run(args: readonly string[], folder: string, more?: NodeJS.ProcessEnv): Promise<{ said: string; code: number }>
}

/** Kept between runs: the provider is large. */
const providers = path.resolve('.sandbox', 'terraform-providers')

export function findTerraform(): Terraform | undefined {
  const name = ['terraform', 'tofu'].find(one => spawnSync(one, ['version'], { stdio: 'ignore' }).error === undefined)
  if (name === undefined) return undefined
  return {
    name,
    run(args, folder, more = {}) {
      mkdirSync(providers, { recursive: true })
      const env = {
        ...process.env,
        CHECKPOINT_DISABLE: '1',
        TF_IN_AUTOMATION: '1',
        TF_PLUGIN_CACHE_DIR: providers,
        // The modules have no lock file: what uses them has one.
        TF_PLUGIN_CACHE_MAY_BREAK_DEPENDENCY_LOCK_FILE: '1',
        ...more,
      }
      const options = { cwd: folder, env, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 } as const
      return new Promise((resolve, reject) => {
        execFile(name, [...args, '-no-color'], options, (error, stdout, stderr) => {
          if (error === null) resolve({ said: stdout + stderr, code: 0 })
          else if (typeof error.code === 'number') resolve({ said: stdout + stderr, code: error.code })
          else reject(error)
        })
      })
    },
  }
}

/**
 * Fetches the provider.
 *
 * @returns why it cannot be had, which is no fault of the configuration; undefined when all is there
 * @throws Error when it is refused for any other reason
 */
export async function lacksProvider(terraform: Terraform, folder: string): Promise<string | undefined> {
  const { said, code } = await terraform.run(['init', '-backend=false', '-input=false'], folder)
  if (code === 0) return undefined
  if (!/Failed to (query available provider packages|install provider)/.test(said)) {
    throw new Error(`${terraform.name} init in ${folder}:\n${said}`)
  }
  const [why = said] = /(could not|Error while).*?(?= To see |$)/.exec(said.replaceAll(/\s+/g, ' ')) ?? []
  return `the provider cannot be had: ${why}`
}

export const missing = 'neither terraform nor tofu is on the PATH'

/** Says what is not checked; with TERRAFORM=required that is an error. */
export function skip(what: string, why: string): void {
  if (process.env.TERRAFORM === 'required') throw new Error(`${what}: ${why} (TERRAFORM=required)`)
  // Not the console: a test runner keeps what suites say there that it skips.
  process.stdout.write(`skipped: ${what}: ${why}\n`)
}
