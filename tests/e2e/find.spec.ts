// Step 4 of the shift: one box finds a household by name, pinyin, initials, ends of numbers, its village and address words.
import { expect, test } from '../support/fixtures.ts'
import { registerCsv, registerRows } from '../support/register.ts'

test('one box finds a person by name, pinyin, initials, ends of numbers, and opens the household', async ({
  page,
  laptops,
  picture,
  accessible,
}) => {
  const rows = registerRows(60)
  const laptop = await laptops.of('first')
  await laptop.sync()
  await laptop.import('register.csv', registerCsv(rows))
  const who = rows[0]!
  type Found = { groups: { kind: string; hits: { title: string }[] }[] }
  const found = async (query: string) =>
    (await laptop.call<Found>('search', { query, limit: 20 })).groups.flatMap((group) => group.hits).length
  const place = `${who.group}${who.plate}`
  const villages = [who.village, `${who.village} ${place}`, `${who.village}${place}`, 'fengyuan', `fyc ${place}`]
  for (const query of [who.name, who.idNumber.slice(-6), who.phone.slice(-5), place, ...villages]) {
    expect(await found(query), query).toBeGreaterThan(0)
  }
  expect(await found('没有这个人也没有这个地方')).toBe(0)

  await laptop.open(page, '/people')
  await page.keyboard.press('Control+k')
  const box = page.getByRole('combobox', { name: '全库查找' })
  await expect(box).toBeFocused()
  await box.fill(who.idNumber.slice(-6))
  await expect(page.getByRole('option').first()).toBeVisible()
  await picture('search_hits_zh')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: who.name }).first()).toBeVisible()
  await laptop.open(page, '/people')
  await page.getByRole('grid').first().waitFor()
  await picture('people_zh')
  await accessible()
})

test('the list holds many rows, few of them in the page, and the keyboard walks it', async ({ page, laptops }) => {
  const laptop = await laptops.of('first')
  await laptop.sync()
  await laptop.import('register.csv', registerCsv(registerRows(400)))
  await laptop.open(page, '/people')
  const grid = page.getByRole('grid').first()
  await expect(grid.getByRole('row').nth(2)).toBeVisible()
  await grid.focus()
  for (let press = 0; press < 8; press++) await page.keyboard.press('PageDown')
  await expect.poll(() => grid.getByRole('row').count()).toBeLessThanOrEqual(61)
  const label = await grid.getAttribute('aria-rowcount')
  expect(Number(label)).toBeGreaterThanOrEqual(400)
})
