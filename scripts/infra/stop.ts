/** What the process ends with, so that a workflow can tell the cases apart. docs/one-command.md lists them. */
export const exitCodes = {
  failed: 1,
  usage: 2,
  'no-credentials': 3,
  'bad-credentials': 4,
  'no-region': 5,
  'other-region': 6,
  'other-account': 7,
  state: 8,
  declined: 9,
  'no-tool': 10,
} as const

export type StopKind = keyof typeof exitCodes

/** The end of a command, with a message for people: what is wrong, with what, and what to do. */
export class Stop extends Error {
  readonly kind: StopKind
  constructor(kind: StopKind, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'Stop'
    this.kind = kind
  }
}
