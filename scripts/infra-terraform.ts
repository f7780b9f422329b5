import { cpSync, existsSync, readdirSync, rmSync } from 'node:fs'
import path from 'node:path'
import { findTerraform, lacksProvider, missing, skip, type Terraform } from './terraform.ts'

/**
 * Checks the modules of `infra/terraform` with Terraform itself, or OpenTofu: their form, what the provider's schema says of them, and their
 * tests, for which the provider makes up ids. Where the program or the provider cannot be had, a line says what was skipped; with
 * TERRAFORM=required in the environment that is an error.
 */

const workshop = path.join('.sandbox', 'terraform')

/** Every folder that has a configuration. */
function configurations(folder: string): readonly string[] {
  const entries = readdirSync(folder, { withFileTypes: true })
  const inside = entries.filter(one => one.isDirectory()).flatMap(({ name }) => configurations(path.join(folder, name)))
  return entries.some(({ name }) => name.endsWith('.tf')) ? [folder, ...inside] : inside
}

async function must({ name, run }: Terraform, args: readonly string[], folder: string): Promise<string> {
  const { said, code } = await run(args, folder)
  if (code !== 0) throw new Error(`${name} ${args.join(' ')} in ${folder}:\n${said}`)
  return said
}

async function tests(terraform: Terraform, folder: string): Promise<string> {
  if (!existsSync(path.join(folder, 'tests'))) return 'no tests'
  const said = await must(terraform, ['test'], folder)
  const [, passed = '0'] = /^Success! (\d+) passed, 0 failed/m.exec(said) ?? []
  if (passed === '0') throw new Error(`${terraform.name} test in ${folder} found no tests:\n${said}`)
  return `${passed} runs of its tests passed`
}

async function check(): Promise<void> {
  const terraform = findTerraform()
  if (terraform === undefined) {
    skip('fmt, validate and test', missing)
    return
  }
  console.log((await must(terraform, ['version'], '.')).split('\n')[0])
  await must(terraform, ['fmt', '-check', '-diff', '-recursive'], 'infra/terraform')
  console.log('fmt: nothing to mend')

  // A copy, because `init` leaves things behind.
  rmSync(workshop, { recursive: true, force: true })
  for (const one of ['terraform', 'iam']) cpSync(path.join('infra', one), path.join(workshop, one), { recursive: true })
  for (const folder of configurations(path.join(workshop, 'terraform'))) {
    const lack = await lacksProvider(terraform, folder)
    if (lack !== undefined) {
      skip('validate and test', lack)
      return
    }
    await must(terraform, ['validate'], folder)
    console.log(`${path.relative(workshop, folder)}: valid, ${await tests(terraform, folder)}`)
  }
}

try {
  await check()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
