// The day and the two times of a patrol, as instants. A patrol may go past midnight.
import { addDays, atOf } from '@/shared/format'

export function startAt(on: string | null, from: string | null): number | null {
  return on && from ? atOf(on, from) : null
}

/** An end at or before the start is on the next day. */
export function endAfter(on: string | null, from: string | null, to: string | null): number | null {
  if (!on || !from || !to) return null
  return atOf(to > from ? on : addDays(on, 1), to)
}
