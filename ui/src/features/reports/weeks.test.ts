import { expect, it } from 'vitest'
import { weekFrom, weekOf } from './weeks'

it('knows the ISO week at the turn of a year', () => {
  expect(weekOf('2026-11-19')).toEqual({ year: 2026, week: 47 })
  expect(weekOf('2027-01-01')).toEqual({ year: 2026, week: 53 })
  expect(weekOf('2024-12-30')).toEqual({ year: 2025, week: 1 })
  expect(weekFrom('2026-01-05', -1)).toEqual({ year: 2026, week: 1 })
  expect(weekFrom('2025-12-29', -1)).toEqual({ year: 2025, week: 52 })
})
