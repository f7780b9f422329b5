import { readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { failureCodes } from '../../src/model/outcome.ts'
import { setupPolicy } from '../../src/plan/setup-permissions.ts'

const text = readFileSync('docs/setup.md', 'utf8')
const [, refusals = '', permissions = ''] = text.split(/^## (?:What it refuses|Permissions)$/m)
const region = 'eu-central-1:123456789012'

test('docs/setup.md has the statements and actions of its policy, and no other', () => {
  const { Statement } = setupPolicy({
    blueArn: `arn:aws:ecs:${region}:service/web/shop`,
    green: 'shop-green',
    groupName: 'shop-green',
    routes: ['listener/app', 'listener-rule/app'].map(kind => `arn:aws:elasticloadbalancing:${region}:${kind}/web/a/b`),
    testListener: `arn:aws:elasticloadbalancing:${region}:listener/app/web/a/b`,
    taskRoles: ['task'],
    serviceRoles: ['service'],
  })
  const words = (pattern: RegExp) => [...permissions.matchAll(pattern)].map(([, word]) => word)
  expect(words(/`([A-Z][A-Za-z]+)`/g).sort()).toEqual(Statement.map(({ Sid }) => Sid).sort())
  const actions = new Set(Statement.flatMap(({ Action }) => Action))
  expect(words(/`([a-z-]+:[A-Z][A-Za-z]+)`/g).sort()).toEqual([...actions].sort())
})

test('it tells refusals by codes that there are', () => {
  const codes = [...refusals.matchAll(/`([A-Z]+_[A-Z_]+)`/g)].map(([, code = '']) => code)
  expect(codes.length).toBeGreaterThan(5)
  expect(codes.filter(code => !(failureCodes as readonly string[]).includes(code))).toEqual([])
})
