import { flushPromises } from '@vue/test-utils'
import { afterEach, expect, it } from 'vitest'
import { createMemoryHistory, createRouter } from 'vue-router'
import { useTransport } from '@/ipc/client'
import type { DisputePage, NextStep } from '@/ipc/generated/types'
import { setUpHost } from '../../../tests/host'
import CaseScreen from './CaseScreen.vue'

const step = (to: string, why_not: string[] = [], needs_reason = false): NextStep => ({ to, why_not, needs_reason })
const page = (change: Partial<DisputePage>): DisputePage => ({
  document: 'd1',
  heads: ['aa'],
  fields: { title: '排水沟改道', number: 'QF-07〔2026〕1号' },
  state: 'accepted',
  steps: [],
  clocks: [],
  next: [],
  parties: [],
  mediators: [],
  sessions: [],
  timeline: [],
  conflicts: [],
  foot: {
    state: 'here',
    unsent: 1,
    last_at: null,
    last_officer: null,
    last_laptop: null,
    received_at: null,
    history_count: 1,
  },
  ...change,
})

async function open(change: Partial<DisputePage>) {
  const host = setUpHost({
    dispute_open: () => page(change),
    code_tables: () => ({ tables: [] }),
    session_status: () => ({ state: 'unlocked', profiles: [], current: null, version: '0', now_at: 0 }),
    reveal: () => ({ value: '13812345127' }),
    dispute_step: () => ({ document: 'd1', heads: ['bb'], conflicts: [] }),
  })
  const routes = [{ path: '/:rest(.*)*', component: { template: '<i />' } }]
  const router = createRouter({ history: createMemoryHistory(), routes })
  const screen = host.mount(CaseScreen, { props: { id: 'd1' }, global: { plugins: [router] } })
  await flushPromises()
  return { host, screen, router }
}
afterEach(() => useTransport(null))

it('every reason why the next step cannot be taken is said and leads to where it is put right', async () => {
  const { screen, router } = await open({ next: [step('graded', ['grade_missing', 'grade_reason_missing'])] })
  const card = screen.find('[data-next]')
  expect(card.findAll('[data-why]').map((why) => why.text())).toEqual(['没定级', '定级没写理由'])
  await card.find('button').trigger('click')
  await flushPromises()
  expect(router.currentRoute.value.path).toBe('/disputes/d1/grade')
})
it('a step is asked for once, and one that needs a reason is not taken without', async () => {
  const { host, screen } = await open({ state: 'archived', next: [step('accepted', [], true)] })
  await screen.find('[data-next] button').trigger('click')
  const main = screen.find('dialog [data-main]')
  await main.trigger('click')
  expect(host.payloads('dispute_step')).toEqual([])
  await screen.find('dialog textarea').setValue('协议没有履行')
  await main.trigger('click')
  await flushPromises()
  expect(host.payloads('dispute_step')).toEqual([
    { document: 'd1', heads: ['aa'], to: 'accepted', reason: '协议没有履行' },
  ])
})
it('fields two people wrote lead to the page where they are settled', async () => {
  const { screen } = await open({ conflicts: ['place'] })
  expect(screen.find('a[href="/conflicts/d1"]').exists()).toBe(true)
})
it('a phone is covered, and a minor without a guardian is named', async () => {
  const phone = { key: 'parties/p/phone', shown: '138****5127', conflict: false }
  const party = { item: 'p', role: null, name: '赵小雨', resident: 'r', phone, sex: null, age: 15, address: null }
  const { screen } = await open({ parties: [{ ...party, guardian: null, minor: true }] })
  const row = screen.find('[data-party]').text()
  expect(row).toContain('138****5127')
  expect(row).toContain('未成年，缺监护人')
})
it('the phone of a resident is revealed on the resident, one written here on the case', async () => {
  const phone = (item: string) => ({ key: `parties/${item}/phone`, shown: '138****5127', conflict: false })
  const party = {
    role: null,
    name: '赵',
    resident: 'r',
    sex: null,
    age: null,
    address: null,
    guardian: null,
    minor: false,
  }
  const parties = ['a', 'b'].map((item) => ({ ...party, item, phone: phone(item) }))
  const { host, screen } = await open({ parties, fields: { title: '沟', 'parties/b/phone': '138****5127' } })
  for (const row of screen.findAll('[data-party]')) {
    await row.find('.masked button').trigger('click')
    await row.find('dialog input').setValue('约调解')
    await row.find('dialog [data-main]').trigger('click')
    await flushPromises()
  }
  expect(host.payloads('reveal')).toEqual([
    { document: 'r', key: 'phone', reason: '约调解' },
    { document: 'd1', key: 'parties/b/phone', reason: '约调解' },
  ])
})
