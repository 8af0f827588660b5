// The parts of every screen by keyboard alone, and under an input method.
import { afterEach, expect, it } from 'vitest'
import { defineComponent, h } from 'vue'
import { useTransport } from '@/ipc/client'
import { setUpHost } from '../../tests/host'
import Btn from './Btn.vue'
import Dialog from './Dialog.vue'
import FilterDrop from './FilterDrop.vue'
import StepField from './fields/StepField.vue'
import TagsField from './fields/TagsField.vue'
import TextField from './fields/TextField.vue'

afterEach(() => useTransport(null))
const host = () => setUpHost({})

it('Esc of the input method leaves a question open, Esc of the officer closes it', async () => {
  const dialog = host().mount(Dialog, { props: { title: '问' }, slots: { default: '<input />' } })
  await dialog.get('input').trigger('keydown', { key: 'Escape', isComposing: true })
  expect(dialog.emitted('close')).toBeUndefined()
  await dialog.get('input').trigger('keydown', { key: 'Escape' })
  expect(dialog.emitted('close')).toHaveLength(1)
  dialog.unmount()
})

it('Enter goes from field to field of a question and then to its main button', async () => {
  const Asked = defineComponent(
    () => () =>
      h(Dialog, { title: '问' }, { default: () => [h(TextField), h(TextField)], acts: () => h(Btn, { kind: 'main' }) }),
  )
  const dialog = host().mount(Asked)
  const [first, second] = dialog.findAll('input')
  first?.element.focus()
  await first?.trigger('keydown', { key: 'Enter' })
  expect(document.activeElement).toBe(second?.element)
  await second?.trigger('keydown', { key: 'Enter' })
  expect(document.activeElement).toBe(dialog.get('[data-main]').element)
  dialog.unmount()
})

it('a filter is opened, chosen from and closed without its focus going elsewhere', async () => {
  const options = ['a', 'b', 'c'].map((value) => ({ value, label: value }))
  const filter = host().mount(FilterDrop, { props: { label: '村', options, modelValue: null } })
  const word = filter.get('[role=combobox]')
  ;(word.element as HTMLElement).focus()
  await word.trigger('keydown', { key: 'ArrowDown' })
  await word.trigger('keydown', { key: 'End' })
  expect(word.attributes('aria-activedescendant')).toBe(filter.findAll('[role=option]')[2]?.attributes('id'))
  await word.trigger('keydown', { key: 'Enter' })
  expect(filter.emitted('update:modelValue')).toEqual([['c']])
  expect(filter.find('[role=listbox]').exists()).toBe(false)
  expect(document.activeElement).toBe(word.element)
  filter.unmount()
})

it('arrows of the input method do not count', async () => {
  const field = host().mount(StepField, { props: { modelValue: 3, label: '人' } })
  await field.get('input').trigger('keydown', { key: 'ArrowUp', isComposing: true })
  expect(field.emitted('update:modelValue')).toBeUndefined()
  await field.get('input').trigger('keydown', { key: 'ArrowUp' })
  expect(field.emitted('update:modelValue')).toEqual([[4]])
})

it('one of a list is taken with the arrows alone, without typing', async () => {
  const choices = ['o1', 'o2'].map((value) => ({ value, label: value }))
  const field = host().mount(TagsField, { props: { modelValue: [], choices } })
  const input = field.get('input')
  await input.trigger('focus')
  await input.trigger('keydown', { key: 'Enter' })
  expect(field.emitted('update:modelValue')).toBeUndefined()
  await input.trigger('keydown', { key: 'ArrowDown' })
  await input.trigger('keydown', { key: 'Enter' })
  expect(field.emitted('update:modelValue')).toEqual([[['o2']]])
})
