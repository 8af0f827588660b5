import { flushPromises } from '@vue/test-utils'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { useTransport } from '@/ipc/client'
import { setUpHost } from '../../../tests/host'
import { watchComposing } from '../use/composing'
import HitField from './HitField.vue'

const hit = (document: string, title: string) => ({
  document,
  title,
  detail: '3组27号',
  matched: 'name',
  household: null,
})
let stop: () => void
beforeEach(() => {
  vi.useFakeTimers()
  stop = watchComposing(document)
})
afterEach(() => {
  stop()
  vi.useRealTimers()
  useTransport(null)
})

function setUp(modelValue: object | null = null) {
  const host = setUpHost({
    search: ({ query }: { query: string }) => ({
      groups: [
        { kind: 'resident', more: false, hits: query === 'wu' ? [] : [hit('r1', '赵荣江'), hit('r2', '赵小禾')] },
      ],
    }),
  })
  const field = host.mount(HitField, { props: { kind: 'resident', modelValue } })
  const input = field.get('input')
  const chosen = () =>
    field.emitted('update:modelValue')?.map((call) => (call[0] as { document: string } | null)?.document ?? null)
  const rest = async () => {
    await vi.advanceTimersByTimeAsync(200)
    await flushPromises()
  }
  return { host, field, input, chosen, rest }
}

it('Enter before the answer is there waits for it and takes the first hit', async () => {
  const { input, chosen, rest } = setUp()
  await input.setValue('zrj')
  await input.trigger('keydown', { key: 'Enter' })
  await rest()
  expect(chosen()).toEqual(['r1'])
})

it('Enter and typing on takes nothing by itself', async () => {
  const { host, input, chosen, rest } = setUp()
  await input.setValue('z')
  await input.trigger('keydown', { key: 'Enter' })
  await input.setValue('zr')
  await rest()
  expect(chosen()).toBeUndefined()
  expect(host.payloads('search')).toContainEqual({ query: 'zr', limit: 12 })
})

it('arrows mark a hit, Enter takes it, and nothing is asked or taken while composing', async () => {
  const { host, field, input, chosen, rest } = setUp()
  document.dispatchEvent(new Event('compositionstart'))
  await input.setValue('zhao')
  await rest()
  expect(host.payloads('search')).toEqual([])
  await input.trigger('keydown', { key: 'Enter', isComposing: true })
  document.dispatchEvent(new Event('compositionend'))
  await input.trigger('compositionend')
  await rest()
  expect(field.findAll('[role=option]')).toHaveLength(2)
  expect(chosen()).toBeUndefined()
  await input.trigger('keydown', { key: 'ArrowDown' })
  expect(input.attributes('aria-activedescendant')).toBe(field.findAll('[role=option]')[1]?.attributes('id'))
  document.dispatchEvent(new Event('keyup'))
  await input.trigger('keydown', { key: 'Enter' })
  expect(chosen()).toEqual(['r2'])
})

it('emptying the line takes out what was found, without the mouse', async () => {
  const { input, chosen } = setUp({ document: 'r1', title: '赵荣江', detail: '' })
  await input.setValue('')
  expect(chosen()).toEqual([null])
})

it('nothing found is said, and Enter takes nothing', async () => {
  const { field, input, chosen, rest } = setUp()
  await input.setValue('wu')
  await rest()
  expect(field.text()).toContain('没有符合的')
  await input.trigger('keydown', { key: 'Enter' })
  expect(chosen()).toBeUndefined()
})
