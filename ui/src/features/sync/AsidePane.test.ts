import { flushPromises } from '@vue/test-utils'
import { afterEach, expect, it } from 'vitest'
import { createMemoryHistory, createRouter } from 'vue-router'
import { useTransport } from '@/ipc/client'
import type { SyncStatus } from '@/ipc/generated/types'
import { refuse, setUpHost } from '../../../tests/host'
import AsidePane from './AsidePane.vue'

afterEach(() => useTransport(null))

async function open(kind: string, there: boolean) {
  const row = {
    act: 'a1',
    at: 0,
    officer: '周远山',
    reason: 'scope_not_assigned',
    entries: 2,
    rewritten_at: null,
    records: [
      { document: 'r1', kind, title: '赵荣江 3组27号' },
      { document: 'r2', kind: 'mediator', title: '叶清和' },
    ],
  }
  const opened = () => (there ? {} : refuse('not_found'))
  const host = setUpHost({
    set_aside_list: () => ({ rows: [row] }),
    conflict_list: () => ({ open: [], settled: [] }),
    household_open: opened,
    patrol_open: opened,
    set_aside_rewrite: () => ({ documents: ['r1'] }),
    set_aside_export: () => ({ name: 'a1.json', path: '', bytes: 1, content_base64: null }),
  })
  const routes = [{ path: '/:rest(.*)*', component: { template: '<i />' } }]
  const router = createRouter({ history: createMemoryHistory(), routes })
  const status = { set_aside_acts: 1, left: [] } as unknown as SyncStatus
  const pane = host.mount(AsidePane, { props: { status }, global: { plugins: [router] } })
  await flushPromises()
  return { host, pane, router }
}

it('what was set aside says why in words, and can be exported', async () => {
  const { host, pane } = await open('household', true)
  expect(pane.text()).toContain('赵荣江 3组27号')
  expect(pane.text()).toContain('这个网格不归你管')
  await pane.get('[data-export]').trigger('click')
  await flushPromises()
  expect(host.payloads('set_aside_export')).toEqual([{ act: 'a1' }])
})

it.each([
  ['household', true, '/people/household/r1/edit?again=r1'],
  ['patrol', true, '/patrol/r1/edit?again=r1'],
  ['patrol', false, '/patrol/new?again=r1'],
])('%s (still there: %s) is written again in %s', async (kind, there, path) => {
  const { pane, router } = await open(kind, there)
  await pane.get('[data-again]').trigger('click')
  await flushPromises()
  expect(router.currentRoute.value.fullPath).toBe(path)
})

it('what no form can take says so and stays where it is', async () => {
  const { pane, router } = await open('mediator', true)
  await pane.get('[data-again]').trigger('click')
  await flushPromises()
  expect(router.currentRoute.value.fullPath).toBe('/')
})

it('an act is written again as it was, without the records left out', async () => {
  const { host, pane } = await open('household', true)
  await pane.get('[data-rewrite]').trigger('click')
  const boxes = [...document.querySelectorAll<HTMLInputElement>('dialog input[type=checkbox]')]
  expect(boxes).toHaveLength(2)
  boxes[1]?.click()
  await flushPromises()
  const buttons = [...document.querySelectorAll<HTMLButtonElement>('dialog button')]
  buttons.at(-1)?.click()
  await flushPromises()
  expect(host.payloads('set_aside_rewrite')).toEqual([{ act: 'a1', without: ['r2'] }])
})
