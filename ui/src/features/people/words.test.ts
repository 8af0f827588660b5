import { expect, it } from 'vitest'
import type { HouseholdPage } from '@/ipc/generated/types'
import { itemNames, itemsOf, missingOf, sexAndAge } from './words'

const page = {
  missing: ['phone', 'resident:d5:id_number'],
  members: [
    { resident: 'd1', name: '赵荣江' },
    { resident: 'd5', name: '赵一诺' },
  ],
} as unknown as HouseholdPage

it('what is missing names the member it is missing of', () => {
  expect(missingOf(page)).toEqual([
    { key: 'phone', resident: null, name: null },
    { key: 'id_number', resident: 'd5', name: '赵一诺' },
  ])
  expect(itemsOf(page)).toBe(4)
})

it('sex and age say only what is known', () => {
  expect(sexAndAge('1', 63)).toBe('男，63 岁')
  expect(sexAndAge('0', 63)).toBe('63 岁')
  expect(sexAndAge(null, null)).toBe('')
})

it('items that were taken out are not named', () => {
  const fields = { 'officers/a/name': '周远山', 'officers/b/name': '陈小满', 'officers/b/_gone': true, notes: 'x' }
  expect(itemNames(fields, 'officers')).toEqual([['a', '周远山']])
})
