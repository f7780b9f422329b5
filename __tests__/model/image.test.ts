import { describe, expect, test } from '@jest/globals'
import { mayMove } from '../../src/model/image.ts'

const digest = `sha256:${'0a'.repeat(32)}`

describe('whether an image may move', () => {
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
    'app:1',
    'app:1.2',
    'app:v2',
    'app:1.2.3-SNAPSHOT',
    'app:1.2.3-latest',
    'app:mainly',
    'app:release-main',
    'app:pr-12',
    'app:build-4711',
    'app:20261121',
    'app:pr-1234567',
    'app:0a1b2c',
    'app:effaced',
    'app:0A1B2C3',
  ])('%s does', image => {
    expect(mayMove(image)).toBe(true)
  })

  test.each([
    'app:1.2.3',
    'app:v1.2.3',
    'app:1.2.3-rc.1',
    'app:1.2.3_build7',
    'app:1.2.3-alpine3.20',
    'app:1.2.3.4',
    'app:0a1b2c3',
    'app:sha-0a1b2c3',
    'app:main-0a1b2c3',
    'app:20261121.0a1b2c3',
    `app:${'0a'.repeat(20)}`,
    `app:git-${'12'.repeat(20)}`,
    `app@${digest}`,
    `app:latest@${digest}`,
    'main:7.0.0',
    'no image at all',
  ])('%s does not', image => {
    expect(mayMove(image)).toBe(false)
  })
})
