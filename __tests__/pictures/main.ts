import { spawnSync } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * Finds a Chromium, installs Debian's where there is none and apt can, and runs the tests with it. Without one it says so: on CI, or when
 * PICTURES=required, that is a failure, because somebody asked for the pictures.
 */

const repository = fileURLToPath(new URL('../..', import.meta.url))

/** Debian's, Ubuntu's, and what GitHub's runners have. */
const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

function find(): string | undefined {
  if (process.env.CHROMIUM) return process.env.CHROMIUM
  const folders = (process.env.PATH ?? '').split(path.delimiter)
  return names.flatMap(name => folders.map(folder => path.join(folder, name))).find(runs)
}

function runs(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

function install(): void {
  process.stderr.write('Install chromium by apt-get: this machine has no browser\n')
  const asRoot = process.getuid?.() === 0 ? [] : ['sudo', '-n']
  for (const args of [['update'], ['install', '--yes', '--no-install-recommends', 'chromium']]) {
    const [command = '', ...rest] = [...asRoot, 'apt-get', '-qq', ...args]
    const { status } = spawnSync(command, rest, {
      stdio: 'inherit',
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    })
    if (status !== 0) return
  }
}

let browser = find()
if (browser === undefined && process.platform === 'linux') {
  install()
  browser = find()
}
if (browser === undefined) {
  const required = process.env.CI === 'true' || process.env.PICTURES === 'required'
  process.stderr.write(
    `No Chromium was found, nor could it be installed: ${required ? 'the pictures were asked for, so this fails' : 'no picture is drawn or looked at'}. Install Chromium or Chrome, or set CHROMIUM to its path.\n`,
  )
  process.exitCode = required ? 1 : 0
} else {
  const jest = ['--experimental-vm-modules', path.join('node_modules', 'jest', 'bin', 'jest.js')]
  const args = [...jest, '--config', 'jest.pictures.config.js', ...process.argv.slice(2)]
  const env = { ...process.env, CHROMIUM: browser }
  process.exitCode = spawnSync(process.execPath, args, { cwd: repository, stdio: 'inherit', env }).status ?? 1
}
