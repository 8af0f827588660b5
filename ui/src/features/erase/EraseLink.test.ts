import { flushPromises } from '@vue/test-utils'
import { afterEach, expect, it } from 'vitest'
import { useTransport } from '@/ipc/client'
import { setUpHost } from '../../../tests/host'
import EraseLink from './EraseLink.vue'

afterEach(() => useTransport(null))

async function open(role: string) {
  const host = setUpHost({
    session_status: () => ({
      state: 'unlocked',
      profiles: [],
      current: { profile: {}, officer_id: 'o1', role, cells: [], officers: [] },
      version: '0',
      now_at: 0,
    }),
    record_erase_preview: () => ({
      document: 'r1',
      heads: ['aa'],
      goes: [{ document: 'r1', kind: 'resident', title: '赵荣江' }],
      named_in: [{ document: 'd1', kind: 'dispute', title: '排水沟改道' }],
    }),
    record_erase: () => ({ document: 'r1', records: 1 }),
  })
  const link = host.mount(EraseLink, { props: { document: 'r1', name: '赵荣江' } })
  await flushPromises()
  return { host, link }
}

it('only the chief is offered to erase', async () => {
  const { link } = await open('officer')
  expect(link.find('[data-erase]').exists()).toBe(false)
  link.unmount()
})

it('erasing says what goes and what still names it, and needs a reason', async () => {
  const { host, link } = await open('chief')
  await link.get('[data-erase]').trigger('click')
  await flushPromises()
  expect(link.text()).toContain('一并清除 1 条')
  expect(link.text()).toContain('排水沟改道')
  await link.findAll('dialog button').at(-1)?.trigger('click')
  expect(host.payloads('record_erase')).toEqual([])
  const choose = link.get('dialog [role=combobox]')
  await choose.trigger('click')
  await choose.trigger('keydown', { key: 'End' })
  await choose.trigger('keydown', { key: 'Enter' })
  await link.findAll('dialog button').at(-1)?.trigger('click')
  await flushPromises()
  expect(host.payloads('record_erase')).toEqual([{ document: 'r1', heads: ['aa'], reason: 'ordered' }])
  expect(link.emitted('erased')).toHaveLength(1)
  link.unmount()
})
