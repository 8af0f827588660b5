import { flushPromises } from '@vue/test-utils'
import { expect, it, vi } from 'vitest'
import { refuse, setUpHost } from '../../../tests/host'
import { rememberBackup } from '@/shared/use/backups'
import Gate from './Gate.vue'
import { strengthOf } from './strength'

const profile = { replica: 'r1', officer: '周远山', laptop: '青枫-07', station: '青枫派出所', made_up: true }

async function setUp(profiles: unknown[]) {
  window.localStorage.clear()
  const host = setUpHost({
    session_status: () => ({
      state: profiles.length === 0 ? 'empty' : 'locked',
      profiles,
      current: null,
      version: '0.1.0',
      now_at: 0,
    }),
    unlock: (request: { passphrase: string }) =>
      request.passphrase === 'right words' ? {} : refuse('wrong_passphrase'),
  })
  const gate = host.mount(Gate)
  await flushPromises()
  return { host, gate }
}

it('a laptop with nobody on it asks for the enrolment file', async () => {
  const { gate } = await setUp([])
  expect(gate.get('h1').text()).toBe('登记这台电脑')
  expect(gate.text()).toContain('从备份恢复')
})

it('a locked laptop asks who it is and says that its data is made up', async () => {
  const { gate } = await setUp([profile, { ...profile, replica: 'r2', officer: '沈知秋' }])
  expect(gate.findAll('.one b').map((name) => name.text())).toEqual(['周远山', '沈知秋'])
  expect(gate.text()).toContain('演示数据')
})

it('a wrong passphrase is said and the field is ready again', async () => {
  const { gate, host } = await setUp([profile])
  const field = gate.get('input[type=password]')
  await field.setValue('wrong words')
  await field.trigger('keydown', { key: 'Enter' })
  await flushPromises()
  expect(gate.get('[role=alert]').text()).toContain('口令不对')
  expect((field.element as HTMLInputElement).value).toBe('')
  expect(document.activeElement).toBe(field.element)
  expect(host.payloads('unlock')).toEqual([{ replica: 'r1', passphrase: 'wrong words' }])
})

it('Enter of the input method does not unlock', async () => {
  const { gate, host } = await setUp([profile])
  const field = gate.get('input[type=password]')
  await field.setValue('right words')
  await field.trigger('keydown', { key: 'Enter', isComposing: true })
  expect(host.payloads('unlock')).toEqual([])
})

it('enrolling reads the file, asks for the passphrase twice and unlocks at once', async () => {
  const host = setUpHost({
    session_status: () => ({ state: 'empty', profiles: [], current: null, version: '0.1.0', now_at: 0 }),
    enrol: () => profile,
    unlock: () => ({}),
  })
  const gate = host.mount(Gate)
  await flushPromises()
  const picker = gate.get('input[type=file]')
  Object.defineProperty(picker.element, 'files', { value: [new File(['sealed'], 'zhou.fqenrol')] })
  await picker.trigger('change')
  const enrol = () => gate.findAll('button').find((button) => button.text() === '登记')
  const [first, second] = gate.findAll('input[type=password]')
  await gate.findAll('input[type=text]')[0]?.setValue(' 4821-7730 ')
  await first?.setValue('stone bridge')
  await vi.waitFor(() => expect(gate.text()).toContain('zhou.fqenrol'))
  expect(enrol()?.attributes('disabled')).toBeDefined()
  await second?.setValue('stone bridge')
  await enrol()?.trigger('click')
  await vi.waitFor(() => expect(host.payloads('unlock')).toHaveLength(1))
  expect(host.payloads('enrol')).toEqual([{ file_base64: 'c2VhbGVk', code: '4821-7730', passphrase: 'stone bridge' }])
  expect(host.payloads('unlock')).toEqual([{ replica: 'r1', passphrase: 'stone bridge' }])
})

it('a backup can be brought back from the lock screen', async () => {
  const { gate } = await setUp([profile])
  const way = gate.findAll('button').find((button) => button.text() === '从备份恢复')
  await way?.trigger('click')
  expect(gate.get('h1').text()).toBe('从备份恢复')
})

it('the last backup made here is asked for by itself, and a path is taken as a file manager copies it', async () => {
  const { gate, host } = await setUp([profile])
  rememberBackup('/data/backups/QF-07.fqbackup', 0)
  const way = gate.findAll('button').find((button) => button.text() === '从备份恢复')
  await way?.trigger('click')
  const [path, passphrase] = gate.findAll('input:not([type=radio])')
  expect((path?.element as HTMLInputElement).value).toBe('/data/backups/QF-07.fqbackup')
  expect(document.activeElement).toBe(passphrase?.element)
  await path?.setValue('"file:///media/u%20盘/QF-09.fqbackup"')
  await passphrase?.setValue('right words')
  await gate.get('[data-main]').trigger('click')
  expect(host.payloads('backup_restore')).toEqual([{ path: '/media/u 盘/QF-09.fqbackup', passphrase: 'right words' }])
})

it.each([
  ['short', '1234567'],
  ['weak', '123456789'],
  ['weak', 'aaaaaaaaaa'],
  ['weak', 'password1'],
  ['fair', 'stone bridge'],
  ['fair', '石桥头下枫柳溪村'],
  ['good', 'stone bridge under maple'],
  ['good', 'Feng7-Qiao!'],
])('%s: %s', (strength, passphrase) => {
  expect(strengthOf(passphrase)).toBe(strength)
})
