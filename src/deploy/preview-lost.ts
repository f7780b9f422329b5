import { Refusal } from '../model/outcome.ts'

/** What a sweep, or the end of a pull request, has taken away between a look and the next call. */
export function isLostPart(error: unknown): error is Refusal {
  if (!(error instanceof Refusal)) return false
  const { name, message } = error.cause instanceof Error ? error.cause : error
  return (
    /^(TargetGroup|Rule|Service)Not(Found|Active)/.test(name) ||
    /TaskDefinition is inactive|target group does not exist|Service was not (found|ACTIVE)/i.test(message)
  )
}

/** Whoever deletes a preview that is whole means it. */
export function deletedMeanwhile({ failure }: Refusal, id: string): Refusal {
  return new Refusal({
    code: failure.code,
    headline: `${id} was deleted while this run waited for it. ${failure.headline}`,
    details: [
      'Another run has taken it away, such as the one of a pull request that is closed. Run again when it is to stay: it is made anew.',
    ],
  })
}
