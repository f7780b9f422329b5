/**
 * The page on which people follow a run, outside of AWS. Nothing here fails or waits for anybody: a run goes on as if it were not
 * there.
 */
export interface RunPage {
  /** Loads what it needs, from this machine only: later, parsing would stand between a proof and its write. */
  ready(): Promise<void>
  /** The run has begun to do something for this candidate. Returns at once; a second call for the same one does nothing. */
  began(candidate: { readonly taskDefinition: string; readonly image: string }): void
}
