import net from 'node:net'

// Below what Linux (from 32768) and macOS (from 49152) give to outgoing connections: a busy client must not take a
// task's port between the moment we choose it and the moment the task listens on it.
const lowest = 20_000
const highest = 32_000

/** Chooses loopback ports for tasks, each at most once as long as there are others. */
export class FreePorts {
  readonly #chosen = new Set<number>()

  /** @throws Error when no port is free */
  async choose(): Promise<number> {
    for (let attempt = 0; attempt < 1000; attempt++) {
      const port = lowest + Math.floor(Math.random() * (highest - lowest))
      if (this.#chosen.has(port)) continue
      this.#chosen.add(port)
      if (this.#chosen.size > (highest - lowest) / 2) this.#chosen.clear()
      if (await isFree(port)) return port
    }
    throw new Error(`no free port between ${lowest} and ${highest}`)
  }
}

/**
 * Free means that nobody answers and that we can listen. The first finds listeners on every address, which macOS
 * lets us bind beside; the second finds what is bound and does not listen.
 */
async function isFree(port: number): Promise<boolean> {
  return !(await answers(port)) && (await bindable(port))
}

function answers(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const socket = net.connect(port, '127.0.0.1')
    socket.once('connect', () => resolve(true))
    socket.once('connect', () => socket.destroy())
    socket.once('error', () => resolve(false))
  })
}

function bindable(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const server = net.createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}
