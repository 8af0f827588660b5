// Step 2 of the shift: an officer enrols a laptop from the file, with no network.
import { expect, test } from '../support/fixtures.ts'
import { PASSPHRASE } from '../support/laptop.ts'

test('an officer enrols a new laptop from his file with the station out of reach', async ({
  page,
  station,
  laptops,
  picture,
  accessible,
}) => {
  const enrolment = station.enrol('first')
  await station.stop()
  const laptop = await laptops.fresh()
  await laptop.open(page)
  await expect(page.getByRole('heading', { name: '登记这台电脑' })).toBeVisible()
  await picture('enrol_zh')
  await accessible()
  await page.locator('input[type=file]').setInputFiles(enrolment.file)
  await page.getByLabel('登记码').fill(enrolment.code)
  await page.getByLabel('新口令').fill(PASSPHRASE)
  await page.getByLabel('再写一遍').fill(PASSPHRASE)
  await page.getByRole('button', { name: '登记', exact: true }).click()
  // two key derivations of 256 MiB each
  await expect(page.getByRole('navigation').first()).toBeVisible({ timeout: 60_000 })
  expect((await laptop.call('session_status')).state).toBe('unlocked')
})

test('a wrong code is said in words and the laptop stays empty', async ({ page, station, laptops }) => {
  const enrolment = station.enrol('first')
  const laptop = await laptops.fresh()
  await laptop.open(page)
  await page.locator('input[type=file]').setInputFiles(enrolment.file)
  await page.getByLabel('登记码').fill('AAAA-BBBB-CCCC-DDDD')
  await page.getByLabel('新口令').fill(PASSPHRASE)
  await page.getByLabel('再写一遍').fill(PASSPHRASE)
  await page.getByRole('button', { name: '登记', exact: true }).click()
  await expect(page.getByRole('alert').first()).toBeVisible()
  expect((await laptop.call('session_status')).state).toBe('empty')
})

test('a laptop asks for the passphrase after it was closed and opens with the right one only', async ({
  page,
  laptops,
  picture,
}) => {
  const laptop = await laptops.of('first')
  await laptop.close()
  await laptop.resume()
  await laptop.open(page)
  await picture('unlock_zh')
  await page.getByLabel('口令', { exact: true }).fill('not this one')
  await page.getByRole('button', { name: '解锁', exact: true }).click()
  await expect(page.getByRole('alert').first()).toBeVisible()
  await page.getByLabel('口令', { exact: true }).fill(PASSPHRASE)
  await page.getByRole('button', { name: '解锁', exact: true }).click()
  await expect(page.getByRole('navigation').first()).toBeVisible({ timeout: 60_000 })
})
