import * as core from '@actions/core'
import { main } from './main.ts'
import { post } from './post.ts'

/** One bundle, two entries: the runner gives the post step the state that main has saved. */
const state = { phase: core.getState('phase') }

if (state.phase === '') await main(process.env)
else await post(process.env, state.phase)
