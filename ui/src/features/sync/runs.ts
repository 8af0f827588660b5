// Attempts as they are told: the same failure over and over, and exchanges that had nothing to carry, are one line with a
// count, not a page of the same words.
import type { SyncRun } from '@/ipc/generated/types'

export interface Attempts {
  /** The newest of them. */
  last: SyncRun
  times: number
  /** When the oldest began. */
  firstAt: number
  bytesOut: number
  bytesIn: number
}

/** The station was reached, and there was nothing to send or to fetch. */
export function movedNothing(run: SyncRun): boolean {
  return run.outcome === 'complete' && run.received === 0 && run.of === 0 && run.fetched === 0
}

/** What makes two attempts the same line; null stands alone. */
function sameness(run: SyncRun): string | null {
  if (run.outcome !== 'complete') return run.outcome
  return movedNothing(run) ? 'nothing' : null
}

/** Attempts come newest first. Only neighbours are put together, so that their order stays true. */
export function folded(runs: readonly SyncRun[]): Attempts[] {
  const all: Attempts[] = []
  for (const run of runs) {
    const before = all.at(-1)
    const same = sameness(run)
    if (before && same !== null && sameness(before.last) === same) {
      before.times += 1
      before.firstAt = run.at
      before.bytesOut += run.bytes_out
      before.bytesIn += run.bytes_in
    } else {
      all.push({ last: run, times: 1, firstAt: run.at, bytesOut: run.bytes_out, bytesIn: run.bytes_in })
    }
  }
  return all
}
