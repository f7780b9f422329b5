import type { Locks } from '../aws/locks.ts'
import type { LockOwner, LockView } from '../model/journal.ts'
import { Refusal } from '../model/outcome.ts'
import { isHalfShift, readTaken, shiftNote, shiftNoteTag, type Taker, takenNote } from '../plan/journal.ts'
import type { Log } from './log.ts'

export interface NotesOptions {
  readonly locks: () => Locks
  readonly owner: LockOwner
  readonly log: Log
  readonly signal: AbortSignal
  readonly takeOver: 'stale' | 'always'
}

/** For what is told elsewhere, or not worth a failure. */
export function forgiveRefusal(error: unknown): void {
  if (!(error instanceof Refusal)) throw error
}

/**
 * What a run that takes a lock writes on the blue target group meanwhile. It is for whoever comes after a run that is killed when the old
 * lock is gone, and its own is not there yet; and for the run that has held it, which may live.
 */
export function takeoverNotes({ locks, owner, log, signal, takeOver }: NotesOptions) {
  let bridged = false

  return {
    /**
     * Traffic that is between the colors is worse than a moment without a note: where AWS does not take it, for want of permission or room,
     * the run goes on.
     */
    async write({ owner: holder, journal }: LockView, blue: string, now: string): Promise<void> {
      const taken = takenNote(holder, owner)
      if (!isHalfShift(journal)) {
        if (takeOver === 'always') await locks().write(blue, taken).catch(forgiveRefusal)
        return
      }
      bridged = true
      try {
        await locks().write(blue, { ...taken, [shiftNoteTag]: shiftNote(journal, now) })
      } catch (error) {
        if (!(error instanceof Refusal) || signal.aborted) throw error
        bridged = false
        log.warn(
          `The tag ${shiftNoteTag} of ${blue} could not be written: should this run be killed before its lock is there, nobody knows of the shift. ${error.failure.headline}`,
        )
      }
    },

    /** It is in our own journal now. Left on the target group, it would explain what somebody else does to the weights later. */
    async empty(blue: string): Promise<void> {
      if (!bridged) return
      bridged = false
      try {
        await locks().write(blue, { [shiftNoteTag]: '' })
      } catch (error) {
        if (!(error instanceof Refusal)) throw error
        log.warn(
          `The tag ${shiftNoteTag} of ${blue} could not be emptied; it lapses in a day. ${error.failure.headline}`,
        )
      }
    },

    /** Who has noted that it took the lock from us. */
    async taker(blue: string): Promise<Taker | undefined> {
      return readTaken(owner.nonce, await locks().read(blue))
    },
  }
}
