import { wallClock } from '../sandbox/wall-clock.ts'
import { startProductionProbe } from '../src/probe/production.ts'

/** Asks a URL as the action asks `production-url`, until it is stopped: the URL, and requests a second. */

const [url = '', rate] = process.argv.slice(2)
const probe = startProductionProbe(url, { kind: 'json', member: 'version' }, wallClock, Number(rate))
probe.start()
console.log(`asks ${url}`)

// The deploy looks at it about so often.
setInterval(() => {
  const { failed, lastFailure } = probe.look()
  if (failed === 0) return
  console.error(`${failed} requests failed: ${lastFailure}`)
  process.exit(1)
}, 1_000)
