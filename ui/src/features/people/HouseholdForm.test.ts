import { VueQueryPlugin } from '@tanstack/vue-query'
import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createMemoryHistory, createRouter } from 'vue-router'
import { useTransport } from '@/ipc/client'
import type { HouseholdPage } from '@/ipc/generated/types'
import { makeQueryClient } from '@/ipc/query'
import { toasts } from '@/shared/toast'
import HouseholdForm from './HouseholdForm.vue'

const page = {
  document: 'h1',
  heads: ['aa'],
  head_name: '赵荣江',
  kind: 'family',
  number: null,
  phone: { key: 'phone', shown: '138****5127', conflict: false },
  notes: null,
  next_visit_on: null,
  address_path: [],
  members: [],
  conflicts: [],
} as unknown as HouseholdPage

let asked: { command: string; payload: unknown }[] = []
let conflicts: string[] = []

function answer(command: string): unknown {
  if (command === 'draft_get') return { json: null, at: null }
  if (command === 'history') return refused
  if (command === 'code_tables') return { tables: [] }
  return { document: 'h1', heads: ['bb'], conflicts }
}
/** What the station set aside of this household. */
const refused = [{ state: 'set_aside', sets: [{ key: 'notes', value: '门口新装了充电桩' }] }]
async function open(of: HouseholdPage = page, at = '/people/household/h1/edit') {
  const router = createRouter({
    history: createMemoryHistory(),
    routes: [{ path: '/:rest(.*)*', component: { template: '<i />' } }],
  })
  await router.push(at)
  const plugins = [router, [VueQueryPlugin, { queryClient: makeQueryClient() }] as [typeof VueQueryPlugin, object]]
  const form = mount(HouseholdForm, { props: { page: of }, global: { plugins }, attachTo: document.body })
  await flushPromises()
  return { form, router }
}
const saves = () => asked.filter((one) => one.command === 'household_save').map((one) => one.payload)

beforeEach(() => {
  asked = []
  conflicts = []
  useTransport({
    call: <T>(command: string, payload: unknown) => {
      asked.push({ command, payload })
      return Promise.resolve(answer(command) as T)
    },
    subscribe: () => () => undefined,
  })
})
afterEach(() => useTransport(null))

async function typePhone(form: Awaited<ReturnType<typeof open>>['form'], phone: string) {
  await form.find('[data-key=phone] .rewrite').trigger('click')
  await form.find('[data-key=phone] input').setValue(phone)
}

it('a corrected phone is sent alone, at the heads the form was opened on', async () => {
  const { form, router } = await open()
  expect(form.find('[data-main]').attributes('disabled')).toBeDefined()
  await typePhone(form, '13800005128')
  await form.setProps({ page: { ...page, heads: ['later'], notes: '别人写的' } })
  await form.find('[data-main]').trigger('click')
  await flushPromises()
  expect(saves()).toEqual([{ document: 'h1', heads: ['aa'], fields: { phone: '13800005128' } }])
  expect(router.currentRoute.value.path).toBe('/people/household/h1')
  form.unmount()
})

it('a field that fell into conflict is named after saving', async () => {
  conflicts = ['phone']
  const { form } = await open()
  await typePhone(form, '13800005128')
  await form.find('[data-main]').trigger('click')
  await flushPromises()
  expect(toasts.toasts[toasts.toasts.length - 1]?.text).toContain('联系电话')
  form.unmount()
})

it('a field in conflict cannot be typed into', async () => {
  const { form } = await open({ ...page, conflicts: ['number', 'phone'] } as HouseholdPage)
  expect(form.find('[data-key=number] input').attributes('disabled')).toBeDefined()
  expect(form.find('[data-key=phone] .rewrite').attributes('disabled')).toBeDefined()
  form.unmount()
})

it('what the station set aside is in the form again and is saved at the heads of now', async () => {
  const { form } = await open(page, '/people/household/h1/edit?again=h1')
  expect((form.get('textarea').element as HTMLTextAreaElement).value).toBe('门口新装了充电桩')
  await form.find('[data-main]').trigger('click')
  await flushPromises()
  expect(saves()).toEqual([{ document: 'h1', heads: ['aa'], fields: { notes: '门口新装了充电桩' } }])
  form.unmount()
})
