import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'

/**
 * Checks the templates of `infra/` with every rule of cfn-lint (.cfnlintrc.yaml) and with checkov, which looks at the sample app's
 * Dockerfile, too. Both come from PyPI into an environment of their own under `.sandbox`. What checkov need not say is written, with the
 * reason, beside the resource.
 */

const venv = '.sandbox/infra-venv'
const program = (name: string) => path.join(venv, process.platform === 'win32' ? 'Scripts' : 'bin', name)
const run = (command: string, ...args: readonly string[]) => execFileSync(command, args, { stdio: 'inherit' })

/** Written after the installation, so that one that was broken off is made again. */
const installed = path.join(venv, 'installed.txt')
const wanted = readFileSync('infra/requirements.txt', 'utf8')
if (!existsSync(installed) || readFileSync(installed, 'utf8') !== wanted) {
  run(process.platform === 'win32' ? 'python' : 'python3', '-m', 'venv', venv)
  run(program('pip'), 'install', '--quiet', '--disable-pip-version-check', '--requirement', 'infra/requirements.txt')
  writeFileSync(installed, wanted)
}
run(program('cfn-lint'), '--config-file', '.cfnlintrc.yaml', '--non-zero-exit-code', 'informational')

const scan = (framework: string, ...what: readonly string[]) =>
  // It would ask its maker's server for the texts of its rules.
  run(program('checkov'), ...what, '--framework', framework, '--compact', '--quiet', '--skip-download')
scan('cloudformation', '--directory', 'infra')
scan('dockerfile', '--file', 'sample-app/Dockerfile')
