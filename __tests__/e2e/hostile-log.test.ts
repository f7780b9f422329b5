import { expect, test } from '@jest/globals'
import { lines, openStage, repositoryPath } from './stage.ts'

/** What a crashing program prints is shown through dist/index.js, and none of it works as anything but text. */

const hostile = [
  '::error::not an annotation',
  '\u0085::warning::nor this',
  '##[error]nor that',
  '::set-output name=version::6.6.6',
  '::stop-commands::quiet',
  '\u001b[31mred \u001b[8mhidden',
  '</pre></details><img src=x onerror=y> ``` @octocat',
  'x'.repeat(5_000),
  'Error: connect ECONNREFUSED 10.0.9.9:5432',
]

const program = `
  if (!process.env.VERSION.endsWith('-crash')) import(${JSON.stringify(repositoryPath('sample-app', 'server.js'))})
  else {
    for (const line of ${JSON.stringify(hostile)}) console.log(line)
    process.exitCode = 1
  }`

test('hostile last words of a container stay words', async () => {
  const stage = await openStage({ appCommand: [process.execPath, '-e', program] })
  try {
    const result = await stage.run({ image: 'sample-app:0.0.2-crash', timeout: '60s' })
    expect(result).toMatchObject({ conclusion: 'failure', exitCode: 1 })
    expect(result.outputs['failure-reason']).toMatch(/^TASKS_CRASHED: /)

    // The crash's own output is there, in a group of its own, and does nothing to the runner.
    expect(result.groups).toContainEqual(expect.stringMatching(/^Last lines of app in task [0-9a-f]{32}$/))
    expect(lines(result)).toContain('Error: connect ECONNREFUSED 10.0.9.9:5432')
    expect(lines(result)).toContain('red hidden')
    expect(lines(result)).not.toContain('\u001b[8m')
    const shown = result.annotations.map(annotation => annotation.message)
    expect(shown).toEqual([expect.stringContaining('TASKS_CRASHED')])
    expect(result.outputs.version).not.toBe('6.6.6')

    const [folded = ''] = /<details><summary>Last lines of app[\s\S]*?<\/details>/.exec(result.summary) ?? []
    expect(folded).toContain('Error: connect ECONNREFUSED 10.0.9.9:5432\n</pre>')
    expect(folded).toContain('&#60;/pre&#62;&#60;/details&#62;&#60;img src=x')
    expect(Math.max(...folded.split('\n').map(line => line.length))).toBeLessThan(520)
    expect(result.summary).not.toContain('<img')
  } finally {
    await stage.close()
  }
})
