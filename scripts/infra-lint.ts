import { execFileSync } from 'node:child_process'
import { pythonEnvironment } from './python-environment.ts'

/**
 * Checks the templates of `infra/` with every rule of cfn-lint (.cfnlintrc.yaml) and with checkov, which looks at the Terraform modules and
 * the sample app's Dockerfile, too. Both come from PyPI into an environment of their own under `.sandbox`. What checkov need not say is written, with the
 * reason, beside the resource.
 */

const program = pythonEnvironment('infra-venv', 'infra/requirements.txt')
const run = (command: string, ...args: readonly string[]) => execFileSync(command, args, { stdio: 'inherit' })

run(program('cfn-lint'), '--config-file', '.cfnlintrc.yaml', '--non-zero-exit-code', 'informational')

const scan = (framework: string, ...what: readonly string[]) =>
  // It would ask its maker's server for the texts of its rules.
  run(program('checkov'), ...what, '--framework', framework, '--compact', '--quiet', '--skip-download')
scan('cloudformation', '--directory', 'infra')
scan('terraform', '--directory', 'infra/terraform')
scan('dockerfile', '--file', 'sample-app/Dockerfile')
