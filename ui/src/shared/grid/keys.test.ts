import { expect, it } from 'vitest'
import { rowAfterKey } from './keys'

it.each([
  ['ArrowDown', 4, 5],
  ['ArrowDown', 99, 99],
  ['ArrowDown', -1, 0],
  ['ArrowUp', 4, 3],
  ['ArrowUp', 0, 0],
  ['ArrowUp', -1, 0],
  ['PageDown', 4, 24],
  ['PageDown', 95, 99],
  ['PageUp', 4, 0],
  ['Home', 50, 0],
  ['End', 50, 99],
  ['a', 50, null],
  ['Enter', 50, null],
])('%s from row %i of 100 leads to %s', (key, from, to) => {
  expect(rowAfterKey(key, from, 100, 20)).toBe(to)
})

it('no key leads anywhere in an empty list', () => {
  expect(rowAfterKey('Home', -1, 0, 20)).toBeNull()
})
