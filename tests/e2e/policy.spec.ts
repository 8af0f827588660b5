// The loopback host and the screens together: a strict content policy that nothing of ours breaks.
import { expect, test } from '../support/fixtures.ts'

test('the screens load and work without breaking the content policy', async ({ page, laptops }) => {
  const breaches: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error') breaches.push(message.text())
  })
  page.on('pageerror', (error) => breaches.push(error.message))
  const laptop = await laptops.of('first')
  await laptop.open(page)
  await expect(page.getByRole('navigation').first()).toBeVisible()
  expect(breaches).toEqual([])
})

test('an address without the token shows that the laptop cannot be reached', async ({ page, laptops }) => {
  const laptop = await laptops.fresh()
  await page.goto(laptop.origin)
  await expect(page.locator('body')).not.toBeEmpty()
  await expect(page.getByLabel('登记码')).toHaveCount(0)
})
