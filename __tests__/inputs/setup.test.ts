import { describe, expect, test } from '@jest/globals'
import { type InputName, readInputs } from '../../src/inputs/inputs.ts'
import { Refusal } from '../../src/model/outcome.ts'

type Given = Partial<Record<InputName, string>>

const base: Given = { mode: 'setup', service: 'shop' }
const read = (given: Given) => readInputs(name => given[name] ?? '', 'eu-central-1')

function problems(given: Given): readonly string[] {
  try {
    read(given)
    return []
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return error.failure.details
  }
}

describe('setup', () => {
  test.each<[Given, object]>([
    [base, { blue: 'shop', green: 'shop-green' }],
    [
      { mode: 'setup', service: 'shop-blue' },
      { blue: 'shop-blue', green: 'shop-green' },
    ],
    [
      { mode: 'plan', 'plan-for': 'setup', service: 'shop' },
      { blue: 'shop', green: 'shop-green' },
    ],
    [
      { mode: 'setup', 'blue-service': 'web', 'green-service': 'twin' },
      { blue: 'web', green: 'twin' },
    ],
    [
      { mode: 'status', service: 'shop' },
      { blue: 'shop-blue', green: 'shop-green' },
    ],
  ])('with %j it is about %j', (given, services) => {
    expect(read(given).services).toEqual(services)
  })

  test.each<[string, object]>([
    ['X-Stage: idle', { name: 'X-Stage', value: 'idle' }],
    ['x-stage:a/b=c', { name: 'x-stage', value: 'a/b=c' }],
  ])('reads the header %j', (text, testHeader) => {
    expect(read({ ...base, 'test-header': text })).toMatchObject({ testHeader })
  })

  test.each([
    ['X-Stage'],
    ['X-Stage:'],
    [': idle'],
    ['X-Stage: i*'],
    ['X-Stage: a?'],
    ['Host: a.example.com'],
    ['X Stage: idle'],
  ])('refuses the header %j', text => {
    expect(problems({ ...base, 'test-header': text })).toEqual([
      expect.stringMatching(/^test-header: '.*' is not a header and its value/),
    ])
  })

  test.each<[string, Given, RegExp]>([
    ['an image', { ...base, image: 'shop:1' }, /^image: goes without mode setup, which deploys nothing/],
    ['alarms', { ...base, mode: 'plan', 'plan-for': 'setup', 'alarm-names': 'a' }, /^alarm-names: goes without/],
    [
      'a header in a deploy',
      { service: 'shop', image: 'shop:1', 'test-header': 'X-A: b' },
      /goes with mode setup only/,
    ],
  ])('refuses %s', (_, given, says) => {
    expect(problems(given)).toEqual([expect.stringMatching(says)])
  })
})
