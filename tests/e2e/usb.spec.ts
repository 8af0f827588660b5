// There and back on a stick: what an officer wrote reaches the station with no network, receipts and others' work come back.
import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '../support/fixtures.ts'
import { registerCsv, registerRows } from '../support/register.ts'

test('USB there and back: the shift goes to the station on a stick, the receipts come back by it', async ({
  page,
  folder,
  station,
  laptops,
  picture,
  accessible,
}) => {
  const stick = join(folder, 'stick')
  mkdirSync(stick)
  const first = await laptops.of('first')
  const second = await laptops.of('second')
  await first.sync()
  await second.import('register.csv', registerCsv(registerRows(12)))
  await second.sync()
  await station.stop()
  const rows = registerRows(40).slice(30)
  await first.import('mine.csv', registerCsv(rows))
  const unsent = (await first.call<{ unsent: number }>('sync_status')).unsent
  expect(unsent).toBeGreaterThan(10)

  await first.open(page, '/sync')
  await page.getByRole('button', { name: '指定文件夹' }).click()
  const box = page.getByRole('textbox', { name: 'U 盘所在文件夹' })
  await box.fill(stick)
  await page.getByRole('button', { name: '写上 U 盘' }).click()
  // USB is off until the station registers the stick
  await expect(page.getByRole('alert')).toContainText('派出所没有登记这只 U 盘')
  await picture('usb_not_registered_zh')
  station.tell('medium', 'register', '--at', stick, '--label', 'U盘 01')
  await page.getByRole('button', { name: '取回应' }).click()
  await expect(page.getByRole('alert')).toContainText('没有给这台电脑的回应')
  await page.getByRole('button', { name: '写上 U 盘' }).click()
  await expect(page.locator('[data-written]')).toContainText(`已写到「U盘 01」：${unsent} 条`)
  await expect(page.locator('[data-bundle=waits]')).toHaveCount(1)
  await picture('usb_written_zh')
  await accessible()

  const [taken] = station.tell('bundle', 'take', '--from', stick) as unknown as { medium: string }[]
  expect(taken?.medium).toBe('U盘 01')
  expect(readdirSync(join(stick, 'fengqiao')).map((name) => name.split('.').at(-1))).toEqual(['fqback', 'fqout'])

  await page.getByRole('button', { name: '取回应' }).click()
  await expect(page.locator('[data-taken]')).toContainText(`派出所已收 ${unsent} 条`)
  await expect(page.locator('[data-bundle=answered]')).toHaveCount(1)
  await expect(page.locator('[data-place=here] b')).toHaveText('0')
  await picture('usb_answered_zh')
  await accessible()
  // the same answer again is said to have been taken
  await page.getByRole('button', { name: '取回应' }).click()
  await expect(page.getByRole('alert')).toContainText('这份回应已经取过')

  const list = { cell: null, village: null, kind: null, not_visited_since_on: null, order: 'address', after: null }
  const count = async () => (await first.call<{ count: number }>('household_count', { ...list, limit: 1 })).count
  const both = await count()
  await station.serve()
  const run = await first.sync()
  expect([run.outcome, run.received, run.fetched]).toEqual(['complete', 0, 0])
  expect(await count()).toBe(both)
})

test('a laptop that never saw a network has its first sync from a stick', async ({
  page,
  folder,
  station,
  laptops,
  picture,
}) => {
  const stick = join(folder, 'stick')
  mkdirSync(stick)
  station.tell('medium', 'register', '--at', stick, '--label', 'U盘 01')
  const second = await laptops.of('second')
  await second.sync()
  await second.import('register.csv', registerCsv(registerRows(12)))
  await second.sync()
  await station.stop()
  const first = await laptops.of('first')
  await first.call('bundle_write', { folder: stick })
  station.tell('bundle', 'take', '--from', stick)
  await first.open(page, '/sync')
  await page.getByRole('button', { name: '指定文件夹' }).click()
  await page.getByRole('textbox', { name: 'U 盘所在文件夹' }).fill(stick)
  await page.getByRole('button', { name: '取回应' }).click()
  await expect(page.locator('[data-taken]')).toBeVisible()
  await picture('usb_first_sync_zh')
  await first.call('settings_set', { language: 'en', theme: 'dark', zoom_percent: 100, auto_lock_minutes: 30 })
  await first.open(page, '/sync')
  await expect(page.getByText('By USB stick')).toBeVisible()
  await picture('usb_en_dark')
  const found = await first.call<{ groups: unknown[] }>('search', { query: registerRows(1)[0]!.name, limit: 5 })
  expect(found.groups.length).toBeGreaterThan(0)
})
