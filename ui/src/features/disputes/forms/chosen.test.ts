import { expect, it } from 'vitest'
import { changedFields } from '@/shared/changes'
import { fieldsOf, hostOf, hosted, itemOf, toggled } from './chosen'

const ye = { document: 'm1', name: '叶清和' }
const feng = { document: 'm2', name: '冯知夏' }
const before = fieldsOf([{ item: 'a', mediator: 'm1', name: '叶清和', kind: 'M3', host: true, reasons: [] }])

it('the first mediator hosts, a second one does not', () => {
  const one = toggled({}, {}, ye, 'x')
  expect(hostOf(one)).toBe('x')
  const two = toggled(one, {}, feng, 'y')
  expect(itemOf(two, 'm2')).toBe('y')
  expect(hostOf(two)).toBe('x')
  expect(hostOf(hosted(two, 'y'))).toBe('y')
})
it('taking out the host makes another the host, and marks a saved one', () => {
  const left = toggled(toggled(before, before, feng, 'y'), before, ye, 'z')
  expect(hostOf(left)).toBe('y')
  expect(changedFields(before, left)).toMatchObject({ 'mediators/a/_gone': true, 'mediators/y/mediator': 'm2' })
})
it('one taken out and in again is no change', () => {
  const again = toggled(toggled(before, before, ye, 'z'), before, ye, 'z')
  expect(changedFields(before, again)).toEqual({})
})
