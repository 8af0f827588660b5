// The shift without a mouse: open, look up, record, correct what is wrong, leave. The input method never saves or leaves.
import type { Page } from '@playwright/test'
import { expect, test } from '../support/fixtures.ts'
import { registerCsv, registerRows } from '../support/register.ts'

/** Enter and Escape as the input method sends them while composing. */
async function composing(page: Page, key: 'Enter' | 'Escape') {
  await page.evaluate((pressed) => {
    const target = document.activeElement!
    target.dispatchEvent(new CompositionEvent('compositionstart', { bubbles: true }))
    target.dispatchEvent(
      new KeyboardEvent('keydown', { key: pressed, isComposing: true, bubbles: true, cancelable: true }),
    )
    target.dispatchEvent(new CompositionEvent('compositionend', { bubbles: true }))
  }, key)
}
const visits = { household: null, cell: null, after: null, limit: 5 }

test('a visit is recorded by keyboard alone, and everything wrong is told at once', async ({ page, laptops }) => {
  const rows = registerRows(6)
  const laptop = await laptops.of('first')
  await laptop.import('register.csv', registerCsv(rows))
  await laptop.open(page, '/today')
  await page.getByRole('navigation').first().waitFor()

  await page.keyboard.press('Alt+1')
  await expect(page.getByRole('heading', { name: '登记走访' })).toBeVisible()
  const home = page.getByRole('combobox', { name: '住户' })
  await expect(home).toBeFocused()
  await page.keyboard.press('Control+s')
  await expect(page.getByText('先找到住户')).toBeVisible()
  await expect(page.getByText('还有 1 项要改')).toBeVisible()
  await expect(home).toBeFocused()

  await page.keyboard.type(rows[0]!.name)
  await expect(page.getByRole('option').first()).toBeVisible()
  await page.keyboard.press('Enter')
  await expect(page.getByText('先找到住户')).toHaveCount(0)
  await page.getByLabel('走访记事').focus()
  await page.keyboard.type('核对人口，一致。')
  await composing(page, 'Enter')
  await composing(page, 'Escape')
  await expect(page.getByRole('heading', { name: '登记走访' })).toBeVisible()
  expect((await laptop.call<{ rows: unknown[] }>('visit_list', visits)).rows).toHaveLength(0)

  await page.keyboard.press('Control+s')
  await expect(page.getByText('核对人口，一致。')).toBeVisible()
  expect((await laptop.call<{ rows: unknown[] }>('visit_list', visits)).rows).toHaveLength(1)
})

test('a household form tells every wrong field at once, with the cursor in the first', async ({ page, laptops }) => {
  const laptop = await laptops.of('first')
  await laptop.open(page, '/people/household/new')
  await page.getByLabel('证件号码').fill('330681199003071230')
  await page.getByLabel('手机').fill('1380000512')
  await page.keyboard.press('Control+s')
  const wrong = page.locator('.sheet .bad')
  await expect(wrong).toHaveCount(5)
  await expect(wrong.first()).toHaveText('先选村（社区）')
  await expect(page.getByText('「证件号码」校验位不对，应是 3')).toBeVisible()
  await expect(page.getByText('「手机」不是电话号码')).toBeVisible()
  await page.getByLabel('手机').fill('13800005127')
  await expect(wrong).toHaveCount(4)
})

test('a covered number is reached by Tab and read after its reason, without the mouse', async ({ page, laptops }) => {
  const [head] = registerRows(1)
  const laptop = await laptops.of('first')
  await laptop.import('register.csv', registerCsv(registerRows(1)))
  const ask = {
    cell: null,
    village: null,
    kind: null,
    not_visited_since_on: null,
    order: 'members',
    after: null,
    limit: 1,
  }
  const { rows } = await laptop.call<{ rows: { document: string }[] }>('household_list', ask)
  await laptop.open(page, `/people/household/${rows[0]!.document}`)
  // the page is drawn again when the list beside it has come: until then the focus may be lost
  await expect(async () => {
    await page.getByRole('link', { name: head!.name, exact: true }).focus()
    await page.keyboard.press('Tab')
    await expect(page.locator(':focus')).toHaveAccessibleName('查看证件号码', { timeout: 1_000 })
  }).toPass()
  await expect(page.locator(':focus')).toHaveCSS('opacity', '1')
  await page.keyboard.press('Enter')
  await page.keyboard.type('核对户口簿')
  await page.keyboard.press('Enter')
  await expect(page.getByText(head!.idNumber)).toBeVisible()
})

test('every room is reached by keyboard and shows where the focus is', async ({ page, laptops }) => {
  const laptop = await laptops.of('first')
  await laptop.import('register.csv', registerCsv(registerRows(6)))
  await laptop.open(page, '/today')
  const rail = page.getByRole('navigation').first()
  await rail.waitFor()
  const rooms = await rail.getByRole('link').count()
  for (let room = 0; room < rooms; room++) {
    const link = rail.getByRole('link').nth(room)
    await link.focus()
    await page.keyboard.press('Enter')
    await expect(link).toHaveAttribute('aria-current', /.+/)
    await page.keyboard.press('Tab')
    const ring = await page.evaluate(() => {
      const style = getComputedStyle(document.activeElement!)
      const within = document.activeElement!.querySelector('.is-current')
      return style.outlineStyle !== 'none' || (within !== null && getComputedStyle(within).outlineStyle !== 'none')
    })
    expect(ring, `focus ring in room ${room}`).toBe(true)
  }
})
