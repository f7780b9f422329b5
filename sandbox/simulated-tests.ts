import type { Clock } from '../src/deploy/clock.ts'
import type { AskUrl, RunCommand } from '../src/deploy/outside.ts'
import type { LoadBalancerView } from './cloud/ports.ts'
import type { SimulatedRuntime } from './cloud/simulated-runtime.ts'
import { versionRequest } from './simulated-client.ts'
import { playOf } from './simulated-command.ts'

/** Between a request and its answer. */
const answerMs = 5

/** Asks the simulated load balancer through the port of the URL, another node at every question. */
export function simulatedAsk(loadBalancer: () => LoadBalancerView, runtime: SimulatedRuntime, clock: Clock): AskUrl {
  let asked = 0
  return async (url, signal) => {
    await clock.sleep(answerMs, signal)
    const at = clock.now()
    const { nodes } = loadBalancer()
    const { port } = new URL(url)
    const route = nodes[asked++ % nodes.length]?.route(versionRequest(port === '' ? 80 : Number(port)))
    const answer = route?.kind === 'forward' ? runtime.answer(route.target) : undefined
    if (route?.kind === 'fixed') return { kind: 'answered', at, status: route.status, body: route.body }
    if (answer === undefined) return { kind: 'answered', at, status: 503, body: 'no healthy target' }
    const body = JSON.stringify({ name: 'sample-app', version: answer.version })
    return answer.status === 200
      ? { kind: 'answered', at, status: 200, version: answer.version, body }
      : { kind: 'answered', at, status: answer.status, body: 'broken' }
  }
}

/** Plays a command in virtual time; `echo` also knows the environment's names. */
export function simulatedCommands(clock: Clock): RunCommand {
  return async ({ command, environment, timeoutMs, onLine, signal }) => {
    const play = playOf(command)
    for (const line of play.prints) onLine(line.replace(/\$(\w+)/g, (_, name: string) => environment[name] ?? ''))
    try {
      await clock.sleep(Math.min(play.lasts, timeoutMs), signal)
    } catch (error) {
      if (signal.aborted) return { kind: 'exited', exitCode: 143 }
      throw error
    }
    return play.lasts > timeoutMs ? { kind: 'timed-out' } : { kind: 'exited', exitCode: play.exitCode }
  }
}
