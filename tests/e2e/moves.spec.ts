// A household moves to a cell the officer does not hold: asked once with what goes along, gone here, whole at the chief's.
// The chief erases it: asked once with the reason, gone, and only who, when and why is left.
import { expect, test } from '../support/fixtures.ts'
import { registerCsv, registerRows } from '../support/register.ts'

const everyHome = {
  cell: null,
  village: null,
  kind: null,
  not_visited_since_on: null,
  order: 'address',
  after: null,
  limit: 5,
}
interface Homes {
  rows: { document: string; head_name: string }[]
}

test('a household moves to another cell, and the chief erases it', async ({ page, laptops, picture, accessible }) => {
  const officer = await laptops.of('first')
  await officer.import('register.csv', registerCsv(registerRows(3)))
  expect((await officer.sync()).outcome).toBe('complete')
  const home = (await officer.call<Homes>('household_list', everyHome)).rows[0]!

  await officer.open(page, `/people/household/${home.document}`)
  await page.locator('[data-move]').click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('网格代码').fill('QF-02')
  await dialog.getByLabel('为什么').fill('全家搬到石桥村')
  await expect(dialog.getByText(/一起过去 \d+ 条/)).toBeVisible()
  await picture('move_zh')
  await accessible()
  await dialog.getByRole('button', { name: '移过去' }).click()
  await expect(page.getByText(/已移 \d+ 条/)).toBeVisible()
  expect((await officer.call<Homes>('household_list', everyHome)).rows.map((row) => row.document)).not.toContain(
    home.document,
  )
  expect((await officer.sync()).outcome).toBe('complete')

  const chief = await laptops.of('chief')
  expect((await chief.sync()).outcome).toBe('complete')
  await chief.open(page, `/people/household/${home.document}`)
  await expect(page.getByText('青枫二格').first()).toBeVisible()
  await page.locator('[data-erase]').click()
  await dialog.getByRole('combobox', { name: '为什么' }).click()
  await page.keyboard.press('End')
  await page.keyboard.press('Enter')
  await picture('erase_zh')
  await dialog.getByRole('button', { name: '清除，不能恢复' }).click()
  await expect(page.getByText(/已清除 \d+ 条/)).toBeVisible()
  await chief.open(page, '/sync')
  await expect(page.getByRole('heading', { name: '清除过的' })).toBeVisible()
  await picture('sync_moved_zh')
})
