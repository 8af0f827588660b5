// What went wrong, as a code with arguments. The sentence is made by the screen, in its language.

/** rejected: the user can put it right. conflict: settle it. unavailable: try again. defect: our mistake. */
export type ErrorKind = 'rejected' | 'conflict' | 'unavailable' | 'defect'

export type ErrorArgs = Record<string, unknown>

export interface WireError {
  code: string
  args: ErrorArgs
  kind: ErrorKind
  incident?: string | null
}

const kinds: readonly string[] = ['rejected', 'conflict', 'unavailable', 'defect']

export class AppError extends Error {
  readonly code: string
  readonly args: ErrorArgs
  readonly kind: ErrorKind
  /** Number of a defect in the local log, to be told to whoever repairs it. */
  readonly incident: string | null

  constructor(wire: WireError) {
    super(wire.code)
    this.name = 'AppError'
    this.code = wire.code
    this.args = wire.args
    this.kind = wire.kind
    this.incident = wire.incident ?? null
  }
}

export function isWireError(value: unknown): value is WireError {
  if (typeof value !== 'object' || value === null) return false
  const candidate = value as Record<string, unknown>
  return typeof candidate.code === 'string' && typeof candidate.kind === 'string' && kinds.includes(candidate.kind)
}

/** Turns whatever a transport threw into an `AppError`; what we cannot read is the host being away or a defect. */
export function toAppError(value: unknown, otherwise: 'host_unreachable' | 'host_answer_unreadable'): AppError {
  if (value instanceof AppError) return value
  if (isWireError(value)) return new AppError({ ...value, args: value.args ?? {} })
  return new AppError({
    code: otherwise,
    args: {},
    kind: otherwise === 'host_unreachable' ? 'unavailable' : 'defect',
  })
}
