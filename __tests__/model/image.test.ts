import { describe, expect, test } from '@jest/globals'
import { mayMove } from '../../src/model/image.ts'

const digest = `sha256:${'0a'.repeat(32)}`

describe('whether an image is known to move', () => {
  test.each([
    'app',
    'localhost:5000/team/app',
    'app:latest',
    'app:main',
    'app:master',
    'app:dev',
    'app:develop',
    'app:staging',
    'app:stable',
    'app:edge',
    'app:nightly',
    'app:prod',
    'app:production',
    'registry.example.com:443/team/app:Main',
  ])('%s does', image => {
    expect(mayMove(image)).toBe(true)
  })

  test.each([
    'app:1',
    'app:1.2.3',
    'app:0a1b2c3',
    'app:mainly',
    'app:release-main',
    `app@${digest}`,
    `app:latest@${digest}`,
    'main:7',
    'no image at all',
  ])('%s does not', image => {
    expect(mayMove(image)).toBe(false)
  })
})
