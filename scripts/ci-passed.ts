import { gate, mustHavePassed } from './ci-verdict.ts'

/** Fails unless CI has passed a commit: `npm run ci-passed -- SHA`, with the variables of a GitHub job and its token. */

const sha = process.argv[2] ?? ''
if (!/^[0-9a-f]{40}$/.test(sha)) throw new Error(`The commit is ${sha || 'missing'}: give its 40 digits.`)
const { GITHUB_API_URL: apiUrl = '', GITHUB_REPOSITORY: repository = '', GITHUB_TOKEN: token = '' } = process.env
await mustHavePassed(sha, { apiUrl, repository, token })
console.log(`${gate} of ${sha} was a success.`)
