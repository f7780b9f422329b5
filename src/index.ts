import { main } from './main.ts'
import { post } from './post.ts'

/** One bundle, two entries: the runner gives the post step the state that main has saved. */
const phase = process.env.STATE_phase ?? ''

if (phase === '') await main(process.env)
else await post(process.env, phase)
