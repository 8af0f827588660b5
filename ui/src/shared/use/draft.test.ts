import { flushPromises } from '@vue/test-utils'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { defineComponent, ref, type Ref } from 'vue'
import { useTransport } from '@/ipc/client'
import { refuse, setUpHost } from '../../../tests/host'
import { keepAllDrafts, useDraft, type Draft } from './draft'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

interface Form {
  notes: string
  people: string[]
}

async function setUp(kept: { json: string | null; at: number | null } = { json: null, at: null }) {
  const host = setUpHost({ draft_get: () => kept, draft_put: () => ({}), draft_delete: () => ({}) })
  let form: Ref<Form> = ref({ notes: '', people: [] })
  let draft: Draft | undefined
  const screen = host.mount(
    defineComponent(() => {
      form = ref({ notes: '', people: [] })
      draft = useDraft('patrol/new', form)
      return () => null
    }),
  )
  await draft?.ready
  await vi.runAllTimersAsync()
  return { host, form, draft: draft as Draft, screen }
}

it('a change is put down within a second, many changes once', async () => {
  const { host, form, draft } = await setUp()
  form.value.notes = '村'
  await vi.advanceTimersByTimeAsync(300)
  form.value.notes = '村口'
  form.value.people.push('o1')
  await vi.advanceTimersByTimeAsync(1000)
  expect(host.payloads('draft_put')).toEqual([{ key: 'patrol/new', json: '{"notes":"村口","people":["o1"]}' }])
  expect(draft.keptAt.value).not.toBeNull()
})

it('a draft is found again, and finding it is no change', async () => {
  const { host, form, draft } = await setUp({ json: '{"notes":"旧稿"}', at: 42 })
  expect(form.value).toEqual({ notes: '旧稿', people: [] })
  expect(draft.restoredAt.value).toBe(42)
  expect(host.payloads('draft_put')).toEqual([])
})

it('after saving the draft is gone, and clearing the form brings none back', async () => {
  const { host, form, draft } = await setUp()
  form.value.notes = '村口'
  await vi.advanceTimersByTimeAsync(1000)
  const gone = draft.discard()
  form.value = { notes: '', people: [] }
  await gone
  await vi.advanceTimersByTimeAsync(2000)
  expect(host.commands().slice(-1)).toEqual(['draft_delete'])
  expect(draft.keptAt.value).toBeNull()
})

it('leaving the screen puts down what was typed last', async () => {
  const { host, form, screen } = await setUp()
  form.value.notes = '桥头'
  await flushPromises()
  screen.unmount()
  await flushPromises()
  expect(host.payloads('draft_put')).toHaveLength(1)
})

it('locking puts down every draft first', async () => {
  const { host, form } = await setUp()
  form.value.notes = '桥头'
  await flushPromises()
  await keepAllDrafts()
  expect(host.payloads('draft_put')).toHaveLength(1)
  await vi.advanceTimersByTimeAsync(2000)
  expect(host.payloads('draft_put')).toHaveLength(1)
})

it('a draft that cannot be kept says so until one is kept again', async () => {
  const { form, draft, host } = await setUp()
  let full = true
  useTransport({
    call: async () => (full ? refuse('too_large') : ({} as never)),
    subscribe: () => () => undefined,
  })
  form.value.notes = '字'.repeat(40_000)
  await vi.advanceTimersByTimeAsync(1000)
  expect(draft.failed.value).not.toBeNull()
  expect(draft.keptAt.value).toBeNull()
  full = false
  form.value.notes = '短'
  await vi.advanceTimersByTimeAsync(1000)
  expect(draft.failed.value).toBeNull()
  expect(draft.keptAt.value).not.toBeNull()
  expect(host.payloads('draft_put')).toEqual([])
})
