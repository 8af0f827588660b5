// Step 3 of the shift: a village register, tried first, then imported; bad rows with their reasons.
import { expect, test } from '../support/fixtures.ts'
import { registerCsv, registerRows } from '../support/register.ts'

test('a register is tried, bad rows are named with their reasons, then it is imported', async ({
  page,
  laptops,
  picture,
  accessible,
}) => {
  const rows = registerRows(40)
  const good = rows.length
  const first = rows[0]!
  const wrongCheck = first.idNumber.slice(0, 17) + (first.idNumber.endsWith('0') ? '1' : '0')
  rows.push(
    { ...first, name: '校验位错', idNumber: wrongCheck, household: 'X1' },
    { ...first, name: '重复的人', household: 'X2' },
    { ...rows[3]!, name: '网格错', idNumber: '', household: 'X3', cell: 'ZZ-99' },
  )
  const laptop = await laptops.of('first')
  await laptop.sync()
  await laptop.open(page, '/people/import')
  await page.locator('input[type=file]').setInputFiles({
    name: 'register.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from(registerCsv(rows)),
  })
  await expect(page.getByText('公民身份号码').first()).toBeVisible()
  await picture('import_columns_zh')
  await page.getByRole('button', { name: '试导入' }).first().click()
  await expect(page.locator('[data-figure=residents]')).toContainText(String(good))
  await expect(page.locator('[data-figure=rejected]')).toContainText('3')
  await expect(page.getByText('证件号校验位不对').first()).toBeVisible()
  await expect(page.getByText('没有「ZZ-99」这个网格').first()).toBeVisible()
  await picture('import_tried_zh')
  await accessible()
  await page.getByRole('button', { name: `导入 ${good} 人` }).click()
  await expect(page.getByText('导入完成，已存本机')).toBeVisible()
  await expect(page.locator('[data-result=residents]')).toContainText(String(good))
  await picture('import_done_zh')
})

test('a file that is no register says so and nothing is written', async ({ page, laptops }) => {
  const laptop = await laptops.of('first')
  await laptop.sync()
  await laptop.open(page, '/people/import')
  await page.locator('input[type=file]').setInputFiles({
    name: 'picture.xlsx',
    mimeType: 'application/octet-stream',
    buffer: Buffer.from('not a workbook at all'),
  })
  await expect(page.getByRole('alert').first()).toBeVisible()
  const count = await laptop.call<{ count: number }>('resident_count', everyResident)
  expect(count.count).toBe(0)
})

const everyResident = { cell: null, village: null, kind: null, order: 'name', after: null, limit: 1 }
