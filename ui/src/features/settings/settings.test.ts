import { flushPromises } from '@vue/test-utils'
import { expect, it, vi } from 'vitest'
import { refuse, setUpHost, type Answers } from '../../../tests/host'
import BackupPart from './BackupPart.vue'
import CheckData from './CheckData.vue'
import LockPart from './LockPart.vue'
import LookPart from './LookPart.vue'

const kept = { language: 'zh', theme: 'light', zoom_percent: 100, auto_lock_minutes: 10 }

function setUp(answers: Answers = {}) {
  const host = setUpHost({ settings_get: () => kept, settings_set: (settings) => settings, ...answers })
  const button = (screen: ReturnType<typeof host.mount>, text: string) =>
    screen.findAll('button').find((one) => one.text().includes(text))
  return { host, button }
}

it('a theme is worn at once and kept', async () => {
  const { host, button } = setUp()
  const screen = host.mount(LookPart)
  await flushPromises()
  await button(screen, '暗')?.trigger('click')
  await flushPromises()
  expect(document.documentElement.dataset.theme).toBe('dark')
  expect(host.payloads('settings_set')).toEqual([{ ...kept, theme: 'dark' }])
})

it('a setting that could not be kept is taken off again', async () => {
  const { host, button } = setUp({ settings_set: () => refuse('disk_full', 'unavailable') })
  const screen = host.mount(LookPart)
  await flushPromises()
  await button(screen, '暗')?.trigger('click')
  await flushPromises()
  expect(document.documentElement.dataset.theme).toBe('light')
})

it('a passphrase is changed only when both are the same', async () => {
  const { host, button } = setUp({ passphrase_change: () => ({}) })
  const screen = host.mount(LockPart)
  await flushPromises()
  const [old, first, second] = screen.findAll('input[type=password]')
  await old?.setValue('old words here')
  await first?.setValue('stone bridge')
  await second?.setValue('stone bridg')
  await button(screen, '换口令')?.trigger('click')
  expect(host.payloads('passphrase_change')).toEqual([])
  expect(screen.text()).toContain('两遍不一样')
  await second?.setValue('stone bridge')
  await button(screen, '换口令')?.trigger('click')
  await flushPromises()
  expect(host.payloads('passphrase_change')).toEqual([{ old: 'old words here', new: 'stone bridge' }])
  expect(
    screen.findAll('input[type=password]').every((input) => (input.element as HTMLInputElement).value === ''),
  ).toBe(true)
})

it('a backup says where it is and that it was read back', async () => {
  const made = { path: '/data/backups/a.fqbackup', bytes: 2048, entries: 37, at: Date.now() }
  const { host, button } = setUp({ backup_make: () => made })
  const screen = host.mount(BackupPart)
  await button(screen, '做备份')?.trigger('click')
  await flushPromises()
  expect(host.payloads('backup_make')).toEqual([{ folder: null }])
  expect(screen.text()).toContain('已备份并核对')
  expect(screen.text()).toContain('/data/backups/a.fqbackup')
})

it('checking shows how far it is, can be stopped, and says what it found', async () => {
  vi.spyOn(Date, 'now').mockReturnValue(0)
  const found = { entries: 37, documents: 12, rows: 40, differences: 0, integrity_ok: true }
  const { host, button } = setUp({
    data_check: () => ({ job: 'j1' }),
    job_cancel: () => ({}),
    data_checked: () => found,
  })
  const screen = host.mount(CheckData)
  await button(screen, '检查数据')?.trigger('click')
  await flushPromises()
  host.tell({ type: 'progress', job: 'j1', stage: 'entries', done: 5, total: 37, state: 'running' })
  await flushPromises()
  expect(screen.get('[role=progressbar]').attributes('aria-valuenow')).toBe('5')
  await button(screen, '停止')?.trigger('click')
  expect(host.payloads('job_cancel')).toEqual([{ job: 'j1' }])
  host.tell({ type: 'progress', job: 'j1', stage: 'entries', done: 37, total: 37, state: 'finished' })
  await flushPromises()
  expect(screen.text()).toContain('数据完好')
  expect(screen.text()).toContain('核对 37 条改动')
})
