import { isMap, isSeq, parseDocument, type YAMLMap } from 'yaml'

/**
 * A workflow as it is rehearsed. It differs from what users copy in durations only: those that AWS does not decide keep the clock's
 * time in the sandbox, and nobody wants to watch a bake of ten minutes. And in `deployment: false` of an environment, which GitHub has had
 * since March 2026, and which act 0.2.89 takes for a mistake.
 */

export const action = 'org/ecs-bluegreen@v1'

const durations: Readonly<Record<string, string>> = { 'canary-bake-time': '3s', 'bake-time': '3s' }

export function rehearsed(workflow: string): string {
  const document = parseDocument(workflow)
  const jobs = document.get('jobs')
  for (const job of isMap(jobs) ? jobs.items : []) {
    if (isMap(job.value) && isMap(job.value.get('environment'))) job.value.deleteIn(['environment', 'deployment'])
  }
  for (const step of ownSteps(jobs)) {
    const inputs = step.get('with') as YAMLMap
    for (const [name, short] of Object.entries(durations)) if (inputs.has(name)) inputs.set(name, short)
    // What the action knows of AWS's rhythm is in AWS's seconds; the sandbox's are shorter.
    inputs.set('poll-interval', '1s')
  }
  // And `infra:up` looks at its stacks more often.
  return document.toString({ lineWidth: 0 }).replace(/\binfra:(up|down) --/g, '$& --poll 0.02s')
}

function ownSteps(jobs: unknown): readonly YAMLMap[] {
  if (!isMap(jobs)) return []
  return jobs.items
    .map(({ value }) => (isMap(value) ? value.get('steps') : undefined))
    .flatMap(steps => (isSeq(steps) ? steps.items : []))
    .filter((step): step is YAMLMap => isMap(step) && step.get('uses') === action)
}
