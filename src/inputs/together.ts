/** The inputs as far as they could be read by themselves. */
export interface GivenTogether {
  readonly mode?: string
  readonly cluster?: string
  readonly service?: string
  readonly 'blue-service'?: string
  readonly 'green-service'?: string
  readonly 'listener-arns'?: readonly string[]
  readonly 'test-listener-arns'?: readonly string[]
  readonly 'task-definition-arn'?: string
  readonly 'preview-listener-arn'?: string
  readonly 'test-url'?: string
  readonly 'test-expected-body'?: string
}

/**
 * What is wrong with inputs that are fine one by one.
 *
 * @param broken names of inputs that have a problem of their own: nothing is said about their absence
 */
export function checkTogether(given: GivenTogether, broken: ReadonlySet<string>, region: string): readonly string[] {
  return [
    ...serviceProblems(given, broken),
    ...listenerProblems(given),
    ...testProblems(given, broken),
    ...regionProblems(given, region),
  ]
}

function serviceProblems(given: GivenTogether, broken: ReadonlySet<string>): readonly string[] {
  if (['service', 'blue-service', 'green-service'].some(name => broken.has(name))) return []
  const blue = given['blue-service']
  const green = given['green-service']
  if (given.service !== undefined && (blue !== undefined || green !== undefined)) {
    return ['service: goes without blue-service and green-service. Set the base name, or both full names.']
  }
  if (given.service !== undefined) return []
  if (blue === undefined && green === undefined) {
    return [
      'service: is missing. Set the base name of the two services (app for app-blue and app-green), or set blue-service and green-service.',
    ]
  }
  if (blue === undefined) return ['blue-service: is missing beside green-service.']
  if (green === undefined) return ['green-service: is missing beside blue-service.']
  return blue === green ? [`green-service: is the same service as blue-service, '${blue}'. Two are needed.`] : []
}

function listenerProblems(given: GivenTogether): readonly string[] {
  const production = given['listener-arns'] ?? []
  return (given['test-listener-arns'] ?? [])
    .filter(arn => production.includes(arn))
    .map(
      arn =>
        `test-listener-arns: '${arn}' is in listener-arns too. Production and testers need different listeners or rules.`,
    )
}

function testProblems(given: GivenTogether, broken: ReadonlySet<string>): readonly string[] {
  if (given['test-expected-body'] === undefined || given['test-url'] !== undefined || broken.has('test-url')) return []
  return ['test-expected-body: goes with test-url, which is not set. Set the URL whose answer must have this text.']
}

function regionProblems(given: GivenTogether, region: string): readonly string[] {
  if (region === '') {
    return ['AWS_REGION: is not set. Run aws-actions/configure-aws-credentials before this step.']
  }
  const arns: readonly (readonly [string, string])[] = [
    ...(given.cluster?.startsWith('arn:') ? [['cluster', given.cluster] as const] : []),
    ...(given['listener-arns'] ?? []).map(arn => ['listener-arns', arn] as const),
    ...(given['test-listener-arns'] ?? []).map(arn => ['test-listener-arns', arn] as const),
    ...[given['preview-listener-arn'] ?? []].flat().map(arn => ['preview-listener-arn', arn] as const),
    ...[given['task-definition-arn'] ?? []].flat().map(arn => ['task-definition-arn', arn] as const),
  ]
  return arns
    .filter(([, arn]) => arn.split(':')[3] !== region)
    .map(
      ([name, arn]) =>
        `${name}: '${arn}' is in ${arn.split(':')[3]}, but this job works in ${region}. Check the ARN, or aws-region of aws-actions/configure-aws-credentials.`,
    )
}

/** What the list of problems begins with. The Region is none of the inputs. */
export function problemsTitle(count: number, region: string): string {
  const inputs = region === '' ? count - 1 : count
  const changed = inputs === 1 ? 'One input needs' : `${inputs} inputs need`
  if (region !== '') return `${changed} a change before anything is deployed.`
  return inputs === 0
    ? 'The job does not say its AWS Region.'
    : `${changed} a change, and the job does not say its AWS Region.`
}
