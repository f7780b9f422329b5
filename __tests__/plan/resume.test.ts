import { describe, expect, test } from '@jest/globals'
import type { Journal } from '../../src/model/journal.ts'
import type { TargetView } from '../../src/model/routing.ts'
import type { ServiceView, TaskView } from '../../src/model/service.ts'
import { fitnessOf, idleToPutBack, resume } from '../../src/plan/resume.ts'
import {
  deploymentView,
  forwardTo,
  newRevision,
  now,
  oldRevision,
  routeWith,
  serviceView,
  snapshotOf,
  targetView,
  taskView,
} from './builders.ts'

type Shares = { readonly blue?: number; readonly green?: number; readonly stranger?: number }

const journal: Journal = { phase: 'shifting', from: 'blue', to: 'green', candidate: newRevision }

function seenWith(routes: readonly Shares[]) {
  return snapshotOf({
    production: { at: now, value: routes.map((shares, index) => routeWith([forwardTo(shares)], 80 + index)) },
  })
}

const fit = { fit: true, says: 'well' }
const unfit = { fit: false, says: 'unwell' }

describe('traffic that a run has left', () => {
  const blue = { blue: 100, green: 0 }
  const green = { blue: 0, green: 100 }
  const between = { blue: 90, green: 10 }

  test.each<[string, readonly Shares[], Journal | undefined, boolean, boolean, string]>([
    ['all on one color', [blue, blue], journal, true, true, 'clear'],
    ['all on the other', [green, green], journal, false, false, 'clear'],
    ['routes that disagree, old color well', [green, blue], journal, true, true, 'blue at 80'],
    ['the second route first in doubt', [blue, green], journal, true, false, 'blue at 81'],
    ['a canary, old color well', [between], journal, true, false, 'blue at 80'],
    ['old color unwell, new one well', [green, blue], journal, false, true, 'green at 81'],
    ['neither well', [green, blue], journal, false, false, 'stop'],
    ['no journal', [green, blue], undefined, true, true, 'stop'],
    ['nobody gets a route', [{ blue: 0, green: 0 }, blue], journal, true, true, 'stop'],
    ['a stranger gets some', [{ ...between, stranger: 1 }], journal, true, true, 'stop'],
  ])('%s', (_, routes, noted, blueFit, greenFit, expected) => {
    const decision = resume(noted, seenWith(routes), { blue: blueFit ? fit : unfit, green: greenFit ? fit : unfit })
    const said = decision.kind === 'give' ? `${decision.color} at ${decision.route.label.slice(5)}` : decision.kind
    expect(said).toBe(expected)
  })

  test('that cannot be given to anybody is explained', () => {
    const decision = resume(journal, seenWith([green, blue]), { blue: unfit, green: unfit })
    expect(decision).toMatchObject({ kind: 'stop', failure: { code: 'LIVE_UNCLEAR' } })
    expect(JSON.stringify(decision)).toContain('neither color can be proven')
  })
})

describe('a color can take all the traffic', () => {
  const two = [targetView(1), targetView(2)]
  const tasks = [taskView(1), taskView(2)]
  const other = 'arn:aws:ecs:eu-central-1:123456789012:task-definition/app:9'

  test.each<[string, Partial<ServiceView>, readonly TargetView[], boolean, (readonly TaskView[])?]>([
    ['when all its tasks run and are healthy', {}, two, true],
    ['not with a task missing', { running: 1 }, two, false],
    ['not when more run than are wanted: some are about to end', { desired: 1 }, two, false],
    ['not at 0', { desired: 0, running: 0 }, [], false],
    ['not with an unhealthy target', {}, [targetView(1), targetView(2, { state: 'unhealthy' })], false],
    ['not with targets of another port', {}, [targetView(1), targetView(2, { port: 9090 })], false],
    ['not while it is deleted', { status: 'DRAINING' }, two, false],
    ['not with a stranger for a target', {}, [targetView(1), targetView(7)], false],
    ['not when a task is of another revision', {}, two, false, [taskView(1), taskView(2, { taskDefinition: other })]],
    ['not when a task ends', {}, two, false, [taskView(1), taskView(2, { lastStatus: 'DEACTIVATING' })]],
    ['not with the revision of somebody else', { taskDefinition: other }, two, false],
  ])('%s', (_, change, targets, expected, running = tasks) => {
    const service = serviceView({ taskDefinition: newRevision, ...change })
    expect(fitnessOf(service, running, targets, newRevision).fit).toBe(expected)
  })

  test('when nobody noted what it had, with whatever it has', () => {
    const own = tasks.map(task => ({ ...task, taskDefinition: other }))
    expect(fitnessOf(serviceView({ taskDefinition: other }), own, two).fit).toBe(true)
  })
})

describe('the idle service is put back', () => {
  const idle = { service: 'app-green', taskDefinition: oldRevision, desired: 2 }
  const begun: Journal = { ...journal, phase: 'staging', deployment: 'ecs-svc/2', idle }

  test.each<[string, Journal, Parameters<typeof snapshotOf>[0], boolean]>([
    ['when it still is as the run has made it', begun, {}, true],
    ['also when the run did not hear of its deployment', { ...begun, deployment: '' }, {}, true],
    ['not when nothing was noted', journal, {}, false],
    ['not when somebody else has deployed to it since', { ...begun, deployment: 'ecs-svc/9' }, {}, false],
    ['not when it was never changed', { ...begun, candidate: 'arn:another' }, {}, false],
    ['not when it has traffic', begun, { production: seenWith([{ blue: 90, green: 10 }]).production }, false],
    ['not when it is live', begun, { production: seenWith([{ blue: 0, green: 100 }]).production }, false],
    ['not when it is another service', { ...begun, idle: { ...idle, service: 'other' } }, {}, false],
    [
      'not when there is nothing to change',
      { ...begun, candidate: oldRevision },
      {
        services: {
          at: now,
          value: {
            blue: serviceView({ name: 'app-blue' }),
            green: serviceView({ taskDefinition: oldRevision, deployments: [deploymentView()] }),
          },
        },
      },
      false,
    ],
  ])('%s', (_, noted, change, expected) => {
    const { deployment, ...rest } = noted
    const known: Journal = deployment === '' || deployment === undefined ? rest : { ...rest, deployment }
    expect(idleToPutBack(known, snapshotOf(change)) !== undefined).toBe(expected)
  })
})
