// A correction arrives while a form on the same record is open: the form stays as it is under the officer's hands, saving
// keeps both values, and the conflict is settled by keyboard from where it is told.
import { expect, test } from '../support/fixtures.ts'
import { registerCsv, registerRows } from '../support/register.ts'

const residents = { cell: null, village: null, kind: null, order: 'name', after: null, limit: 1 }

test('typing over a correction that arrived meanwhile loses neither value, and is settled by keyboard', async ({
  page,
  laptops,
}) => {
  const one = await laptops.of('first')
  await one.import('register.csv', registerCsv(registerRows(3)))
  expect((await one.sync()).outcome).toBe('complete')
  const two = await laptops.of('second')
  expect((await two.sync()).outcome).toBe('complete')
  const { document } = (await one.call<{ rows: { document: string }[] }>('resident_list', residents)).rows[0]!

  await one.open(page, `/people/resident/${document}/edit`)
  const employer = page.getByLabel('服务处所')
  await employer.fill('青枫小学')

  const { heads } = await two.call<{ heads: string[] }>('resident_open', { document })
  await two.call('resident_save', { document, heads, fields: { employer: '石桥卫生所' } })
  await two.sync()
  expect((await one.sync()).fetched).toBeGreaterThan(0)
  await expect(employer).toHaveValue('青枫小学')

  await employer.press('Control+s')
  await expect(page.getByText('写得不一样，两边都留着：服务处所')).toBeVisible()
  await page.getByRole('link', { name: '去定下' }).focus()
  await page.keyboard.press('Enter')
  await expect(page.locator('[data-field=employer]')).toContainText('青枫小学')
  await expect(page.locator('[data-field=employer]')).toContainText('石桥卫生所')
  await page.locator('.card').focus()
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('Control+s')
  await expect(page.getByText('没有待定的冲突')).toBeVisible()

  await one.sync()
  await two.sync()
  type Page = { fields: { key: string; value: unknown }[]; conflicts: string[] }
  const ended = await Promise.all([one, two].map((laptop) => laptop.call<Page>('resident_open', { document })))
  const value = (at: Page) => at.fields.find((field) => field.key === 'employer')?.value
  expect(ended.map((at) => at.conflicts)).toEqual([[], []])
  expect(['青枫小学', '石桥卫生所']).toContain(value(ended[0]!))
  expect(value(ended[1]!)).toBe(value(ended[0]!))
})
