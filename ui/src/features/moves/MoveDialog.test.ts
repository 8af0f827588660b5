import { flushPromises } from '@vue/test-utils'
import { afterEach, expect, it } from 'vitest'
import { useTransport } from '@/ipc/client'
import { setUpHost } from '../../../tests/host'
import MoveLink from './MoveLink.vue'

afterEach(() => useTransport(null))

const cells = ['QF-01', 'QF-02'].map((code) => ({ code, name: `${code} 格`, villages: [] }))

async function open(role = 'officer') {
  const host = setUpHost({
    session_status: () => ({
      state: 'unlocked',
      profiles: [],
      current: { profile: {}, officer_id: 'o1', role, cells, officers: [] },
      version: '0',
      now_at: 0,
    }),
    household_move_preview: ({ to_cell }: { to_cell: string }) => ({
      household: 'h1',
      heads: ['aa'],
      to_cell,
      to_cell_name: '青枫九格',
      goes: [{ document: 'h1', kind: 'household', title: '赵荣江' }],
      stays: [{ document: 'r1', kind: 'resident', title: '赵小禾', why: 'lives_elsewhere' }],
      unsent: 2,
      holds_target: to_cell !== 'QF-09',
    }),
    household_move: () => ({ household: 'h1', records: 1, shown: false }),
  })
  const link = host.mount(MoveLink, { props: { household: 'h1', name: '赵荣江户', cell: 'QF-01' } })
  await flushPromises()
  return { host, link }
}

it('a move shows what goes, what stays and why, and is made once with its reason', async () => {
  const { host, link } = await open()
  await link.get('[data-move]').trigger('click')
  const choose = link.get('dialog [role=combobox]')
  await choose.trigger('click')
  await choose.trigger('keydown', { key: 'End' })
  await choose.trigger('keydown', { key: 'Enter' })
  const texts = () => link.findAll('dialog input:not([role=combobox])')
  await texts()[0]?.setValue('QF-09')
  await flushPromises()
  expect(link.text()).toContain('还住别处，不动')
  expect(link.text()).toContain('青枫九格不归您管')
  await link.findAll('dialog button').at(-1)?.trigger('click')
  expect(host.payloads('household_move')).toEqual([])
  await texts()[1]?.setValue('户口已迁')
  await link.findAll('dialog button').at(-1)?.trigger('click')
  await flushPromises()
  expect(host.payloads('household_move')).toEqual([
    { household: 'h1', to_cell: 'QF-09', heads: ['aa'], reason: '户口已迁' },
  ])
  expect(link.emitted('moved')).toEqual([[false]])
  link.unmount()
})

it('who may not move is not offered it', async () => {
  const { link } = await open('auditor')
  expect(link.find('[data-move]').exists()).toBe(false)
  link.unmount()
})
