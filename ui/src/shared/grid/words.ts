// What a list says about itself: where its groups begin, which rows are in sight.
import { t } from '@/i18n'
import { count } from '../format'

export type Heading<T> = (row: T, before: T | undefined) => string | null

/** The words above rows that begin a group, by row. A row whose neighbour is not held begins none. */
export function headingsOf<T>(rows: ReadonlyMap<number, T>, heading: Heading<T> | undefined): Map<number, string> {
  const found = new Map<number, string>()
  if (!heading) return found
  for (const [index, row] of rows) {
    const before = rows.get(index - 1)
    const words = index > 0 && before === undefined ? null : heading(row, before)
    if (words !== null) found.set(index, words)
  }
  return found
}

/** "第 1 行起，共 40 行". `first` from 0; the total is unknown until it was counted or the end was met. */
export function seenRows(first: number, known: number, met: number, total: number | null): string {
  const words = { first: count(Math.min(first + 1, known)), total: count(total ?? met) }
  return t(total === null ? 'shared.rows_more' : 'shared.rows_of', words)
}
