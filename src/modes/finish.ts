import { firstLook } from '../deploy/observe.ts'
import { giveBack, isMixed, putIdleBack } from '../deploy/resume.ts'
import type { World } from '../deploy/world.ts'
import type { Snapshot } from '../model/snapshot.ts'
import { describeJournal, isHalfShift } from '../plan/journal.ts'
import { obeyMs } from '../plan/moment.ts'
import { idleToPutBack, isPutBackGently } from '../plan/resume.ts'

/**
 * What the post step does after a main that was cancelled or killed: from what AWS says, it takes back what main has begun and
 * could not finish, and gives the lock back. Does nothing when main holds no lock any more.
 *
 * @throws Refusal when something of it cannot be done; the journal stays for the next run
 */
export async function finish(world: World): Promise<void> {
  const first = await firstLook(world)
  const lock = await world.lock.adopt(first)
  if (lock?.journal === undefined) return
  const { journal } = lock
  world.log.info(`Main was ended while it was ${describeJournal(journal)}; on-cancel is ${world.onCancel}`)
  let done = false
  try {
    done = world.onCancel === 'leave' ? !isMixed(first) : await takeBack(world, journal, first)
  } finally {
    await world.lock.release(done ? 'delete' : 'leave')
  }
}

async function takeBack(world: World, journal: Parameters<typeof giveBack>[1], first: Snapshot): Promise<boolean> {
  // Before a shift was begun, weights between the colors are somebody else's.
  const seen = isHalfShift(journal) ? await giveBack(world, journal, first) : first
  const idle = idleToPutBack(journal, seen)
  const service = seen.services.value[journal.to]
  if (idle !== undefined && journal.phase !== 'staging' && !isPutBackGently(idle, service)) {
    world.log.info(`Wait until every node of the load balancer sends to ${journal.from} only`)
    await world.lock.sleep(obeyMs, world.signal)
  }
  await putIdleBack(world, journal, seen)
  return true
}
