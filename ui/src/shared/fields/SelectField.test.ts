import { flushPromises } from '@vue/test-utils'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { setUpHost } from '../../../tests/host'
import { watchComposing } from '../use/composing'
import SelectField from './SelectField.vue'

let stop: () => void
beforeEach(() => (stop = watchComposing(document)))
afterEach(() => stop())

async function setUp(props: Record<string, unknown> = {}) {
  const rows = [
    { code: '01', zh: '步巡', en: 'On foot', parent: null },
    { code: '02', zh: '车巡', en: 'By car', parent: null },
    { code: '03', zh: '骑巡', en: 'By bike', parent: null },
  ]
  const host = setUpHost({
    code_tables: () => ({ tables: [{ name: 'patrol_mode', standard: 'project', rows }] }),
  })
  const select = host.mount(SelectField, { props: { table: 'patrol_mode', modelValue: null, ...props } })
  await flushPromises()
  const input = select.get('input')
  const options = () => select.findAll('[role=option]').map((option) => option.text())
  const chosen = () => select.emitted('update:modelValue')?.map((call) => call[0]) ?? []
  return { select, input, options, chosen }
}

it('shows the words of the code', async () => {
  const { input } = await setUp({ modelValue: '02' })
  expect(input.element.value).toBe('车巡')
})

it('typing leaves the choices that hold it, Enter takes the marked one', async () => {
  const { input, options, chosen } = await setUp()
  await input.trigger('click')
  expect(options()).toEqual(['步巡', '车巡', '骑巡'])
  await input.setValue('骑')
  expect(options()).toEqual(['骑巡'])
  await input.trigger('keydown', { key: 'Enter' })
  expect(chosen()).toEqual(['03'])
})

it('a code typed finds its row', async () => {
  const { input, options } = await setUp()
  await input.setValue('02')
  expect(options()).toEqual(['车巡'])
})

it('Enter of the input method takes nothing', async () => {
  const { input, chosen } = await setUp()
  await input.trigger('click')
  document.dispatchEvent(new Event('compositionstart'))
  await input.trigger('keydown', { key: 'Enter' })
  document.dispatchEvent(new Event('compositionend'))
  await input.trigger('keydown', { key: 'Enter' })
  expect(chosen()).toEqual([])
})

it('Esc closes the list and leaves the value', async () => {
  const { select, input, chosen } = await setUp({ modelValue: '01' })
  await input.trigger('keydown', { key: 'ArrowDown' })
  expect(input.attributes('aria-expanded')).toBe('true')
  await input.trigger('keydown', { key: 'Escape' })
  expect(input.attributes('aria-expanded')).toBe('false')
  expect(chosen()).toEqual([])
  expect(select.get('input').element.value).toBe('步巡')
})
