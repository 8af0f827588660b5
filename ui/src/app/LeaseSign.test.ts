import { flushPromises } from '@vue/test-utils'
import { afterEach, expect, it } from 'vitest'
import { useTransport } from '@/ipc/client'
import { addDays, todayOn } from '@/shared/format'
import { setUpHost } from '../../tests/host'
import LeaseSign from './LeaseSign.vue'

afterEach(() => useTransport(null))

function open(bar: { lease_over: boolean; lease_ends_on: string | null }) {
  const host = setUpHost({ lease_extend: () => ({ ends_on: '2026-12-01', days: 7 }) })
  return { host, sign: host.mount(LeaseSign, { props: { bar } }) }
}

it('a lease is told when its end is near, and not before', () => {
  expect(open({ lease_over: false, lease_ends_on: null }).sign.find('[data-lease]').exists()).toBe(false)
  const far = open({ lease_over: false, lease_ends_on: addDays(todayOn(), 9) })
  expect(far.sign.find('[data-lease]').exists()).toBe(false)
  const near = open({ lease_over: false, lease_ends_on: addDays(todayOn(), 2) })
  expect(near.sign.text()).toContain('查看期限到')
})

it('when it is over the code of the chief is asked for and sent', async () => {
  const { host, sign } = open({ lease_over: true, lease_ends_on: null })
  await sign.get('[data-lease]').trigger('click')
  await sign.get('dialog input').setValue(' ABCD-EFGH-JKLM-NP ')
  await sign.get('dialog input').trigger('keydown', { key: 'Enter', isComposing: true })
  expect(host.payloads('lease_extend')).toEqual([])
  await sign.get('dialog input').trigger('keydown', { key: 'Enter' })
  await flushPromises()
  expect(host.payloads('lease_extend')).toEqual([{ code: 'ABCD-EFGH-JKLM-NP' }])
  expect(sign.find('dialog').exists()).toBe(false)
  sign.unmount()
})
