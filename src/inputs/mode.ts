interface GivenMode {
  readonly mode?: string
  readonly image?: unknown
  readonly 'task-definition-arn'?: unknown
  readonly 'auto-promote'?: boolean
  readonly [name: string]: unknown
}

/** They change what is deployed, and these modes change nothing: they use what is there. */
const builds = [
  'images',
  'container-name',
  'task-definition',
  'environment-variables',
  'secrets',
  'pre-deploy-command',
] as const

/** Which input goes with which mode: one that does nothing is a mistake that nobody would notice. */
export function modeProblems(given: GivenMode): readonly string[] {
  const { mode } = given
  if (mode !== 'promote' && mode !== 'rollback') return []
  const missing = given.image === undefined && given['task-definition-arn'] === undefined
  return [
    ...builds
      .filter(name => given[name] !== undefined)
      .map(
        name => `${name}: goes without mode ${mode}, which makes nothing new. Take ${name} out, or set mode: deploy.`,
      ),
    ...(given['auto-promote'] === false
      ? [`auto-promote: goes without mode ${mode}, which moves traffic. Take auto-promote out.`]
      : []),
    ...(mode === 'promote' && missing
      ? [
          'task-definition-arn: is missing. Set it to the output task-definition-arn of the step that staged, or set image to its output image.',
        ]
      : []),
  ]
}
