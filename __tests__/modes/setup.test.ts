import { describe, expect, test } from '@jest/globals'
import { outputsOf } from '../../src/report/outputs.ts'
import { summaryOf } from '../../src/report/summary.ts'
import { partsOf, versionsAt } from './preview-world.ts'
import { plainWorld, setupInputs, twinOf } from './setup-world.ts'

describe('setup', () => {
  test('makes a pair, tells how to deploy to it and how to undo it, and does nothing the second time', async () => {
    const simulation = plainWorld()
    const before = partsOf(simulation)
    const { report, lines } = await simulation.act(setupInputs)
    expect(report.outcome).toMatchObject({ status: 'succeeded' })
    expect(versionsAt(simulation)).toEqual(['0.0.1', '0.0.1'])
    const [listener = ''] = simulation.topology.productionListenerArns
    const inputs = JSON.parse(outputsOf(report)['setup-inputs'] ?? '') as Readonly<Record<string, string>>
    expect(inputs).toEqual({
      cluster: 'sandbox',
      'blue-service': 'sample',
      'green-service': 'sample-green',
      'listener-arns': listener,
    })
    const after = partsOf(simulation)
    expect(after.groups).toHaveLength(before.groups.length + 1)
    expect(after.services).toEqual(expect.arrayContaining(before.services as string[]))
    expect(after.services).toHaveLength(2)
    expect(twinOf(simulation)).toMatchObject({ desiredCount: 0, status: 'ACTIVE' })
    expect(summaryOf(report)).toContain('aws elbv2 modify-listener')
    expect(lines.join('\n')).toContain('aws elbv2 delete-target-group')

    const again = await simulation.act(setupInputs)
    expect(again.report.outcome).toMatchObject({ status: 'unchanged' })
    expect(outputsOf(again.report)['setup-inputs']).toBe(outputsOf(report)['setup-inputs'])
    expect(partsOf(simulation)).toEqual(after)

    const deployed = await simulation.act({ ...inputs, service: '', image: 'sample-app:0.0.2' })
    expect(deployed.report.outcome).toMatchObject({ status: 'succeeded' })
    const third = await simulation.act(setupInputs, [], { afterMs: 60_000 })
    expect(third.report.outcome).toMatchObject({ status: 'unchanged' })
    expect(third.report.setup?.undo).toEqual([expect.stringMatching(/^# sample-green has traffic\. Roll back first/)])
    expect(versionsAt(simulation)).toEqual(['0.0.2', '0.0.2'])
  })
})
