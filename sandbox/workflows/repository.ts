import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { rehearsed } from './rehearsed.ts'

/** A user's repository with the examples in place, and nothing else in it. */
export class Repository {
  readonly folder: string
  readonly #copied: (workflow: string) => string
  #commits = 0

  /** @param copied What becomes of a workflow on its way */
  constructor(examples: string, copied = rehearsed) {
    this.#copied = copied
    this.folder = mkdtempSync(path.join(tmpdir(), 'ecs-bluegreen-examples-'))
    mkdirSync(path.join(this.folder, '.github', 'workflows'), { recursive: true })
    for (const name of readdirSync(examples).filter(file => file.endsWith('.yml'))) {
      this.copy(name, readFileSync(path.join(examples, name), 'utf8'))
    }
    this.#git('init', '--quiet', '--initial-branch=main')
    this.#git('remote', 'add', 'origin', 'https://github.com/acme/shop.git')
  }

  copy(name: string, workflow: string): void {
    writeFileSync(path.join(this.folder, '.github', 'workflows', name), this.#copied(workflow))
  }

  /** @returns the new commit */
  commit(): string {
    writeFileSync(path.join(this.folder, 'change'), `${++this.#commits}\n`)
    this.#git('add', '--all')
    const person = ['-c', 'user.name=Somebody', '-c', 'user.email=somebody@example.com', '-c', 'commit.gpgsign=false']
    this.#git(...person, 'commit', '--quiet', '--message', `Change ${this.#commits}`)
    return this.head
  }

  get head(): string {
    return this.#git('rev-parse', 'HEAD')
  }

  /** Puts a branch or a tag on the commit of today, as `refs/heads/develop`, and checks it out. */
  at(ref: string): void {
    this.#git('update-ref', ref, 'HEAD')
    if (ref.startsWith('refs/heads/')) this.#git('symbolic-ref', 'HEAD', ref)
  }

  /** Puts a mistake into a workflow. */
  breakFile(workflow: string, right: string, wrong: string): void {
    const file = path.join(this.folder, '.github', 'workflows', workflow)
    const text = readFileSync(file, 'utf8')
    if (!text.includes(right)) throw new Error(`${workflow} has no ${right}`)
    writeFileSync(file, text.replaceAll(right, wrong))
  }

  close(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }

  #git(...args: readonly string[]): string {
    const { status, stdout, stderr, error } = spawnSync('git', args, { cwd: this.folder, encoding: 'utf8' })
    if (status !== 0) throw new Error(`git ${args.join(' ')}: ${error?.message ?? stderr}`)
    return stdout.trim()
  }
}
