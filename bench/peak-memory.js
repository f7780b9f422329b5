/**
 * Loaded into the measured process by `--import`: appends the most memory that it ever had resident, in KiB, to the file
 * that PEAK_MEMORY_FILE names. Plain JavaScript, because what it takes to read TypeScript would be measured too.
 */
import { appendFileSync, readFileSync } from 'node:fs'

process.on('exit', () => {
  appendFileSync(process.env.PEAK_MEMORY_FILE, `${peakKiB()}\n`)
})

function peakKiB() {
  // On Linux getrusage also counts what the starting process had resident, up to exec; VmHWM is this program's own.
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))[1])
}
