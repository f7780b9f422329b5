import { type ListedComment, type PullsApi, pageSize } from './pulls-api.ts'

export interface CommentOrder {
  readonly pullRequest: number
  /** What it begins with. */
  readonly marker: string
  readonly body: string
  /** Whether one is made when there is none. */
  readonly create: boolean
}

/** Makes the one comment of a preview say this, from whatever is there. */
export async function writeComment(api: PullsApi, order: CommentOrder, signal: AbortSignal): Promise<void> {
  const { pullRequest, body, create } = order
  const own = await ownComment(api, order, signal)
  if (own === undefined) {
    if (create) await api.comment(pullRequest, body, signal)
    return
  }
  if (own.body !== body) await api.edit(own.id, body, signal)
}

/**
 * The oldest comment with our marker that we have written. Anybody can write a marker, and GitHub would let us edit what others have
 * written: whose token this is has to be who has written it.
 */
async function ownComment(
  api: PullsApi,
  { pullRequest, marker }: CommentOrder,
  signal: AbortSignal,
): Promise<ListedComment | undefined> {
  let self: string | undefined
  for (let page = 1; ; page++) {
    const listed = await api.comments(pullRequest, page, signal)
    for (const comment of listed) {
      // Its very beginning: what others quote in the middle of theirs is not ours.
      if (!comment.body.startsWith(marker)) continue
      self ??= await api.viewer(signal)
      if (comment.login === self && self !== '') return comment
    }
    if (listed.length < pageSize) return undefined
  }
}
