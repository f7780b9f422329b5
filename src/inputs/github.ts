import { boolean, type Parser, problem, value } from './values.ts'

/** GitHub's limit on names of environments. */
const nameLimit = 255

/** Name of an environment on GitHub, one line of any text. */
export const environmentName: Parser<string> = text => {
  if (text.length > nameLimit) return problem(text, `is longer than ${nameLimit} characters.`)
  return /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(text)
    ? problem(text, 'has a control character in it. Write the name as GitHub shows it.')
    : value(text)
}

/** It becomes a header. The problem does not repeat it, because it may be nearly a token. */
export const token: Parser<string> = text =>
  /^[\x21-\x7e]{1,4096}$/.test(text)
    ? value(text)
    : { kind: 'problem', problem: 'is not a token: it has white space or other characters in it that no token has.' }

export const githubTable = {
  environment: { parse: environmentName, fallback: '' },
  'github-token': { parse: token, fallback: '' },
  comment: { parse: boolean, fallback: 'true' },
} as const

export interface GithubInputs {
  /** The environment on whose page on GitHub the run is shown. */
  readonly environmentPage?: string
  readonly githubToken?: string
  /** Whether a pull request is told of its preview. */
  readonly comment: boolean
}

export function githubInputs(given: {
  readonly environment?: string
  readonly 'github-token'?: string
  readonly comment?: boolean
}): GithubInputs {
  const { environment, 'github-token': githubToken, comment = true } = given
  return {
    comment,
    ...(environment === undefined ? {} : { environmentPage: environment }),
    ...(githubToken === undefined ? {} : { githubToken }),
  }
}
