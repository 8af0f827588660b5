import { expect, it } from 'vitest'
import { anyTouches, touches } from './tags'

it.each([
  ['household', 'household', true],
  ['household', 'household:7', true],
  ['household:7', 'household', true],
  ['household:7', 'household:8', false],
  ['household', 'households', false],
  ['*', 'patrol', true],
  ['patrol', '*', true],
])('a reader of %s and a change of %s: %s', (read, changed, touched) => {
  expect(touches(read, changed)).toBe(touched)
})

it('one common tag is enough, none is none', () => {
  expect(anyTouches(['visit', 'sync'], ['sync'])).toBe(true)
  expect(anyTouches([], ['sync'])).toBe(false)
})
