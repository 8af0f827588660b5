import { flushPromises, mount } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'
import { defineComponent, h } from 'vue'
import FormRow from '../FormRow.vue'
import Segmented from '../Segmented.vue'
import DateField from './DateField.vue'
import { readBase64 } from './file'
import StepField from './StepField.vue'
import TagsField from './TagsField.vue'
import TextField from './TextField.vue'
import TimeField from './TimeField.vue'

const chosen = (field: { emitted: (name: string) => unknown[][] | undefined }) =>
  field.emitted('update:modelValue')?.map((call) => call[0]) ?? []

describe('a day', () => {
  it('is taken as it is typed and written out on leaving', async () => {
    const field = mount(DateField, { props: { modelValue: null } })
    const input = field.get('input')
    await input.setValue('20261119')
    expect(chosen(field)).toEqual(['2026-11-19'])
    await input.trigger('blur')
    expect(input.element.value).toBe('2026-11-19')
  })
  it('that is none is said and not taken', async () => {
    const field = mount(DateField, { props: { modelValue: '2026-11-19' } })
    await field.get('input').setValue('2026-02-30')
    expect(chosen(field)).toEqual([])
    expect(field.get('[role=alert]').text()).toContain('2026-11-19')
  })
  it('can be taken out again', async () => {
    const field = mount(DateField, { props: { modelValue: '2026-11-19' } })
    await field.get('input').setValue('')
    expect(chosen(field)).toEqual([null])
  })
})

it('a time is taken the quick way', async () => {
  const field = mount(TimeField, { props: { modelValue: null } })
  await field.get('input').setValue('820')
  await field.get('input').trigger('blur')
  expect(chosen(field)).toContain('08:20')
  expect(field.get('input').element.value).toBe('08:20')
})

it('a count stays within its bounds and answers to arrows', async () => {
  const field = mount(StepField, { props: { modelValue: 59, label: '分钟', least: 1, most: 60 } })
  await field.get('input').trigger('keydown', { key: 'ArrowUp' })
  await field.get('input').setValue('500')
  await field.get('input').setValue('二')
  expect(chosen(field)).toEqual([60])
  await field.get('input').trigger('blur')
  expect(field.get('input').element.value).toBe('60')
  await field.get('input').setValue('')
  expect(chosen(field)).toEqual([60, null])
})

describe('several of many', () => {
  const choices = [
    { value: 'o1', label: '周远山', note: '民警', also: 'zys' },
    { value: 'o2', label: '陈小满', note: '辅警', also: 'cxm' },
  ]
  it('are found by initials and taken with Enter', async () => {
    const field = mount(TagsField, { props: { modelValue: ['o1'], choices } })
    const input = field.get('input')
    await input.setValue('cx')
    await input.trigger('keydown', { key: 'Enter' })
    expect(chosen(field)).toEqual([['o1', 'o2']])
  })
  it('are not taken by the Enter of the input method', async () => {
    const field = mount(TagsField, { props: { modelValue: [], choices, free: true } })
    await field.get('input').setValue('chen')
    await field.get('input').trigger('keydown', { key: 'Enter', isComposing: true })
    expect(chosen(field)).toEqual([])
  })
  it('lose the last one with Backspace, but not one that is fixed', async () => {
    const field = mount(TagsField, { props: { modelValue: ['o1', 'o2'], choices, fixed: ['o1'] } })
    await field.get('input').trigger('keydown', { key: 'Backspace' })
    expect(chosen(field)).toEqual([['o1']])
    await field.setProps({ modelValue: ['o1'] })
    await field.get('input').trigger('keydown', { key: 'Backspace' })
    expect(chosen(field)).toHaveLength(1)
  })
  it('take words of their own only when free', async () => {
    const field = mount(TagsField, { props: { modelValue: [], choices } })
    await field.get('input').setValue('没有这个人')
    await field.get('input').trigger('keydown', { key: 'Enter' })
    expect(chosen(field)).toEqual([])
    await field.setProps({ free: true })
    await field.get('input').setValue('没有这个人')
    await field.get('input').trigger('keydown', { key: 'Enter' })
    expect(chosen(field)).toEqual([['没有这个人']])
  })
})

it('arrows choose among a few and pass over what is off', async () => {
  const options = [
    { value: 'a', label: '甲' },
    { value: 'b', label: '乙', off: '现在不能选' },
    { value: 'c', label: '丙' },
  ]
  const field = mount(Segmented<string>, { props: { modelValue: 'a', options, label: '选' }, attachTo: document.body })
  await field.trigger('keydown', { key: 'ArrowRight' })
  await field.setProps({ modelValue: 'c' })
  await field.trigger('keydown', { key: 'ArrowRight' })
  expect(chosen(field)).toEqual(['c', 'a'])
})

it('the label of a row belongs to its first field, what is wrong to all of them', async () => {
  const Row = defineComponent(
    () => () => h(FormRow, { label: '时间', error: '「时间」要填' }, () => [h(TextField), h(TextField)]),
  )
  const inputs = mount(Row).findAll('input')
  const ids = inputs.map((input) => input.attributes('id')).filter(Boolean)
  expect(ids).toHaveLength(1)
  expect(inputs[1]?.attributes('aria-labelledby')).toBe(`${ids[0]}-label`)
  expect(inputs.every((input) => input.attributes('aria-describedby') === `${ids[0]}-error`)).toBe(true)
})

it('a file is read as base64, whatever its bytes', async () => {
  const file = new Blob([new Uint8Array([0, 255, 10, 13])])
  const base64 = await readBase64(file)
  await flushPromises()
  expect(base64).toBe('AP8KDQ==')
})
