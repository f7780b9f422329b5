import { describe, expect, test } from '@jest/globals'
import { readInputs } from '../../src/inputs/inputs.ts'
import { examples, filled, ownSteps } from './workflows.ts'

/** What the workflows of `examples/` give to the action goes together, whichever variables a repository has. */

const routeArn = (port: string) =>
  `arn:aws:elasticloadbalancing:eu-central-1:123456789012:listener/app/shop/0123456789abcdef/${port.repeat(16)}`
const image = '123456789012.dkr.ecr.eu-central-1.amazonaws.com/shop:0a1b2c3d'

/** What is there for whoever runs them. */
const always = {
  'vars.ECS_CLUSTER': 'shop',
  'vars.PREVIEW_DOMAIN': 'preview.shop.example.com',
  'needs.build.outputs.image': image,
  'needs.stage.outputs.revision': 'arn:aws:ecs:eu-central-1:123456789012:task-definition/shop:7',
  'inputs.image': image,
  'inputs.service': 'shop',
  'inputs.to': 'previous',
}

const base = { 'vars.ECS_SERVICE': 'shop' }

describe.each<[string, Readonly<Record<string, string>>]>([
  ['a base name and nothing that is optional', base],
  ['both full names and nothing that is optional', { 'vars.BLUE_SERVICE': 'shop', 'vars.GREEN_SERVICE': 'shop-green' }],
  [
    'all that there is, and what a person may fill in',
    {
      ...base,
      'vars.PRODUCTION_URL': 'https://shop.example.com/version',
      'vars.LISTENER_ARNS': routeArn('1'),
      'vars.TEST_LISTENER': routeArn('2'),
      'vars.TEST_URL': 'https://test.shop.example.com/version',
      'vars.ALARM_NAMES': 'shop-errors, shop-latency',
      'inputs.to': 'version',
      'inputs.which': '0a1b2c3d',
      'inputs.expected-live': '1b2c3d4e',
      'inputs.test-header': 'X-Stage: idle',
      'inputs.dry-run': 'true',
    },
  ],
])('with %s', (_, variables) => {
  const steps = examples.flatMap(example => ownSteps(example).map(step => ({ file: example.file, step })))

  test.each(
    steps.map(({ file, step: { with: given = {} } }) => [`${String(given.mode ?? 'deploy')} in ${file}`, given]),
  )('%s reads its inputs', (_, given) => {
    const texts = Object.entries(given).map(([name, text]) => [name, filled(String(text), { ...always, ...variables })])
    const read: Readonly<Record<string, string>> = { 'pull-request': '7', ...Object.fromEntries(texts) }
    const inputs = readInputs(name => read[name] ?? '', 'eu-central-1', Object.keys(given))
    expect(inputs.cluster).toBe('shop')
    expect(inputs.services.green).toBe('shop-green')
  })
})
