import { chdir, exit } from 'node:process'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { clientMemory, probeCost } from './client-cost.ts'
import { coldStart } from './cold-start.ts'
import { memory } from './memory.ts'
import { machine, print } from './numbers.ts'
import { polling } from './polling.ts'
import { previews } from './previews.ts'
import { rollback } from './rollback.ts'
import { clientThroughput, dataPlaneThroughput } from './throughput.ts'
import { warmRollback } from './warm-rollback.ts'

/**
 * Measures what the project promises about speed and prints it beside the promise. A figure that misses it fails nothing:
 * machines differ, and the reader judges.
 */

chdir(fileURLToPath(new URL('..', import.meta.url)))
// Through `exit`, so that servers of ours are ended too.
process.once('SIGINT', () => exit(130))
process.once('SIGTERM', () => exit(143))

const { values } = parseArgs({ options: { quick: { type: 'boolean', default: false } } })
const size = values.quick
  ? { starts: 5, seeds: 8, deploys: 1, rollbacks: 3, load: { seconds: 2, rounds: 2 }, requests: 100_000 }
  : { starts: 15, seeds: 25, deploys: 3, rollbacks: 7, load: { seconds: 5, rounds: 3 }, requests: 4_000_000 }

const startedAt = performance.now()
console.log(`On ${machine()}${values.quick ? '; quick: few runs, rough figures' : ''}.`)
console.log('Other programs may share the machine: trust ratios taken within one run more than figures.')
print('Cold start: from spawning the process to its first call reaching AWS', await coldStart(size.starts))
print(
  `Deploys in virtual time, ${size.seeds} seeds each: from the last target turning healthy to the switch`,
  await polling(size.seeds),
)
print(
  `Canaries in virtual time, ${size.seeds} seeds: from a bad sign to the write that moves traffic back`,
  await rollback(size.seeds),
)
print('Rollbacks of a warm pair: to the write that moves traffic back', await warmRollback(size.rollbacks, size.seeds))
print('Previews in virtual time: calls to AWS', await previews())
print('Memory: dist/index.js against the sandbox, time compressed 10 times', await memory(size.deploys))
print('Traffic client, 16 connections, one origin', await clientThroughput(size.load))
print('Traffic client, flat out, every request in a file: peak resident memory', await clientMemory(size.requests))
print(
  'A probe of 100 requests/s: part of a core, processor time (user and system)',
  await probeCost(values.quick ? 4 : 20),
)
print('Data plane: requests through the load balancer to 2 tasks', await dataPlaneThroughput(size.load))
console.log(`\nThe bench took ${((performance.now() - startedAt) / 1000).toFixed(0)} s.`)
