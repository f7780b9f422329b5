import { appendFileSync } from 'node:fs'

/** Tells the rehearsal which action is wanted, by which job and with which inputs; writes down what it answers. */

const { env } = process
const inputs = Object.fromEntries(
  Object.entries(env).flatMap(([name, value]) =>
    name.startsWith('INPUT_') ? [[name.slice('INPUT_'.length).toLowerCase(), value ?? '']] : [],
  ),
)
const response = await fetch(`${env.REHEARSAL_URL}/action`, {
  method: 'POST',
  body: JSON.stringify({
    action: env.GITHUB_ACTION_REPOSITORY,
    job: env.GITHUB_JOB,
    ref: env.GITHUB_REF,
    sha: env.GITHUB_SHA,
    workspace: env.GITHUB_WORKSPACE,
    inputs,
  }),
})
if (!response.ok) throw new Error(await response.text())
const answer = await response.json()
write(env.GITHUB_OUTPUT, answer.outputs)
write(env.GITHUB_ENV, answer.env)

function write(file, values) {
  const lines = Object.entries(values).map(([name, value]) => `${name}<<END-OF-VALUE\n${value}\nEND-OF-VALUE\n`)
  appendFileSync(file, lines.join(''))
}
