// Attempts as they are told: the same failure over and over is one line with a count, not a page of the same words.
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

/** Attempts come newest first. Only failures are put together. */
export function folded(runs: readonly SyncRun[]): Attempts[] {
  const all: Attempts[] = []
  for (const run of runs) {
    const before = all.at(-1)
    if (before && run.outcome !== 'complete' && before.last.outcome === run.outcome) {
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
