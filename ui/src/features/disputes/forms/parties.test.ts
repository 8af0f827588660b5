import { expect, it } from 'vitest'
import { firstParties, namedParties, withoutNameless } from './parties'

it('a new case starts with two rows that are not sent while they have no name', () => {
  const rows = firstParties()
  expect(Object.values(rows)).toEqual(['applicant', 'respondent'])
  expect(withoutNameless({ title: '排水', ...rows })).toEqual({ title: '排水' })
})
it('a row with a name or a resident counts, one taken out is still marked', () => {
  const values = {
    'parties/a/name': '章',
    'parties/b/resident': 'r',
    'parties/c/role': 'applicant',
    'parties/d/_gone': true,
  }
  expect(namedParties(values)).toBe(2)
  expect(Object.keys(withoutNameless(values))).toEqual(['parties/a/name', 'parties/b/resident', 'parties/d/_gone'])
})
