import type { PreviewNews } from '../model/preview.ts'
import type { RunReport } from '../model/report.ts'
import { described, revisionOf } from '../plan/environment-page.ts'
import { type ApiPlace, deploymentsApi } from './api.ts'
import { createEnvironmentPage, type PageSettings } from './environment-page.ts'
import { problemWith } from './page-of.ts'

interface PreviewPageSettings extends Pick<PageSettings, 'about' | 'run' | 'warn' | 'info' | 'sleep'> {
  readonly place: ApiPlace
  readonly token: string
}

/** The environment of one preview: what is ready has an entry of its own, and all of them are inactive when it is gone. */
export function previewPage(settings: PreviewPageSettings) {
  const { place, token, ...rest } = settings
  const problem = problemWith(token, place.repository, rest.run.sha)
  return async ({ id, state, preview, because, failure }: PreviewNews, { outcome }: RunReport): Promise<void> => {
    const page = createEnvironmentPage({
      ...rest,
      api: () => (problem === undefined ? deploymentsApi(token, place) : Promise.reject(problem)),
      environment: place.environment,
      mode: 'preview',
      isPreview: true,
      versionOf: image => preview?.version ?? image,
      ...(preview?.url === undefined ? {} : { productionUrl: preview.url }),
      save: () => undefined,
    })
    const { taskDefinition, name = id, version = id } = preview ?? {}
    const revision = taskDefinition === undefined ? name : revisionOf(taskDefinition)
    const about = { revision, version, create: true, known: outcome.status === 'unchanged' }
    switch (state) {
      case 'ready':
        return page.close({ ...about, state: 'success', description: described(`${version} is ready`), live: true })
      case 'failed':
        return page.close({
          ...about,
          state: 'failure',
          description: described(`${failure?.code ?? ''}: the log says more`),
          live: false,
        })
      case 'gone':
        return page.retire(`The preview is gone${because === undefined ? '' : `: ${because}`}`)
      case 'stuck':
        return undefined
      default:
        return state satisfies never
    }
  }
}
