import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Task, WorkerSays } from './worker.ts'

const worker = fileURLToPath(new URL('./worker.ts', import.meta.url))

/** Cases of a worker are in one memory; what the SDK's clients leave behind adds up over thousands of them. */
const casesPerWorker = 1_000

/**
 * Plays every case in worker processes, each as soon as one is free.
 *
 * @param hear is told of every case; false ends it all
 * @throws Error when a worker dies
 */
export async function playAll(
  tasks: Iterable<Task>,
  workers: number,
  hear: (says: WorkerSays) => boolean,
): Promise<void> {
  const left = tasks[Symbol.iterator]()
  let stopped = false
  await Promise.all(Array.from({ length: workers }, () => work()))

  async function work(): Promise<void> {
    while (!stopped) {
      const child = fork(worker, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
      try {
        for (let cases = 0; cases < casesPerWorker && !stopped; cases++) {
          const next = left.next()
          if (next.done) return
          if (!hear(await playOne(child, next.value))) stopped = true
        }
      } finally {
        child.kill()
      }
    }
  }
}

function playOne(child: ChildProcess, task: Task): Promise<WorkerSays> {
  return new Promise((resolve, reject) => {
    const died = (code: number | null) =>
      reject(new Error(`the worker that played seed ${task.seed} ended with ${code}`))
    child.once('exit', died)
    child.once('message', message => {
      child.off('exit', died)
      resolve(message as WorkerSays)
    })
    child.send(task)
  })
}
