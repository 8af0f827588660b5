// What the list shows and how it is ordered. Kept while the window lives, for one officer.
import { reactive } from 'vue'
import type { Clock, DisputeFilter, DisputeOrder, DisputeRow } from '@/ipc/generated/types'
import { daysBetween } from '@/shared/format'

export interface ListState {
  filter: DisputeFilter
  order: DisputeOrder
  cell: string | null
}

const start = (): ListState => ({ filter: 'open', order: 'due', cell: null })

export const list = reactive<ListState>(start())
let owner: string | null = null

/** Another officer begins with a list of his own. */
export function listFor(officer: string | null): void {
  if (officer === owner) return
  owner = officer
  Object.assign(list, start())
}

export const orders: readonly DisputeOrder[] = ['due', 'newest', 'grade']

export type DueGroup = 'over' | 'today' | 'later' | 'none'

/** Where a case stands by the day its first clock ends. */
export function dueGroup(clock: Pick<Clock, 'due_on'> | null, today: string): DueGroup {
  if (clock === null || clock.due_on === null) return 'none'
  const days = daysBetween(today, clock.due_on)
  return days < 0 ? 'over' : days === 0 ? 'today' : 'later'
}

/** The group a row of the list begins, told by the one before it; null within a group or without groups. */
export function groupBegun(
  state: ListState,
  row: DisputeRow,
  before: DisputeRow | undefined,
  today: string,
): string | null {
  const groupOf = (one: DisputeRow): string | null => {
    if (state.order === 'grade') return `grade.${one.grade ?? 'none'}`
    if (state.order === 'due' && state.filter === 'open') return `due.${dueGroup(one.clock, today)}`
    return null
  }
  const group = groupOf(row)
  return group !== null && (before === undefined || groupOf(before) !== group) ? group : null
}

/** How many rows each group has, as far as the first page tells: the last group is known only when the list ends there. */
export function groupCounts(state: ListState, rows: readonly DisputeRow[], ended: boolean, today: string) {
  const counts: Record<string, number> = {}
  let group = ''
  rows.forEach((row, place) => {
    group = groupBegun(state, row, place === 0 ? undefined : rows[place - 1], today) ?? group
    counts[group] = (counts[group] ?? 0) + 1
  })
  const last = group
  return ended ? counts : Object.fromEntries(Object.entries(counts).filter(([key]) => key !== last))
}

/** `12` of `QF-07〔2026〕12号`; null when the number is written otherwise. */
export function shortNumber(number: string | null): string | null {
  return /(\d+)\D*$/.exec(number ?? '')?.[1] ?? null
}
