import { spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

/** `npm run infra:up` and `infra:down` as processes, with a home of their own. */

const repository = path.join(import.meta.dirname, '../../..')

export interface Ended {
  readonly code: number | null
  /** What it printed, in the order in which it came. */
  readonly said: string
}

export class Home {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'infra-'))
  readonly #env: Readonly<Record<string, string>>

  constructor(env: Readonly<Record<string, string>>) {
    this.#env = env
  }

  /** @param more environment; an empty value takes the variable away */
  run(args: readonly string[], more: Readonly<Record<string, string>> = {}, input = ''): Promise<Ended> {
    const env = {
      // Docker of this machine has no say; a stand-in may be put here.
      PATH: this.folder,
      HOME: this.folder,
      AWS_EC2_METADATA_DISABLED: 'true',
      NO_PROXY: '127.0.0.1',
      ...this.#env,
      ...more,
    }
    const present = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''))
    const child = spawn(process.execPath, ['scripts/infra/main.ts', ...args, '--poll', '0.01s'], {
      cwd: repository,
      env: present,
    })
    let said = ''
    const hear = (chunk: Buffer) => {
      said += chunk.toString()
    }
    child.stdout.on('data', hear)
    child.stderr.on('data', hear)
    child.stdin.end(input)
    return new Promise((resolve, reject) => {
      child.on('error', reject)
      child.on('close', code => resolve({ code, said }))
    })
  }

  /** A docker that does nothing, and notes what it is asked. */
  installDocker(then = 'exit 0'): void {
    this.#program(
      'docker',
      `#!/bin/sh\nwhile read -r _; do :; done\necho "$*" >> ${this.path('docker.log')}\n${then}\n`,
    )
  }

  dockerCalls(): readonly string[] {
    return readFileSync(this.path('docker.log'), 'utf8').trim().split('\n')
  }

  path(name: string): string {
    return path.join(this.folder, name)
  }

  #program(name: string, script: string): void {
    writeFileSync(this.path(name), script)
    chmodSync(this.path(name), 0o755)
  }

  close(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }
}
