import { readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { createImageRegistry, namedBehavior, troubles } from '../../sandbox/images.ts'

const guide = readFileSync(new URL('../../docs/sandbox.md', import.meta.url), 'utf8')

describe('the image registry', () => {
  test.each(troubles.map(([word]) => word))(
    'knows what a tag that ends in -%s asks for, and so does the guide',
    word => {
      const image = `registry.test:5000/team/app:0.0.2-${word}`
      expect(createImageRegistry().behavior(image)).toBe(word)
      expect(namedBehavior(image)).toBe(word)
      expect(guide).toMatch(new RegExp(`^\\| .*-${word}\``, 'm'))
    },
  )

  test('has every image that can be named, and none that cannot', () => {
    const registry = createImageRegistry()
    for (const image of ['app', 'localhost:5000/app', 'team/app:1-crash']) {
      expect(registry.digest(image)).toMatch(/^sha256:[0-9a-f]{64}$/)
      expect(registry.refusal(image)).toBeUndefined()
    }
    for (const image of ['team/app:1-missing', 'App:1', '']) {
      expect(registry.digest(image)).toBeUndefined()
      expect(registry.refusal(image)).toContain('CannotPullContainerError')
    }
    expect(registry.refusal('app:1-nosecret')).toContain('ResourceInitializationError')
  })

  test('reads `app` as `app:latest`, and gives new bits a new digest', () => {
    const registry = createImageRegistry()
    const before = registry.digest('app')
    expect(registry.digest('app:latest')).toBe(before)
    registry.push('app')
    expect(registry.digest('app:latest')).not.toBe(before)
    expect(registry.version(`app@${before}`)).toBe('latest')
    expect(registry.digest(`app:latest@${before}`)).toBe(before)
  })

  test('tells the trouble of a digest by the tag that it was resolved from', () => {
    const registry = createImageRegistry()
    const digest = registry.digest('app:7-slow')
    expect(registry.behavior(`app@${digest}`)).toBe('slow')
    expect(createImageRegistry().version(`app@${digest}`)).toBe(digest?.slice('sha256:'.length, 'sha256:'.length + 12))
  })
})
