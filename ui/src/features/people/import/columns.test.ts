import { expect, it } from 'vitest'
import { assign, columnAt, mappingLacks, samplesOf } from './columns'

it('a column of the file and one of the register belong to each other alone', () => {
  const mapping = { name: 0, phone: 3 }
  expect(assign(mapping, 3, 'name')).toEqual({ name: 3 })
  expect(assign(mapping, 0, null)).toEqual({ phone: 3 })
  expect(columnAt(mapping, 3)).toBe('phone')
  expect(columnAt(mapping, 1)).toBeNull()
})

it('without names nothing can be tried', () => {
  expect(mappingLacks({ phone: 1 })).toBe('name')
  expect(mappingLacks({ name: 1 })).toBeNull()
})

it('samples are the first different values, long numbers covered', () => {
  const sample = [
    ['男', '330224196303021234'],
    ['男', '13800005127'],
    ['', '3 组 27 号'],
    ['女', '2026-11-19'],
  ]
  expect(samplesOf(sample, 0)).toEqual(['男', '女'])
  expect(samplesOf(sample, 1, 4)).toEqual(['330***********1234', '138****5127', '3 组 27 号', '2026-11-19'])
})
