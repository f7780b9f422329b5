import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'

/** Sends a signal to a process, or with a negative number to its group. False when there is none left. */
export function signal(pid: number, name: NodeJS.Signals): boolean {
  try {
    process.kill(pid, name)
    return true
  } catch (error) {
    // EPERM is what macOS says of a group of which only zombies are left.
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ESRCH' || code === 'EPERM') return false
    throw error
  }
}

/** Kills a process, its group and all its descendants, also those that made groups of their own. */
export function killTree(pid: number): void {
  // Looked up first: children of a dead process belong to somebody else.
  const descendants = descendantsOf(pid)
  signal(-pid, 'SIGKILL')
  signal(pid, 'SIGKILL')
  for (const descendant of descendants) signal(descendant, 'SIGKILL')
}

function descendantsOf(pid: number): readonly number[] {
  const children = Map.groupBy(process.platform === 'linux' ? readProc() : askPs(), entry => entry.parent)
  const found: number[] = []
  const visit = (parent: number) => {
    for (const child of children.get(parent) ?? []) {
      found.push(child.pid)
      visit(child.pid)
    }
  }
  visit(pid)
  return found
}

interface ProcessEntry {
  readonly pid: number
  readonly parent: number
}

// Slim Linux images have no `ps`.
function readProc(): readonly ProcessEntry[] {
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .flatMap(name => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'utf8')
        // "pid (name) state ppid …": the name may itself hold blanks and parentheses.
        return [{ pid: Number(name), parent: Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) }]
      } catch {
        // It ended while we were reading.
        return []
      }
    })
}

function askPs(): readonly ProcessEntry[] {
  const table = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' })
  return table
    .trim()
    .split('\n')
    .map(line => {
      const [pid, parent] = line.trim().split(/\s+/).map(Number)
      return { pid: pid ?? 0, parent: parent ?? 0 }
    })
}
