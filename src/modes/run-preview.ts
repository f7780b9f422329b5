import { patiently } from '../deploy/patiently.ts'
import type { World } from '../deploy/world.ts'
import type { Inputs } from '../inputs/inputs.ts'
import type { PreviewTask } from '../inputs/preview.ts'
import { endedBy } from './ended-by.ts'
import { type Previewed, type PreviewRun, preview } from './preview.ts'
import { previewDestroy, previewSweep } from './preview-destroy.ts'

const modeOf = { preview, 'preview-destroy': previewDestroy, 'preview-sweep': previewSweep } as const

/** One of the modes of previews, to its end: whatever it ends by, the next run goes on from what is there. */
export async function runPreview(task: PreviewTask, inputs: Inputs, world: World, run: PreviewRun): Promise<Previewed> {
  const { id } = inputs.preview
  try {
    const deadline = run.startedAt + inputs.timeoutMs
    return await patiently(world, run.owner.nonce, deadline, attempt => {
      // What was looked at before counts no more.
      world.checks.clear()
      return modeOf[task](inputs, world, { ...run, again: attempt > 1 })
    })
  } catch (error) {
    const outcome = endedBy(error, world, {
      headline: 'Cancelled: production is as it was, and what was begun of the preview stays.',
      details: ['The next run of `preview` or `preview-destroy` goes on from there.'],
    })
    return { outcome, preview: { task, ...(id === undefined ? {} : { id }), ...(run.dry ? { dry: true } : {}) } }
  }
}
