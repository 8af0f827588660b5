import { expect, it } from 'vitest'
import type { HistoryRow, SaveState, ScalarJson } from '@/ipc/generated/types'
import { refusedFields } from './again'

const row = (state: SaveState, sets: Record<string, ScalarJson>): HistoryRow => ({
  change: '',
  at: 0,
  officer: '',
  laptop: '',
  state,
  decision: false,
  sets: Object.entries(sets).map(([key, value]) => ({ key, value })),
})

it('writing again takes the newest refused words, and neither covered values nor what a step sets', () => {
  const rows = [
    row('set_aside', { notes: '后写的', phone: '138****5127' }),
    row('station', { notes: '已收的', number: '001' }),
    row('set_aside', { notes: '先写的', next_visit_on: '2026-12-01', number: '002' }),
  ]
  expect(refusedFields(rows, 'household')).toEqual({ notes: '后写的', next_visit_on: '2026-12-01' })
  expect(refusedFields([row('set_aside', { state: 'agreed', 'parties/p1/name': '赵建国' })], 'dispute')).toEqual({
    'parties/p1/name': '赵建国',
  })
})
