import { expect, it } from 'vitest'
import { changedFields, itemsOf, withoutItem } from './changes'

it('only what differs is sent, and blanks are no difference', () => {
  const before = { title: '排水', place: null, notes: '一', money: 5, police: null }
  const now = { title: ' 排水 ', place: '  ', notes: '', money: 6, police: false }
  expect(changedFields(before, now)).toEqual({ notes: null, money: 6 })
})
it('a box that was ticked and is not any more is sent', () => {
  expect(changedFields({ police: true }, { police: false })).toEqual({ police: false })
})
it('items removed or emptied no longer stand', () => {
  const fields = {
    'crew/a/name': '甲',
    'crew/b/name': '乙',
    'crew/b/_gone': true,
    'crew/c/name': null,
    'cells/x/present': true,
  }
  expect(itemsOf(fields, 'crew')).toEqual(['a'])
})
it('a saved item taken out is marked, a fresh one leaves no trace', () => {
  const before = { 'crew/a/name': '甲' }
  const now = { ...before, 'crew/b/name': '乙' }
  expect(withoutItem(now, before, 'crew', 'b')).toEqual(before)
  expect(changedFields(before, withoutItem(now, before, 'crew', 'a'))).toEqual({
    'crew/a/_gone': true,
    'crew/b/name': '乙',
  })
})
