import { expect, it } from 'vitest'
import type { DisputeRow } from '@/ipc/generated/types'
import { groupBegun, groupCounts, shortNumber, type ListState } from './list'

const today = '2026-11-21'
const row = (due: string | null, grade: string | null = null) =>
  ({ clock: due === null ? null : { due_on: due }, grade }) as unknown as DisputeRow
const byDue: ListState = { filter: 'open', order: 'due', cell: null }
const rows = [row('2026-11-19'), row('2026-11-20'), row('2026-11-21'), row('2026-12-01'), row(null)]

it('cases stand under overdue, today, later and without a clock', () => {
  const begun = rows.map((one, place) => groupBegun(byDue, one, place === 0 ? undefined : rows[place - 1], today))
  expect(begun).toEqual(['due.over', null, 'due.today', 'due.later', 'due.none'])
})
it('closed cases have no groups of days, cases by grade have groups of grades', () => {
  expect(groupBegun({ ...byDue, filter: 'closed' }, rows[0] as DisputeRow, undefined, today)).toBeNull()
  expect(groupBegun({ ...byDue, order: 'grade' }, row(null, '3'), row(null, '4'), today)).toBe('grade.3')
})
it('a group is counted once its end was met', () => {
  expect(groupCounts(byDue, rows, false, today)).toEqual({ 'due.over': 2, 'due.today': 1, 'due.later': 1 })
  expect(groupCounts(byDue, rows, true, today)['due.none']).toBe(1)
})
it('the short number is the last one', () => {
  expect(shortNumber('QF-07〔2026〕12号')).toBe('12')
  expect(shortNumber(null)).toBeNull()
})
