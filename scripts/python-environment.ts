import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'

/**
 * An environment of Python with packages of PyPI, made the first time and when the list changes.
 *
 * @param name of the folder under `.sandbox`
 * @param requirements file with one pinned package a line
 * @returns the path of a program in it
 */
export function pythonEnvironment(name: string, requirements: string): (program: string) => string {
  const folder = path.join('.sandbox', name)
  const program = (file: string) => path.join(folder, process.platform === 'win32' ? 'Scripts' : 'bin', file)
  /** Written after the installation, so that one that was broken off is made again. */
  const installed = path.join(folder, 'installed.txt')
  const wanted = readFileSync(requirements, 'utf8')
  if (!existsSync(installed) || readFileSync(installed, 'utf8') !== wanted) {
    const run = (command: string, ...args: readonly string[]) => execFileSync(command, args, { stdio: 'inherit' })
    run(process.platform === 'win32' ? 'python' : 'python3', '-m', 'venv', folder)
    run(program('pip'), 'install', '--quiet', '--disable-pip-version-check', '--requirement', requirements)
    writeFileSync(installed, wanted)
  }
  return program
}
