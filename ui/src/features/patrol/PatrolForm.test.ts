import { flushPromises } from '@vue/test-utils'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { defineComponent, h } from 'vue'
import { createMemoryHistory, createRouter } from 'vue-router'
import { useSession } from '@/features/session'
import { useTransport } from '@/ipc/client'
import type { PatrolPage } from '@/ipc/generated/types'
import { toasts } from '@/shared/toast'
import { watchShortcuts } from '@/shared/use/shortcuts'
import { setUpHost } from '../../../tests/host'
import PatrolForm from './PatrolForm.vue'

const row = (code: string, zh: string) => ({ code, zh, en: zh, parent: null })
const current = {
  profile: {},
  officer_id: 'o1',
  role: 'officer',
  cells: [{ code: 'c1', name: '石桥头', villages: [] }],
  officers: [
    { id: 'o1', name: '周远山', role: 'officer' },
    { id: 'o2', name: '陈小满', role: 'auxiliary' },
  ],
}
let conflicts: string[] = []
let draft: { json: string | null; at: number | null } = { json: null, at: null }
let stop: () => void
beforeEach(() => {
  conflicts = []
  draft = { json: null, at: null }
  stop = watchShortcuts()
})
afterEach(() => {
  stop()
  useTransport(null)
})

async function open(page?: PatrolPage) {
  const host = setUpHost({
    session_status: () => ({ state: 'unlocked', profiles: [], current, version: '0', now_at: 0 }),
    code_tables: () => ({
      tables: [
        { name: 'patrol_mode', standard: '', rows: [row('1', '步巡'), row('9', '林区农田巡护')] },
        { name: 'crew_kind', standard: '', rows: [row('officer', '民警'), row('volunteer', '义警')] },
      ],
    }),
    draft_get: () => draft,
    draft_put: () => ({}),
    draft_delete: () => ({}),
    patrol_save: () => ({ document: 't9', heads: ['bb'], conflicts }),
  })
  const routes = [{ path: '/:rest(.*)*', component: { template: '<i />' } }]
  const router = createRouter({ history: createMemoryHistory(), routes })
  // As behind the gate: the form opens once the officer is known.
  const Unlocked = defineComponent(() => {
    const session = useSession()
    return () => (session.current.value ? h(PatrolForm, { page }) : null)
  })
  const form = host.mount(Unlocked, { global: { plugins: [router] } })
  await flushPromises()
  return { host, form, router }
}
const known = (): PatrolPage => ({
  document: 't1',
  heads: ['aa'],
  minutes: 80,
  conflicts: [],
  foot: {} as PatrolPage['foot'],
  fields: {
    mode: '1',
    start_at: 1_795_306_800_000,
    end_at: 1_795_311_600_000,
    route: '村口',
    'crew/o1/name': '周远山',
    'findings/a/what': '堆物',
  },
})
async function press(key: string, init: KeyboardEventInit = {}) {
  window.dispatchEvent(new KeyboardEvent('keydown', { key, ...init }))
  await flushPromises()
}

it('a known patrol sends only what changed, at the heads it was opened on', async () => {
  const { host, form, router } = await open(known())
  await form.find('textarea').setValue('村民盼装减速带')
  await press('s', { ctrlKey: true, code: 'KeyS' })
  expect(host.payloads('patrol_save')).toEqual([{ document: 't1', heads: ['aa'], fields: { notes: '村民盼装减速带' } }])
  expect(router.currentRoute.value.path).toBe('/patrol/t9')
})
it('a finding taken out of a known patrol is marked', async () => {
  const { host, form } = await open(known())
  await form.find('[data-finding] button.bare:last-child').trigger('click')
  await form.find('[data-main]').trigger('click')
  await flushPromises()
  expect(host.payloads('patrol_save')).toMatchObject([{ fields: { 'findings/a/_gone': true } }])
})
it('a name typed is taken with Enter, but not with the Enter of the input method', async () => {
  const { form } = await open(known())
  const input = form.find('.chips input')
  await input.setValue('卫长庚')
  await input.trigger('keydown', { key: 'Enter', isComposing: true })
  expect(form.findAll('.chip')).toHaveLength(1)
  await input.trigger('keydown', { key: 'Enter' })
  expect(form.findAll('.chip').map((chip) => chip.text())).toEqual(['周远山', '卫长庚 义警'])
})
it('saving without crew and times says both at their fields, and sends nothing', async () => {
  const { host, form } = await open()
  await form.find('.chip button').trigger('click')
  expect(form.text()).not.toContain('先写时间')
  await press('s', { ctrlKey: true, code: 'KeyS' })
  await flushPromises()
  expect(host.payloads('patrol_save')).toEqual([])
  expect(form.findAll('.bad').map((one) => one.text())).toEqual(['先写人员', '先写时间'])
  expect(form.get('.form-foot').text()).toContain('还有 2 项要改')
})
it('a field another wrote meanwhile is named after saving', async () => {
  conflicts = ['notes', 'route']
  const { form } = await open(known())
  await form.find('textarea').setValue('一句')
  await form.find('[data-main]').trigger('click')
  await flushPromises()
  expect(toasts.toasts.at(-1)?.text).toContain('记事')
  expect(toasts.toasts.at(-1)?.text).not.toContain('路线')
})
it('a draft found again keeps the heads it was begun on', async () => {
  const { fields } = known()
  draft = { json: JSON.stringify({ heads: ['old'], before: fields, now: { notes: '断电前写的' } }), at: 1 }
  const { host, form } = await open({ ...known(), heads: ['new'] })
  await form.find('[data-main]').trigger('click')
  await flushPromises()
  expect(host.payloads('patrol_save')).toEqual([{ document: 't1', heads: ['old'], fields: { notes: '断电前写的' } }])
})
