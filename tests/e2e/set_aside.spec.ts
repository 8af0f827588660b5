// What the station does not take stays on the laptop and is told: never a green light over work that was refused.
import { expect, test } from '../support/fixtures.ts'
import { registerCsv, registerRows } from '../support/register.ts'

test('what a revoked laptop wrote is told as set aside, and that the laptop is out of use', async ({
  page,
  station,
  laptops,
  picture,
  accessible,
}) => {
  const laptop = await laptops.of('first')
  await laptop.import('register.csv', registerCsv(registerRows(3)))
  expect((await laptop.sync()).outcome).toBe('complete')
  const homes = await laptop.call<{ rows: { document: string }[] }>('household_list', everyHome)
  const home = homes.rows[0]!.document
  const { heads } = await laptop.call<{ heads: string[] }>('household_open', { document: home })
  await laptop.call('household_save', { document: home, heads, fields: { notes: '门口新装了充电桩' } })
  station.tell('replica', 'revoke', laptop.replica, '--reason', 'lost')
  await laptop.sync()

  await laptop.open(page, '/sync')
  await expect(page.getByRole('heading', { name: '派出所已收 24 条，搁置 1 条' })).toBeVisible()
  await expect(page.locator('[data-place=aside] b')).toHaveText('1')
  await expect(page.getByText(/这台电脑已经停用|派出所已停用这台电脑/).first()).toBeVisible()
  await picture('set_aside_zh')
  await accessible()
})

const everyHome = {
  cell: null,
  village: null,
  kind: null,
  not_visited_since_on: null,
  order: 'address',
  after: null,
  limit: 3,
}
