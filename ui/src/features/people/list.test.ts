import { beforeEach, describe, expect, it } from 'vitest'
import { clearFilters, filtered, householdFilters, list, listFor, residentFilters } from './list'

describe('the list of people', () => {
  beforeEach(() => {
    listFor(null)
    listFor('o1')
  })
  it('counts days without a visit back from today', () => {
    list.unvisited = '90'
    expect(householdFilters(list, '2026-11-21').not_visited_since_on).toBe('2026-08-23')
  })
  it('keeps filters of households away from residents', () => {
    Object.assign(list, { householdKind: 'rental', village: 'v' })
    expect(residentFilters(list)).toEqual({ cell: null, village: 'v', kind: null, order: 'name' })
  })
  it('knows whether anything hides rows, and takes it off', () => {
    expect(filtered(list)).toBe(false)
    list.unvisited = '30'
    expect(filtered(list)).toBe(true)
    expect(filtered({ ...list, tab: 'residents' })).toBe(false)
    clearFilters(list)
    expect(filtered(list)).toBe(false)
  })
  it('starts anew for another officer', () => {
    list.village = 'v'
    listFor('o1')
    expect(list.village).toBe('v')
    listFor('o2')
    expect(list.village).toBeNull()
  })
})
