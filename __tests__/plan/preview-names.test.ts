import { createHash } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import {
  digestText,
  isOwn,
  mayBePreview,
  ownerIn,
  ownerTags,
  previewName,
  pullRequestIn,
  tagsOfPush,
} from '../../src/plan/preview-names.ts'

const nameOf = (service: string, id: string, repository = 'octo-org/shop') => {
  const digest = createHash('sha256').update(digestText({ repository, of: `default/${service}`, id }))
  return previewName(service, id, digest.digest('hex'))
}

describe('the name of a preview', () => {
  test.each([
    ['shop', 'pr-12', /^shop-pr-12-[0-9a-f]{8}$/],
    ['a-service-with-a-long-name', 'pr-12', /^a-service-pr-12-[0-9a-f]{8}$/],
    ['shop', 'pr-123456789', /^shop-pr-123456789-[0-9a-f]{8}$/],
    ['shop', 'a-branch-that-is-called-so', /^shop-a-branch-tha-[0-9a-f]{8}$/],
    ['my_shop.web', 'pr-1', /^my-shop-we-pr-1-[0-9a-f]{8}$/],
    ['___', 'pr-1', /^pr-1-[0-9a-f]{8}$/],
    ['shop-------x', '0', /^shop-x-0-[0-9a-f]{8}$/],
  ])('of %s %s is one that AWS takes', (service, id, expected) => {
    const name = nameOf(service, id)
    expect(name).toMatch(expected)
    expect(name.length).toBeLessThanOrEqual(32)
    expect(name).toMatch(/^[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?$/)
    expect(mayBePreview(name, service)).toBe(true)
  })

  test('differs wherever anything differs, although the letters that are left are the same', () => {
    const names = [
      nameOf('shop', 'pr-12'),
      nameOf('shop', 'pr-12', 'octo-org/other'),
      nameOf('a-service-with-a-long-name', 'pr-12'),
      nameOf('a-service-with-a-long-name-too', 'pr-12'),
      nameOf('shop', 'a-branch-that-is-called-so'),
      nameOf('shop', 'a-branch-that-is-called-otherwise'),
      nameOf('shop', 'a_b'),
      nameOf('shop', 'a-b'),
    ]
    expect(new Set(names).size).toBe(names.length)
    // Parts of one text are not mistaken for those of another.
    expect(digestText({ repository: 'a', of: 'b","c', id: 'd' })).not.toBe(
      digestText({ repository: 'a","b', of: 'c', id: 'd' }),
    )
  })

  test('is not that of production', () => {
    expect(mayBePreview('shop-blue', 'shop')).toBe(false)
    expect(mayBePreview('other-pr-1-0a1b2c3d', 'shop')).toBe(false)
  })
})

describe('the tags of a preview', () => {
  const owner = { repository: 'octo-org/shop', of: 'default/shop', id: 'pr-12' }
  const tags = ownerTags(owner, { id: '77', pullRequest: 12, expires: '2026-01-04T00:00:00.000Z' })

  test('have only what ECS and Elastic Load Balancing take', () => {
    const hostile = ownerTags({ ...owner, repository: 'a/b<script>', of: 'x/ü`"' }, { id: '1\n2', expires: '' })
    for (const text of Object.entries(hostile).flat()) expect(text).toMatch(/^[A-Za-z0-9_.:/=+@-]*$/)
  })

  test.each<[string, Readonly<Record<string, string>> | undefined, boolean]>([
    ['all of them', tags, true],
    ['others beside them', { ...tags, team: 'checkout' }, true],
    ['none', {}, false],
    ['unread ones', undefined, false],
    ['another repository', { ...tags, 'ecs-bluegreen:repository': 'octo-org/fork' }, false],
    ['another service', { ...tags, 'ecs-bluegreen:service': 'default/other' }, false],
    ['another preview', { ...tags, 'ecs-bluegreen:preview': 'pr-13' }, false],
  ])('with %s say whose it is', (_, given, own) => {
    expect(isOwn(given, owner)).toBe(own)
  })

  const id = (text: string) => ({ 'ecs-bluegreen:repository-id': text })
  test.each<[string, string | undefined, Readonly<Record<string, string>>, boolean]>([
    ['the same id and name', '7', { ...tags, ...id('7') }, true],
    ['the same id and an older name', '7', { ...tags, ...id('7'), 'ecs-bluegreen:repository': 'octo-org/old' }, true],
    ['another id and the same name', '7', { ...tags, ...id('8') }, false],
    ['no id and the same name', '7', tags, true],
    ['no id and another name', '7', { ...tags, 'ecs-bluegreen:repository': 'octo-org/old' }, false],
    ['an id, where the run knows none, and the same name', undefined, { ...tags, ...id('8') }, true],
  ])('with %s say whose it is', (_, repositoryId, given, own) => {
    expect(isOwn(given, repositoryId === undefined ? owner : { ...owner, repositoryId })).toBe(own)
  })

  test('have the id of the repository, and its name stays out of that of the preview then', () => {
    const known = { ...owner, repositoryId: '7' }
    expect(ownerTags(known, { id: '1', expires: '' })).toMatchObject(id('7'))
    expect(digestText(known)).toBe(digestText({ ...known, repository: 'octo-org/renamed' }))
    expect(digestText(known)).not.toBe(digestText({ ...known, repositoryId: '8' }))
    // A preview that was made without it keeps the name that it has.
    expect(ownerIn(tags, known)).toEqual(owner)
  })

  test('tell of a pull request no longer, once a push was for none', () => {
    const { 'ecs-bluegreen:pull-request': _, ...without } = tags
    const [before, none, again] = [
      tagsOfPush(tags, {}),
      tagsOfPush(without, tags),
      tagsOfPush(tags, tagsOfPush(without, tags)),
    ]
    expect([before, none, again].map(pullRequestIn)).toEqual([12, undefined, 12])
    expect({ ...tags, ...none }).toEqual(none)
    expect(tagsOfPush(without, without)).toEqual(without)
  })

  test('say which preview it is, of this repository and service only', () => {
    const like = { repository: owner.repository, of: owner.of }
    expect(ownerIn(tags, like)).toEqual(owner)
    expect(ownerIn(tags, { ...like, repository: 'octo-org/fork' })).toBeUndefined()
    expect(ownerIn({}, like)).toBeUndefined()
  })
})
