import { afterEach, beforeEach } from '@jest/globals'
import { Home } from './command.ts'
import { type FakeAws, startAws } from './fake-aws.ts'

/** What each test of the two commands has anew, once its file imports this: an AWS of its own, and somewhere to run them. */

export let aws: FakeAws
export let home: Home

beforeEach(async () => {
  aws = await startAws()
  home = new Home(aws.env)
})

afterEach(async () => {
  home.close()
  await aws.close()
})

/** For both colors. */
export const image = ['--image', 'registry.example.com/shop:1.0.0']

/** Of the stacks that are there. */
export const names = () =>
  aws.formation.stacks.filter(({ status }) => status !== 'DELETE_COMPLETE').map(({ name }) => name)

/** Calls that change something. */
export const writes = () => aws.calls.filter(call => !/\.(Describe|Get|List)/.test(call))
