import { readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { parse } from 'yaml'
import { type InputName, inputTable, readInputs } from '../../src/inputs/inputs.ts'
import { problemsTitle } from '../../src/inputs/together.ts'
import { Refusal } from '../../src/model/outcome.ts'

const listener =
  'arn:aws:elasticloadbalancing:eu-central-1:123456789012:listener/app/web/0123456789abcdef/0123456789abcdef'
const rule =
  'arn:aws:elasticloadbalancing:eu-central-1:123456789012:listener-rule/app/web/0123456789abcdef/0123456789abcdef/0123456789abcdef'
const revision = 'arn:aws:ecs:eu-central-1:123456789012:task-definition/app:7'
const secret = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:app/key-AbCdEf:json::'
const parameter = 'arn:aws:ssm:eu-central-1:123456789012:parameter/app/key'
const good: Partial<Record<InputName, string>> = { service: 'app', image: 'registry.example.com/app:1.2.3' }

function read(change: Partial<Record<InputName, string>> = {}, region = 'eu-central-1') {
  const texts: Partial<Record<InputName, string>> = { ...good, ...change }
  return readInputs(name => texts[name] ?? '', region)
}

function problems(change: Partial<Record<InputName, string>>, region?: string): readonly string[] {
  try {
    read(change, region)
    return []
  } catch (error) {
    if (error instanceof Refusal) return error.failure.details
    throw error
  }
}

describe('inputs', () => {
  test('fill in what is left empty', () => {
    expect(read()).toEqual({
      mode: 'deploy',
      comment: true,
      cluster: 'default',
      services: { blue: 'app-blue', green: 'app-green' },
      serviceLabel: 'app',
      listenerArns: [],
      testListenerArns: [],
      images: {},
      environment: {},
      secrets: {},
      image: 'registry.example.com/app:1.2.3',
      version: '1.2.3',
      timeoutMs: 1_800_000,
      testExpectedStatus: [{ from: 200, to: 200 }],
      strategy: { kind: 'all-at-once' },
      bakeMs: 0,
      alarmNames: [],
      alarmsAtStart: 'refuse',
      probeRate: 20,
      maxFailedRequests: 0,
      versionFrom: { kind: 'json', member: 'version' },
      autoPromote: true,
      rollbackOnFailure: true,
      onCancel: 'restore',
      planFor: 'deploy',
      preview: { service: 'app', desired: 1, ttlMs: 259_200_000, priorities: { from: 40_000, to: 49_999 } },
      lock: true,
      summary: true,
    })
  })

  test.each<[string, Partial<Record<InputName, string>>, Record<string, unknown>]>([
    [
      'full names',
      { service: '', 'blue-service': 'a', 'green-service': 'b' },
      { services: { blue: 'a', green: 'b' }, serviceLabel: 'a and b' },
    ],
    [
      'lists with commas and new lines',
      { 'listener-arns': `${listener},\n ${rule}\n` },
      { listenerArns: [listener, rule] },
    ],
    ['a digest as version', { image: `app@sha256:${'ab'.repeat(32)}` }, { version: 'abababababab' }],
    ['a version of its own', { version: 'release 7' }, { version: 'release 7' }],
    ['seconds', { timeout: '90s' }, { timeoutMs: 90_000 }],
    ['fractions', { timeout: '1.5h' }, { timeoutMs: 5_400_000 }],
    ['a header', { 'version-from': 'header:X-Version' }, { versionFrom: { kind: 'header', name: 'x-version' } }],
    [
      'a cluster by ARN',
      { cluster: 'arn:aws:ecs:eu-central-1:123456789012:cluster/web' },
      { cluster: 'arn:aws:ecs:eu-central-1:123456789012:cluster/web' },
    ],
    [
      'another partition',
      { cluster: 'arn:aws-us-gov:ecs:eu-central-1:123456789012:cluster/web' },
      { cluster: 'arn:aws-us-gov:ecs:eu-central-1:123456789012:cluster/web' },
    ],
    [
      'images by container, with commas and new lines',
      { image: '', images: 'app=app:2, proxy=localhost:5000/proxy:3\n' },
      { images: { app: 'app:2', proxy: 'localhost:5000/proxy:3' } },
    ],
    ['a revision', { image: '', 'task-definition-arn': revision }, { taskDefinitionArn: revision }],
    ['a file', { image: '', 'task-definition': 'deploy/app.yml' }, {}],
    [
      'variables, whose values may hold anything',
      { 'environment-variables': 'A=1\n\n  URL=https://x/?a=b,c  \nEMPTY=\nspring.profiles.active=prod' },
      { environment: { A: '1', URL: 'https://x/?a=b,c', EMPTY: '', 'spring.profiles.active': 'prod' } },
    ],
    ['secrets', { secrets: `KEY=${secret}\nOTHER=${parameter}` }, { secrets: { KEY: secret, OTHER: parameter } }],
    ['no image for status', { mode: 'status', image: '' }, { mode: 'status' }],
    ['an image without a tag', { image: 'app' }, { version: 'latest' }],
    ['a registry with a port', { image: 'localhost:5000/team/app:1' }, { version: '1' }],
    [
      'a command of words',
      { 'pre-deploy-command': 'bin/migrate --all' },
      { preDeployCommand: ['bin/migrate', '--all'] },
    ],
    [
      'a command with quotes',
      { 'pre-deploy-command': `sh -c 'a && b' "it's \\"x\\"" one\\ word` },
      { preDeployCommand: ['sh', '-c', 'a && b', `it's "x"`, 'one word'] },
    ],
    [
      'a command as JSON',
      { 'pre-deploy-command': '["sh", "-c", "a && b"]' },
      { preDeployCommand: ['sh', '-c', 'a && b'] },
    ],
    [
      'statuses',
      { 'test-url': 'http://t/', 'test-expected-status': '200-204, 302' },
      {
        testUrl: 'http://t/',
        testExpectedStatus: [
          { from: 200, to: 204 },
          { from: 302, to: 302 },
        ],
      },
    ],
    [
      'what a test must answer and what must run',
      { 'test-url': 'http://t/', 'test-expected-body': 'all ok', 'test-command': 'npm ci\nnpm run smoke' },
      { testExpectedBody: 'all ok', testCommand: 'npm ci\nnpm run smoke' },
    ],
  ])('take %s', (_, change, expected) => {
    expect(read(change)).toMatchObject(expected)
  })

  test.each<[InputName, string, string]>([
    [
      'mode',
      'Deploy',
      "mode: 'Deploy' is unknown. Choose one of deploy, promote, rollback, status, plan, setup, preview, preview-destroy, preview-sweep.",
    ],
    ['cluster', 'my cluster', "cluster: 'my cluster' may only have letters, digits, hyphens and underscores."],
    [
      'cluster',
      'arn:aws:ecs:eu-central-1:1:cluster/x',
      "cluster: 'arn:aws:ecs:eu-central-1:1:cluster/x' is not the ARN of a cluster. It looks like arn:aws:ecs:REGION:ACCOUNT:cluster/NAME.",
    ],
    ['service', 'app/blue', "service: 'app/blue' may only have letters, digits, hyphens and underscores."],
    ['service', 'a'.repeat(250), `service: '${'a'.repeat(80)}…' is longer than 249 characters.`],
    [
      'listener-arns',
      'web',
      "listener-arns: 'web' is not the ARN of a listener or rule. It looks like arn:aws:elasticloadbalancing:REGION:ACCOUNT:listener/app/NAME/ID/ID.",
    ],
    [
      'listener-arns',
      listener.replace('/app/', '/net/'),
      `listener-arns: '${listener.replace('/app/', '/net/').slice(0, 80)}…' belongs to a Network or Gateway Load Balancer, which balances connections, not requests: open ones would stay with the old version. An Application Load Balancer is needed.`,
    ],
    [
      'listener-arns',
      'arn:aws:elasticloadbalancing:eu-central-1:123456789012:loadbalancer/app/w/1',
      "listener-arns: 'arn:aws:elasticloadbalancing:eu-central-1:123456789012:loadbalancer/app/w/1' is a load balancer. Write the ARN of one of its listeners or rules.",
    ],
    [
      'listener-arns',
      'arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/w/1',
      "listener-arns: 'arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/w/1' is a target group. Write the ARN of a listener or rule.",
    ],
    ['listener-arns', `${rule}\n${rule}`, `listener-arns: '${rule.slice(0, 80)}…' is listed twice.`],
    [
      'image',
      'https://example.com/app',
      "image: 'https://example.com/app' is a URL. Write the image without https://.",
    ],
    ['image', 'App:1', "image: 'App:1' is not an image: repository names are lower case."],
    ['image', 'app:', "image: 'app:' ends with a colon: the tag is empty. Is the variable in it set?"],
    [
      'image',
      'app:1 app:2',
      "image: 'app:1 app:2' has white space in it. Write one image, such as repository/name:tag.",
    ],
    [
      'image',
      'app@sha256:1234',
      "image: 'app@sha256:1234' is not an image. Write repository/name:tag or repository/name@sha256:….",
    ],
    ['images', 'app:1', "images: 'app:1' has no container. Write container=image, one on each line."],
    ['images', 'my app=app:1', "images: container 'my app' may only have letters, digits, hyphens and underscores."],
    ['images', 'app=App:1', "images: 'App:1' is not an image: repository names are lower case."],
    ['images', 'app=app:1,app=app:2', "images: 'app' is listed twice."],
    [
      'task-definition',
      revision,
      `task-definition: '${revision}' is an ARN. Write it into task-definition-arn; this is the path of a file.`,
    ],
    [
      'environment-variables',
      'A=1\nhunter2',
      'environment-variables: line 2 has no =. Write NAME=value, one on each line; values of several lines cannot be given.',
    ],
    [
      'environment-variables',
      'hunter 2=',
      'environment-variables: line 1 does not begin with a name. Names have letters, digits and _ . : - before the =.',
    ],
    ['environment-variables', 'A=hunter2\nA=hunter3', 'environment-variables: A is set twice, again on line 2.'],
    [
      'secrets',
      'KEY=hunter2',
      'secrets: KEY is not the ARN of a secret or a parameter. It looks like arn:aws:secretsmanager:REGION:ACCOUNT:secret:NAME or arn:aws:ssm:REGION:ACCOUNT:parameter/NAME. Never put the secret itself here.',
    ],
    ['version', 'x'.repeat(129), `version: '${'x'.repeat(80)}…' is longer than 128 characters.`],
    [
      'version',
      'a\nb',
      "version: 'a b' may only have letters, digits, spaces and _ . : / = + - @, because it becomes a tag on AWS.",
    ],
    ['desired-count', '0', "desired-count: '0' is out of range. Write one from 1 to 5000."],
    ['desired-count', '1.5', "desired-count: '1.5' is not a whole number. Write one from 1 to 5000."],
    ['timeout', '10', "timeout: '10' has no unit. Write a duration such as 90s, 10m or 1h."],
    ['timeout', 'soon', "timeout: 'soon' is not a duration. Write one such as 90s, 10m or 1h."],
    ['timeout', '9s', "timeout: '9s' is too short. The shortest is 10s."],
    ['timeout', '7h', "timeout: '7h' is too long. The longest is 6h."],
    ['strategy', 'Canary', "strategy: 'Canary' is unknown. Choose one of all-at-once, canary, linear."],
    [
      'production-url',
      'www.example.com',
      "production-url: 'www.example.com' is not a URL. Write one such as https://www.example.com/version.",
    ],
    ['production-url', 'ftp://example.com', "production-url: 'ftp://example.com' must begin with http:// or https://."],
    [
      'production-url',
      'https://me:secret@example.com',
      'production-url: has a user name or password in it, which would show up in logs. Take it out.',
    ],
    ['version-from', 'body', "version-from: 'body' is unknown. Write json:MEMBER, header:NAME or text."],
    ['pre-deploy-command', "sh -c 'x", "pre-deploy-command: 'sh -c 'x' has a quote that is not closed."],
    [
      'pre-deploy-command',
      'bin/migrate && bin/seed',
      "pre-deploy-command: 'bin/migrate && bin/seed' has && in it, but no shell runs it. Put the command into one: sh -c '…', or write a JSON array.",
    ],
    [
      'pre-deploy-command',
      '["sh", 1]',
      'pre-deploy-command: \'["sh", 1]\' is not a JSON array of strings. Write one such as ["sh", "-c", "bin/migrate"].',
    ],
    [
      'pre-deploy-command',
      '[sh]',
      'pre-deploy-command: \'[sh]\' is not a JSON array of strings. Write one such as ["sh", "-c", "bin/migrate"].',
    ],
    ['test-url', 'localhost', "test-url: 'localhost' is not a URL. Write one such as https://www.example.com/version."],
    [
      'idle-desired-count',
      'none',
      "idle-desired-count: 'none' is neither keep nor a whole number. Write keep, or one from 0 to 5000.",
    ],
    ['idle-desired-count', '5001', "idle-desired-count: '5001' is out of range. Write one from 0 to 5000."],
    ['keep-revisions', '0', "keep-revisions: '0' is out of range. Write one from 1 to 1000."],
    ['test-expected-status', 'ok', "test-expected-status: 'ok' is not a status. Write 200, 200-299 or 200,302."],
    [
      'test-expected-status',
      '299-200',
      "test-expected-status: '299-200' is out of range. Write statuses from 100 to 599, the lower one first.",
    ],
    [
      'test-expected-body',
      'x'.repeat(1001),
      `test-expected-body: '${'x'.repeat(80)}…' is longer than 1000 characters.`,
    ],
    ['test-command', 'x'.repeat(20_001), `test-command: '${'x'.repeat(80)}…' is longer than 20000 characters.`],
    ['summary', 'yes', "summary: 'yes' is not a boolean. Write true or false."],
    ['report-path', 'report/', "report-path: 'report/' is not the path of one file."],
  ])('%s refuses %j', (name, text, expected) => {
    const beside: Partial<Record<InputName, string>> = name === 'test-expected-body' ? { 'test-url': 'http://t/' } : {}
    expect(problems({ ...beside, [name]: text })).toEqual([expected])
  })

  test.each<[string, Partial<Record<InputName, string>>, string | undefined, string]>([
    [
      'nothing to deploy',
      { image: '' },
      undefined,
      'image: is missing. Set it to the image to deploy, such as the output of your build step; or set images, task-definition or task-definition-arn.',
    ],
    [
      'no service',
      { service: '' },
      undefined,
      'service: is missing. Set the base name of the two services (app for app-blue and app-green), or set blue-service and green-service.',
    ],
    [
      'base name and full name',
      { 'blue-service': 'x' },
      undefined,
      'service: goes without blue-service and green-service. Set the base name, or both full names.',
    ],
    ['half a pair', { service: '', 'blue-service': 'x' }, undefined, 'green-service: is missing beside blue-service.'],
    [
      'one service twice',
      { service: '', 'blue-service': 'x', 'green-service': 'x' },
      undefined,
      "green-service: is the same service as blue-service, 'x'. Two are needed.",
    ],
    [
      'a listener for both',
      { 'listener-arns': listener, 'test-listener-arns': listener },
      undefined,
      `test-listener-arns: '${listener}' is in listener-arns too. Production and testers need different listeners or rules.`,
    ],
    [
      'another Region',
      { 'listener-arns': listener },
      'us-east-1',
      `listener-arns: '${listener}' is in eu-central-1, but this job works in us-east-1. Check the ARN, or aws-region of aws-actions/configure-aws-credentials.`,
    ],
    [
      'a revision that is none',
      { image: '', 'task-definition-arn': 'app:7' },
      undefined,
      "task-definition-arn: 'app:7' is not the ARN of a task definition. It looks like arn:aws:ecs:REGION:ACCOUNT:task-definition/FAMILY:REVISION.",
    ],
    [
      'a family for a revision',
      { image: '', 'task-definition-arn': revision.replace(/:7$/, '') },
      undefined,
      `task-definition-arn: '${revision.replace(/:7$/, '')}' has no revision. Add it, such as :7.`,
    ],
    [
      'a revision of another Region',
      { image: '', 'task-definition-arn': revision },
      'us-east-1',
      `task-definition-arn: '${revision}' is in eu-central-1, but this job works in us-east-1. Check the ARN, or aws-region of aws-actions/configure-aws-credentials.`,
    ],
    [
      'a file and a revision',
      { image: '', 'task-definition': 'app.yml', 'task-definition-arn': revision },
      undefined,
      'task-definition: goes without task-definition-arn. Keep the file to register a new revision, or the ARN to use one as it is.',
    ],
    ...(
      [
        ['image', 'app:1'],
        ['images', 'app=app:1'],
        ['container-name', 'app'],
        ['environment-variables', 'A=1'],
        ['secrets', `A=${secret}`],
      ] as const
    ).map(([name, text]): [string, Partial<Record<InputName, string>>, undefined, string] => [
      `${name} beside a revision`,
      { image: '', 'task-definition-arn': revision, [name]: text },
      undefined,
      `${name}: goes without task-definition-arn, whose revision is used as it is. Take the ARN out to change the live revision, or set task-definition to a file.`,
    ]),
    [
      'a container that gets two images',
      { 'container-name': 'web', images: 'web=app:1' },
      undefined,
      'images: has web too, which gets image already. Keep one of them.',
    ],
    [
      'a container name that nothing is for',
      { image: '', images: 'web=app:1', 'container-name': 'web' },
      undefined,
      'container-name: has nothing to do. It says which container gets image, environment-variables and secrets; images names its containers itself.',
    ],
    [
      'a name that is a variable and a secret',
      { 'environment-variables': 'KEY=hunter2', secrets: `KEY=${secret}` },
      undefined,
      'secrets: KEY is in environment-variables too, and ECS takes a name only once. Keep one of them.',
    ],
    [
      'a body without a URL',
      { 'test-expected-body': 'ok' },
      undefined,
      'test-expected-body: goes with test-url, which is not set. Set the URL whose answer must have this text.',
    ],
    ['no Region', {}, '', 'AWS_REGION: is not set. Run aws-actions/configure-aws-credentials before this step.'],
  ])('refuse %s', (_, change, region, expected) => {
    expect(problems(change, region)).toEqual([expected])
  })

  test.each([
    ['listner-arns', 'listner-arns: is no input of this action. Is listener-arns meant?'],
    ['magic', 'magic: is no input of this action.'],
  ])('refuse %s, which GitHub only warns about', (name, expected) => {
    const texts: Readonly<Record<string, string>> = good
    expect(() => readInputs(known => texts[known] ?? '', 'eu-central-1', ['service', name])).toThrow(expected)
  })

  test('say everything that is wrong at once', () => {
    const wrong = problems({ service: '', image: 'App', timeout: '1', summary: 'maybe' }, '')
    expect(wrong.map(line => line.split(':')[0])).toEqual(['image', 'timeout', 'summary', 'service', 'AWS_REGION'])
  })
})

test('action.yml and the table of inputs are equal, defaults included', () => {
  const action = parse(readFileSync('action.yml', 'utf8')) as {
    inputs: Record<string, { default?: string; description: string }>
  }
  const fromAction = Object.fromEntries(
    // The runner fills in expressions, so that they are never ours to read.
    Object.entries(action.inputs).map(([name, input]) => [name, input.default?.replace(/^\$\{\{.*\}\}$/, '') ?? '']),
  )
  const fromTable = Object.fromEntries(Object.entries(inputTable).map(([name, input]) => [name, input.fallback]))
  expect(fromAction).toEqual(fromTable)
})

describe('what the list of problems begins with', () => {
  test.each([
    [1, 'eu-central-1', 'One input needs a change before anything is deployed.'],
    [3, 'eu-central-1', '3 inputs need a change before anything is deployed.'],
    [1, '', 'The job does not say its AWS Region.'],
    [2, '', 'One input needs a change, and the job does not say its AWS Region.'],
    [3, '', '2 inputs need a change, and the job does not say its AWS Region.'],
  ])('%d problems in Region "%s"', (count, region, expected) => {
    expect(problemsTitle(count, region)).toBe(expected)
  })
})
