import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { registryHost } from '../../../sandbox/workflows/registry.ts'
import { step, succeeded } from './outcome.ts'
import { Rehearsal } from './rehearsal.ts'

/** build.yml by itself: which tags an image gets, and that no commit is built twice. */

let rehearsal: Rehearsal
let sha: string
beforeAll(async () => {
  rehearsal = await Rehearsal.open()
  sha = rehearsal.repository.commit()
})
afterAll(() => rehearsal.close())

test('without permission to look, builds nothing', async () => {
  rehearsal.registry.readable = false
  const result = await rehearsal.push('build.yml', 'refs/heads/develop')
  rehearsal.registry.readable = true
  expect(result).toMatchObject({ exitCode: 1, jobs: { image: { result: 'failure' } } })
  expect(step(result, 'image', 'existing').result).toBe('failure')
  expect(rehearsal.registry.builds).toBe(0)
})

test('a push to develop: the commit, the branch and the day', async () => {
  const result = succeeded(await rehearsal.push('build.yml', 'refs/heads/develop'))
  const { registry } = rehearsal
  expect(registry.tags()).toEqual([sha, 'develop', expect.stringMatching(/^dev-\d{8}$/)])
  expect(step(result, 'image', 'image').outputs).toEqual({
    image: `${registryHost}/shop:${sha}`,
    digest: registry.digest(sha),
  })
})

test.each([
  ['refs/heads/staging', ['staging', expect.stringMatching(/^staging-\d{8}$/)]],
  ['refs/tags/v1.2.0', ['release-v1.2.0']],
])('%s of the same commit: more tags for the same bits, and no second build', async (ref, added) => {
  const { registry } = rehearsal
  const before = registry.tags()
  const result = succeeded(await rehearsal.push('build.yml', ref))
  expect(registry.builds).toBe(1)
  expect(registry.tags()).toEqual([...before, ...added])
  expect(new Set(registry.tags().map(tag => registry.digest(tag))).size).toBe(1)
  expect(step(result, 'image', 'image').outputs).toMatchObject({ digest: registry.digest(sha) })
})

test('main and a tag get a commit at the same time: main has the image that the tag has built, and its own tag on it', async () => {
  const { registry, repository } = rehearsal
  const commit = repository.commit()
  const of = (tag: string) => `${registryHost}/shop:${tag}`
  registry.meanwhile = () => {
    registry.push([of(commit), of('release-v1.3.0')])
  }
  const result = succeeded(await rehearsal.push('build.yml', 'refs/heads/main'))
  expect(step(result, 'image', 'build').result).toBe('failure')
  expect(step(result, 'image', 'image').outputs).toEqual({
    image: of(commit),
    digest: registry.digest('release-v1.3.0'),
  })
  expect(registry.digest('main')).toBe(registry.digest(commit))
})

test('a build that fails ends the job, with nothing to deploy', async () => {
  const { registry, repository } = rehearsal
  repository.commit()
  registry.meanwhile = () => {
    throw new Error('Dockerfile:7: no such file')
  }
  const result = await rehearsal.push('build.yml', 'refs/heads/develop')
  expect(result).toMatchObject({ exitCode: 1, jobs: { image: { result: 'failure' } } })
  expect(step(result, 'image', 'build').result).toBe('failure')
  expect(step(result, 'image', 'image').outputs).toEqual({})
})
