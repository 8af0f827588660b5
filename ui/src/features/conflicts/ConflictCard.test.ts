import { flushPromises } from '@vue/test-utils'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createMemoryHistory, createRouter } from 'vue-router'
import { useTransport } from '@/ipc/client'
import type { ConflictCard as Card, ConflictField } from '@/ipc/generated/types'
import { watchShortcuts } from '@/shared/use/shortcuts'
import { setUpHost } from '../../../tests/host'
import ConflictCard from './ConflictCard.vue'

let stop: () => void
beforeEach(() => (stop = watchShortcuts()))
afterEach(() => {
  stop()
  useTransport(null)
})

const field = (key: string, left: string, right: string): ConflictField => ({
  key,
  before: null,
  masked: false,
  sides: [left, right].map((value, at) => ({
    change: `${key}-${at}`,
    value,
    officer: ['周远山', '沈知秋'][at] ?? '',
    at: 0,
    laptop: 'QF-07',
    state: 'station',
  })),
})
const card: Card = {
  document: 'd1',
  kind: 'household',
  title: '下枫村 5 组 8 号出租房',
  heads: ['h1'],
  fields: [field('number', '6', '8'), field('notes', '楼道停车', '房东在外地'), field('kind', 'family', 'group')],
  merged: [],
}

async function open() {
  const host = setUpHost({
    conflict_open: () => card,
    conflict_decide: () => ({ document: 'd1', heads: ['h2'], conflicts: [] }),
    code_tables: () => ({ tables: [] }),
    draft_get: () => ({ json: null, at: null }),
    draft_put: () => ({}),
    draft_delete: () => ({}),
  })
  const routes = [{ path: '/:rest(.*)*', component: { template: '<i />' } }]
  const router = createRouter({ history: createMemoryHistory(), routes })
  await router.push('/conflicts/d1')
  const screen = host.mount(ConflictCard, { props: { document: 'd1' }, global: { plugins: [router] } })
  await flushPromises()
  return { host, screen, router }
}
async function press(key: string, more: KeyboardEventInit = {}) {
  const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more })
  document.activeElement?.dispatchEvent(event)
  await flushPromises()
}

it('several conflicts of one record are settled on one page without the mouse', async () => {
  const { host, screen } = await open()
  expect(document.activeElement?.classList).toContain('card')
  await press('ArrowRight')
  await press('ArrowDown')
  await press('ArrowRight')
  await press('ArrowRight')
  await press('ArrowDown')
  await press('w')
  const pen = screen.get('.pen textarea')
  expect(document.activeElement).toBe(pen.element)
  await pen.setValue('rented')
  await press('s', { ctrlKey: true, code: 'KeyS' })
  expect(host.payloads('conflict_decide')).toEqual([
    {
      document: 'd1',
      heads: ['h1'],
      decisions: [
        { key: 'number', named: ['number-0', 'number-1'], take: 'number-0', own: null },
        { key: 'notes', named: ['notes-0', 'notes-1'], take: 'notes-1', own: null },
        { key: 'kind', named: ['kind-0', 'kind-1'], take: null, own: 'rented' },
      ],
    },
  ])
  screen.unmount()
})

it('keys of the input method choose nothing, and Escape puts it off', async () => {
  const { host, screen, router } = await open()
  await press('ArrowRight', { isComposing: true })
  expect(screen.findAll('.opt.is-on')).toHaveLength(0)
  await press('Escape')
  expect(router.currentRoute.value.path).toBe('/conflicts')
  expect(host.payloads('conflict_decide')).toEqual([])
  screen.unmount()
})
