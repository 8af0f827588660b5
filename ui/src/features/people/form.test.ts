import { describe, expect, it } from 'vitest'
import { blank, changed, filled, itemChanges, openForm } from './form'

describe('a form of a record', () => {
  it('sends only the fields that differ from what it was opened on', () => {
    const form = openForm(['h'], { kind: 'family', number: null, notes: '旧' })
    form.values.notes = '新'
    form.values.number = '  '
    expect(changed(form)).toEqual({ notes: '新' })
    expect(form.before.notes).toBe('旧')
  })
  it('sends an emptied field as emptied', () => {
    const form = openForm([], { notes: '旧' })
    form.values.notes = ''
    expect(changed(form)).toEqual({ notes: null })
  })
  it('leaves a covered number alone until it is typed anew', () => {
    const form = openForm([], {})
    expect(changed(form, ['phone'])).toEqual({})
    form.values.phone = '13800005128'
    expect(changed(form, ['phone'])).toEqual({ phone: '13800005128' })
    form.values.phone = ''
    expect(changed(form, ['phone'])).toEqual({ phone: null })
  })
  it('does not send a covered number that was never there and stays empty', () => {
    const form = openForm([], {})
    form.values.phone = ' '
    expect(changed(form)).toEqual({})
  })
  it('a new record sends what holds something', () => {
    expect(filled({ name: ' 赵荣江 ', sex: null, phone: '', at: 0, on: false })).toEqual({
      name: '赵荣江',
      at: 0,
      on: false,
    })
    expect(blank(undefined)).toBeNull()
  })
  it('names who came to a collection and marks who left it', () => {
    expect(itemChanges('officers', ['a', 'b'], ['b', 'c'], (id) => id.toUpperCase())).toEqual({
      'officers/c/name': 'C',
      'officers/c/_gone': false,
      'officers/a/_gone': true,
    })
  })
})
