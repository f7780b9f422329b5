import type { Stack, Stacks } from './stacks.ts'

/**
 * Whom the roles trust. GitHub writes `repo:OWNER/NAME:…` into the tokens of its jobs, and `repo:OWNER@ID/NAME@ID:…` into those of repositories
 * that were made, renamed or transferred since 15 July 2026, or opted in: https://docs.github.com/en/actions/reference/security/oidc
 * Which one it is only GitHub knows.
 */

/** The name without the numbers, as everything else of GitHub takes it. */
export function plainName(repository: string): string {
  return repository.replace(/@\d+/g, '')
}

export function problemOfRepository(repository: string): string | undefined {
  const numbers = repository.match(/@\d+/g) ?? []
  return numbers.length === 1
    ? `--github: '${repository}' has one number. GitHub's tokens have two, OWNER@ID/NAME@ID, or none, OWNER/NAME.`
    : undefined
}

/** For people: whom the roles trust, how to see whether that is right, and what to run where it is not. */
export function subjectLines(name: string, { github, bootstrap }: Stacks): readonly string[] {
  const repository = github?.parameters.Repository
  if (repository === undefined) return []
  const plain = plainName(repository)
  const more = bootstrap === undefined ? '' : ' --bootstrap'
  const other =
    repository === plain
      ? `"$(gh api repos/${plain} --jq '"\\(.owner.login)@\\(.owner.id)/\\(.name)@\\(.id)"')"`
      : `'${plain}'`
  return [
    '',
    `These roles are for jobs whose tokens say repo:${repository}:…, ${repository === plain ? 'without' : 'with'} numbers. What the tokens of yours say:`,
    '',
    `gh api repos/${plain}/actions/oidc/customization/sub --jq .sub_claim_prefix`,
    '',
    `${repository === plain ? 'With numbers, as of repositories made, renamed or transferred since 15 July 2026' : 'Without numbers'}, no job gets a role until you run:`,
    '',
    `npm run infra:up -- ${name} --github ${other}${more}`,
    ...beside(repository, bootstrap),
  ]
}

function beside(repository: string, bootstrap: Stack | undefined): readonly string[] {
  const its = bootstrap?.parameters.Repository
  if (its === undefined || its === repository) return []
  return ['', `The roles of ${bootstrap?.name} are for repo:${its}:… still: give --bootstrap, too, from a laptop.`]
}
